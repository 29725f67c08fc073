using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>What Salesforce shall show about a contract.</summary>
public static class WriteBackPlanning
{
    private const int LongestMessage = 32_000;

    /// <summary>Values for the opportunity, the customer id for an account that has none, unless Stripe has no such customer any more, and the ids of products created; a pure function of record and deal but for the time.</summary>
    public static ImmutableArray<WriteBack> Of(ContractRecord record, DealSnapshot deal, Instant now)
    {
        var opportunity = new WriteBack(F.Objects.Opportunity, record.OpportunityId, OpportunityFields(record).Add(F.Opportunity.LastSynced, InstantPattern.General.Format(now)));
        bool missing = record.Problems.Any(problem => problem.Code == ProblemCodes.CustomerMissing);
        ImmutableArray<WriteBack> account = record.Billing?.CustomerId is { } customer && !missing && deal.Account is { } named && named.Text(F.Account.StripeCustomerId) is null
            && SalesforceId.TryParse(named.Id, out SalesforceId accountId)
            ? [new(F.Objects.Account, accountId, ImmutableSortedDictionary<string, object?>.Empty.Add(F.Account.StripeCustomerId, customer))]
            : [];
        return [opportunity, .. account, .. Products(record, deal)];
    }

    // What is billed names products: those without an id were created under the one that follows from their own.
    private static IEnumerable<WriteBack> Products(ContractRecord record, DealSnapshot deal) => record is not { State: ContractState.Active, Billing: not null }
        ? []
        : from product in deal.Products
          where product.Text(F.Product.StripeProductId) is null && SalesforceId.TryParse(product.Id, out _)
          let id = SalesforceId.Parse(product.Id)
          select new WriteBack(
              F.Objects.Product, id, ImmutableSortedDictionary<string, object?>.Empty.Add(F.Product.StripeProductId, ProductPlan.IdOf(id.Value)));

    /// <summary>Names the values of the opportunity, without the time: equal hashes mean that nothing is owed.</summary>
    /// <remarks>The account is left out: once it carries the customer id, nothing is written there any more.</remarks>
    public static string Hash(ImmutableArray<WriteBack> writeBacks) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', writeBacks[0].Fields.Where(field => field.Key != F.Opportunity.LastSynced)
            .Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Key}={field.Value}"))))));

    /// <summary>Stored instead of the hash where Salesforce refused the values for good.</summary>
    public static string Refused(string hash) => "refused:" + hash;

    /// <summary>Stored instead of the hash from the moment something must be written until it is; names what asks for it.</summary>
    public static string Owed(string by) => "owed:" + by;

    private static ImmutableSortedDictionary<string, object?> OpportunityFields(ContractRecord record)
    {
        var fields = ImmutableSortedDictionary.CreateBuilder<string, object?>(StringComparer.Ordinal);
        fields[F.Opportunity.SyncStatus] = record.State switch
        {
            ContractState.Active => "Billing active",
            ContractState.Held => "Held",
            ContractState.NeedsApproval => "Needs approval",
            ContractState.Applying => "Waiting",
            _ => "Needs attention",
        };
        fields[F.Opportunity.SyncMessage] = Message(record);
        if (record is { State: ContractState.Active, Plan: { } plan })
        {
            fields[F.Opportunity.ContractVersion] = record.Version;
            AddPlan(fields, plan, record.ProcessedOn);
        }

        if (record.State == ContractState.NeedsApproval)
        {
            // Who approves approves this version.
            fields[F.Opportunity.ContractVersion] = record.Version;
        }

        // Empty ids are not sent: what is known later is written later, and nothing known is wiped.
        // The field is unique: it stands on the opportunity the contract was sold with.
        AddKnown(fields, F.Opportunity.StripeScheduleId, record.Original is null ? record.Billing?.ScheduleId : null);
        AddKnown(fields, F.Opportunity.StripeSubscriptionId, record.Billing?.SubscriptionId);
        AddKnown(fields, F.Opportunity.FirstInvoiceUrl, record.Billing?.FirstInvoiceUrl);
        return fields.ToImmutable();
    }

    private static void AddKnown(ImmutableSortedDictionary<string, object?>.Builder fields, string field, string? value)
    {
        if (value is not null)
        {
            fields[field] = value;
        }
    }

    private static void AddPlan(ImmutableSortedDictionary<string, object?>.Builder fields, string plan, LocalDate? processedOn)
    {
        using JsonDocument json = JsonDocument.Parse(plan);
        Money.Currency currency = Money.Currency.Parse(json.RootElement.GetProperty("currency").GetString()!);
        fields[F.Opportunity.ContractedTotal] = new Money.Amount(json.RootElement.GetProperty("total").GetInt64(), currency).ToMajorUnits();
        string from = processedOn is { } date ? Problems.Text(date) : "";
        AddKnown(fields, F.Opportunity.NextInvoiceDate, json.RootElement.GetProperty("invoices").EnumerateArray()
            .Select(invoice => invoice.GetProperty("date").GetString()!)
            .FirstOrDefault(invoiced => string.CompareOrdinal(invoiced, from) >= 0));
    }

    private static string Message(ContractRecord record)
    {
        string text = record.State switch
        {
            ContractState.Active => string.Join("\n", record.Problems.Select(Line).Prepend("Stripe bills this contract.")),
            ContractState.Held => "Billing is on hold (Hub_Hold_Billing__c).",
            ContractState.Applying => "Billing is being set up.",
            _ => string.Join("\n", record.Problems.Select(Line)),
        };
        return text.Length <= LongestMessage ? text : text[..LongestMessage];
    }

    private static string Line(Problem problem) =>
        $"{(problem.Severity == ProblemSeverity.Note ? "Note, " : "")}{problem.Code}: {problem.Message} {problem.Fix} ({problem.Object} {problem.RecordId}, {problem.Field}: {problem.Value ?? "empty"})";
}
