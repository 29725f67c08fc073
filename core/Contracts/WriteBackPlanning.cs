using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hub.Core.Money;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>What Salesforce shall show about a contract.</summary>
/// <remarks>
/// An opportunity has two parts, each with its own source: what the Hub decided about the contract, and what Stripe's invoices came to.
/// The time of the last sync is in neither: it is set when the values leave.
/// </remarks>
public static class WriteBackPlanning
{
    /// <summary>Part of an opportunity that follows from its invoices.</summary>
    public const string TotalsPart = "totals";

    private const int LongestMessage = 32_000;

    /// <summary>Status, message, version, ids and contracted total of an opportunity.</summary>
    public static WriteBackKey ContractKey(SalesforceId opportunityId) => new(F.Objects.Opportunity, opportunityId.Value, "contract");

    /// <summary>What was invoiced and paid, the first invoice's address, and when the next one is due to be issued.</summary>
    public static WriteBackKey TotalsKey(SalesforceId opportunityId) => new(F.Objects.Opportunity, opportunityId.Value, TotalsPart);

    /// <summary>The id of a product that was created in Stripe on first use.</summary>
    public static WriteBackKey ProductKey(SalesforceId productId) => new(F.Objects.Product, productId.Value, "product");

    public static WriteBackKey CustomerKey(SalesforceId accountId) => new(F.Objects.Account, accountId.Value, "customer");

    /// <summary>What is billed names products: those without an id were created under the one that follows from their own.</summary>
    public static IEnumerable<(SalesforceId Product, ImmutableSortedDictionary<string, object?> Fields)> Products(ContractRecord record, DealSnapshot deal) =>
        record is not { State: ContractState.Active, Billing: not null } ? []
        : from product in deal.Products
          where product.Text(F.Product.StripeProductId) is null && SalesforceId.TryParse(product.Id, out _)
          let id = SalesforceId.Parse(product.Id)
          select (id, ImmutableSortedDictionary<string, object?>.Empty.Add(F.Product.StripeProductId, ProductPlan.IdOf(id.Value)));

    /// <summary>A pure function of the record.</summary>
    public static ImmutableSortedDictionary<string, object?> Contract(ContractRecord record)
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
            using JsonDocument json = JsonDocument.Parse(plan);
            fields[F.Opportunity.ContractVersion] = record.Version;
            fields[F.Opportunity.ContractedTotal] = new Amount(json.RootElement.GetProperty("total").GetInt64(), CurrencyOf(json)).ToMajorUnits();
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
        return fields.ToImmutable();
    }

    /// <summary>
    /// Invoiced is Σ totals of finalised invoices that are not void, less their credit notes; paid is what was paid on them; the next invoice is
    /// the first planned one after the last that Stripe made, or of the whole plan from the processing date on. Independent of the order of invoices.
    /// </summary>
    /// <param name="record">Null for a contract the Hub has no record of.</param>
    /// <returns>Null when neither plan nor invoice says in which currency.</returns>
    public static ImmutableSortedDictionary<string, object?>? Totals(ContractRecord? record, ImmutableArray<IssuedInvoice> invoices)
    {
        using JsonDocument? plan = record?.Plan is { } text ? JsonDocument.Parse(text) : null;
        Currency? known = plan is not null ? CurrencyOf(plan) : invoices.IsEmpty ? null : invoices.MinBy(invoice => (invoice.CreatedAt, invoice.Id))!.Currency;
        if (known is not { } currency)
        {
            return null;
        }

        // An invoice in another currency is somebody's mistake, for reconciliation to report; adding it up would hide it.
        IssuedInvoice[] own = [.. invoices.Where(invoice => invoice.Currency == currency)];
        IssuedInvoice[] standing = [.. own.Where(invoice => invoice is { FinalizedAt: not null, IsVoid: false }).OrderBy(invoice => (invoice.FinalizedAt, invoice.Id))];
        var fields = ImmutableSortedDictionary.CreateBuilder<string, object?>(StringComparer.Ordinal);
        fields[F.Opportunity.InvoicedTotal] = new Amount(standing.Sum(invoice => invoice.Total - invoice.Credited), currency).ToMajorUnits();
        fields[F.Opportunity.PaidTotal] = new Amount(standing.Sum(invoice => invoice.Paid), currency).ToMajorUnits();
        AddKnown(fields, F.Opportunity.FirstInvoiceUrl, standing.Select(invoice => invoice.Url).FirstOrDefault(url => url is not null) ?? record?.Billing?.FirstInvoiceUrl);
        if (plan is not null)
        {
            fields[F.Opportunity.NextInvoiceDate] = Next(plan, record!.ProcessedOn, own);
        }

        return fields.ToImmutable();
    }

    /// <summary>Names values: equal hashes mean that there is nothing new to show.</summary>
    public static string Hash(ImmutableSortedDictionary<string, object?> fields) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Key}={field.Value}"))))));

    /// <summary>The account's customer id, where Salesforce has none and Stripe still has that customer; else null.</summary>
    /// <remarks>The account that was billed, or the one it was merged into: under that one the contract is active. One to which a person moved the opportunity is a stranger.</remarks>
    public static (SalesforceId Account, ImmutableSortedDictionary<string, object?> Fields)? Customer(ContractRecord record, DealSnapshot deal)
    {
        bool missing = record.Problems.Any(problem => problem.Code == ProblemCodes.CustomerMissing);
        return record.Billing?.CustomerId is { } customer && !missing && deal.Account is { } account && account.Text(F.Account.StripeCustomerId) is null
            && SalesforceId.TryParse(account.Id, out SalesforceId accountId) && (record.State == ContractState.Active || record.BilledAccount is not { } billed || billed == accountId)
            ? (accountId, ImmutableSortedDictionary.Create<string, object?>(StringComparer.Ordinal).Add(F.Account.StripeCustomerId, customer))
            : null;
    }

    private static Currency CurrencyOf(JsonDocument plan) => Currency.Parse(plan.RootElement.GetProperty("currency").GetString()!);

    // Dates as text compare as dates do; Stripe's dates are UTC (C1, C4).
    private static string? Next(JsonDocument plan, LocalDate? processedOn, IssuedInvoice[] invoices)
    {
        string? last = invoices.Length == 0 ? null : Problems.Text(invoices.Max(invoice => invoice.CreatedAt).InUtc().Date);
        string from = processedOn is { } date ? Problems.Text(date) : "";
        return plan.RootElement.GetProperty("invoices").EnumerateArray()
            .Select(invoice => invoice.GetProperty("date").GetString()!)
            .Where(planned => last is null ? string.CompareOrdinal(planned, from) >= 0 : string.CompareOrdinal(planned, last) > 0)
            .Min(StringComparer.Ordinal);
    }

    private static void AddKnown(ImmutableSortedDictionary<string, object?>.Builder fields, string field, string? value)
    {
        if (value is not null)
        {
            fields[field] = value;
        }
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
