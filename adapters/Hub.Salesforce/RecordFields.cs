using System.Collections.Frozen;
using System.Collections.Immutable;
using Hub.Core.Contracts;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Salesforce;

/// <summary>Which fields the Hub asks for: those the rules read (<see cref="DealFields"/>) and those that say what became of a record.</summary>
internal static class RecordFields
{
    public const string IsDeleted = "IsDeleted";
    public const string LastModifiedById = "LastModifiedById";

    private static readonly FrozenDictionary<string, ImmutableArray<string>> Lifecycle = new Dictionary<string, ImmutableArray<string>>
    {
        [F.Objects.Opportunity] =
            ["Name", IsDeleted, LastModifiedById, F.Opportunity.SyncStatus, F.Opportunity.StripeScheduleId, F.Opportunity.StripeSubscriptionId, F.Opportunity.ContractVersion],
        [F.Objects.Line] = [IsDeleted],
        [F.Objects.Account] = [IsDeleted, "MasterRecordId"],
    }.ToFrozenDictionary();

    /// <summary>Objects whose records carry a currency where the org has several.</summary>
    public static readonly FrozenSet<string> WithCurrency = FrozenSet.Create(F.Objects.Opportunity, F.Objects.Line, F.Objects.PricebookEntry);

    /// <summary>Everything the Hub would like to read, by object.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> Wanted = DealFields.ByObject.ToFrozenDictionary(
        entry => entry.Key, entry => entry.Value.AddRange(Lifecycle.GetValueOrDefault(entry.Key, [])));

    /// <summary>Fields without which no deal can be judged: they stay in every query, so that a missing one is a refusal and never reads as empty.</summary>
    /// <remarks>Narrower than "not of a feature": a phone number the integration user may not see is no reason to stop billing.</remarks>
    public static readonly FrozenDictionary<string, FrozenSet<string>> Required = new Dictionary<string, FrozenSet<string>>
    {
        [F.Objects.Opportunity] = FrozenSet.Create(
            F.Id, F.SystemModstamp, F.Opportunity.IsWon, F.Opportunity.Amount, F.Opportunity.AccountId, F.Opportunity.DealType,
            F.Opportunity.ContractStart, F.Opportunity.TermMonths, F.Opportunity.BillingFrequency, F.Opportunity.PaymentTerms,
            F.Opportunity.BillingContact, F.Opportunity.SyncStatus),
        [F.Objects.Line] = FrozenSet.Create(
            F.Id, F.Line.OpportunityId, F.Line.ProductId, F.Line.PricebookEntryId, F.Line.Quantity, F.Line.UnitPrice, F.Line.TotalPrice, F.Line.PriceBasis),
        [F.Objects.Account] = FrozenSet.Create(F.Id, F.Account.Name, F.Account.StripeCustomerId),
        [F.Objects.Contact] = FrozenSet.Create(F.Id, F.Contact.Email),
        [F.Objects.Product] = FrozenSet.Create(F.Id, F.Product.IsActive, F.Product.StripeProductId, F.Product.ChargeType),
        [F.Objects.PricebookEntry] = FrozenSet.Create(F.Id, F.PricebookEntry.UnitPrice, F.PricebookEntry.StripePriceId),
        [F.Objects.Contract] = FrozenSet.Create(F.Id, F.Contract.StartDate, F.Contract.ContractTerm, F.Contract.EndDate),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, ImmutableArray<string>> WantedWithQuotes = With(
        Wanted, DealFields.OfQuotes, (fields, more) => fields.AddRange(more), more => more.Add(IsDeleted));

    // A discount or a price that is hidden would read as another one; a service date is compared where it can be read.
    private static readonly FrozenDictionary<string, FrozenSet<string>> RequiredWithQuotes = With(
        Required, DealFields.OfQuotes, (fields, more) => [.. fields, .. more], more => more.Remove(F.QuoteLine.ServiceDate).ToFrozenSet());

    /// <summary><see cref="Wanted"/> and <see cref="Required"/> of an org with or without quotes.</summary>
    public static (FrozenDictionary<string, ImmutableArray<string>> Wanted, FrozenDictionary<string, FrozenSet<string>> Required) Of(bool quotes) =>
        quotes ? (WantedWithQuotes, RequiredWithQuotes) : (Wanted, Required);

    private static FrozenDictionary<string, T> With<T>(
        FrozenDictionary<string, T> fields, ImmutableDictionary<string, ImmutableArray<string>> more, Func<T, ImmutableArray<string>, T> add, Func<ImmutableArray<string>, T> of) =>
        fields.Select(entry => KeyValuePair.Create(entry.Key, more.TryGetValue(entry.Key, out var own) ? add(entry.Value, own) : entry.Value))
            .Concat(more.Where(entry => !fields.ContainsKey(entry.Key)).Select(entry => KeyValuePair.Create(entry.Key, of(entry.Value))))
            .ToFrozenDictionary();
}
