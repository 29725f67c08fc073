using System.Collections.Immutable;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Per object the fields the planning rules read, so that whoever reads deals asks for exactly these.</summary>
/// <remarks>Fields in <see cref="OfAFeature"/> exist only in orgs that use the feature; an org without them plans as if they were empty.</remarks>
public static class DealFields
{
    public static ImmutableArray<string> Opportunity { get; } =
    [
        F.Id, F.SystemModstamp, F.CurrencyIsoCode, F.Opportunity.AccountId, F.Opportunity.ContractId, F.Opportunity.StageName, F.Opportunity.IsWon,
        F.Opportunity.IsClosed, F.Opportunity.Type, F.Opportunity.DealType, F.Opportunity.CloseDate, F.Opportunity.LastStageChangeDate,
        F.Opportunity.Amount, F.Opportunity.ContractStart, F.Opportunity.ContractEnd, F.Opportunity.TermMonths, F.Opportunity.BillingFrequency,
        F.Opportunity.PaymentTerms, F.Opportunity.CollectionMethod, F.Opportunity.PoNumber, F.Opportunity.BillingContact, F.Opportunity.AutoRenew,
        F.Opportunity.ProrationPolicy, F.Opportunity.CreditPolicy, F.Opportunity.AmendsContract, F.Opportunity.EffectiveDate,
        F.Opportunity.HoldBilling, F.Opportunity.FreeMonths, F.Opportunity.ApprovedBy, F.Opportunity.ApprovedAt, F.Opportunity.ApprovedVersion,
        F.Opportunity.NoticeDays,
    ];

    public static ImmutableArray<string> Line { get; } =
    [
        F.Id, F.SystemModstamp, F.CurrencyIsoCode, F.Line.OpportunityId, F.Line.ProductId, F.Line.PricebookEntryId, F.Line.ProductCode, F.Line.Quantity,
        F.Line.UnitPrice, F.Line.ListPrice, F.Line.Discount, F.Line.TotalPrice, F.Line.ServiceDate, F.Line.Description, F.Line.PriceBasis,
        F.Line.ChargeType, F.Line.BillingFrequency, F.Line.ShowDiscount, F.Line.DiscountMonths, F.Line.DiscountAmount, F.Line.LineStart, F.Line.LineEnd,
        F.Line.PriceTiers, F.Line.TiersMode,
    ];

    public static ImmutableArray<string> Account { get; } =
    [
        F.Id, F.SystemModstamp, F.Account.Name, F.Account.Phone, F.Account.ParentId, F.Account.BillingStreet, F.Account.BillingCity,
        F.Account.BillingState, F.Account.BillingPostalCode, F.Account.BillingCountry, F.Account.StripeCustomerId, F.Account.TaxId,
        F.Account.TaxIdType, F.Account.TaxExempt, F.Account.TaxRateId, F.Account.BillingLanguage, F.Account.NewStripeCustomer, F.Account.BillParent,
    ];

    public static ImmutableArray<string> Contact { get; } = [F.Id, F.SystemModstamp, F.Contact.Name, F.Contact.Email];

    public static ImmutableArray<string> Product { get; } =
    [
        F.Id, F.SystemModstamp, F.Product.Name, F.Product.ProductCode, F.Product.IsActive, F.Product.ChargeType, F.Product.StripeProductId,
        F.Product.TaxCode, F.Product.MeterId, F.Product.Description, F.Product.UnitOfMeasure,
    ];

    public static ImmutableArray<string> PricebookEntry { get; } =
    [
        F.Id, F.SystemModstamp, F.CurrencyIsoCode, F.PricebookEntry.ProductId, F.PricebookEntry.UnitPrice, F.PricebookEntry.StripePriceId,
    ];

    public static ImmutableArray<string> Contract { get; } =
        [F.Id, F.SystemModstamp, F.Contract.StartDate, F.Contract.ContractTerm, F.Contract.EndDate];

    /// <summary>Fields, by object, that only orgs with quotes have; they are read where the Hub is told that this org has them.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> OfQuotes { get; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty
            .Add(F.Objects.Opportunity, [F.Opportunity.SyncedQuoteId])
            .Add(F.Objects.Quote, [F.Id, F.SystemModstamp, F.Quote.OpportunityId, F.Quote.QuoteNumber])
            .Add(F.Objects.QuoteLine, [
                F.Id, F.SystemModstamp, F.QuoteLine.QuoteId, F.QuoteLine.ProductId, F.QuoteLine.PricebookEntryId, F.QuoteLine.Quantity, F.QuoteLine.UnitPrice,
                F.QuoteLine.Discount, F.QuoteLine.ServiceDate,
            ]);

    /// <summary>Fields an org may do without, by object.</summary>
    public static ImmutableDictionary<string, ImmutableHashSet<string>> OfAFeature { get; } =
        ImmutableDictionary<string, ImmutableHashSet<string>>.Empty
            .Add(F.Objects.Opportunity, [
                F.CurrencyIsoCode, F.Opportunity.ContractId, F.Opportunity.ContractEnd, F.Opportunity.CollectionMethod, F.Opportunity.PoNumber,
                F.Opportunity.AutoRenew, F.Opportunity.ProrationPolicy, F.Opportunity.CreditPolicy, F.Opportunity.AmendsContract,
                F.Opportunity.EffectiveDate, F.Opportunity.HoldBilling, F.Opportunity.FreeMonths, F.Opportunity.ApprovedBy, F.Opportunity.ApprovedAt,
                F.Opportunity.ApprovedVersion,
                F.Opportunity.NoticeDays,
            ])
            .Add(F.Objects.Line, [
                F.CurrencyIsoCode, F.Line.ChargeType, F.Line.BillingFrequency, F.Line.ShowDiscount, F.Line.DiscountMonths, F.Line.DiscountAmount, F.Line.LineStart,
                F.Line.LineEnd, F.Line.PriceTiers, F.Line.TiersMode,
            ])
            .Add(F.Objects.Account, [
                F.Account.TaxId, F.Account.TaxIdType, F.Account.TaxExempt, F.Account.TaxRateId, F.Account.BillingLanguage, F.Account.NewStripeCustomer, F.Account.BillParent,
            ])
            .Add(F.Objects.Product, [F.Product.TaxCode, F.Product.MeterId, F.Product.Description, F.Product.UnitOfMeasure])
            .Add(F.Objects.PricebookEntry, [F.CurrencyIsoCode]);

    /// <summary>All fields by object.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> ByObject { get; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty
            .Add(F.Objects.Opportunity, Opportunity)
            .Add(F.Objects.Line, Line)
            .Add(F.Objects.Account, Account)
            .Add(F.Objects.Contact, Contact)
            .Add(F.Objects.Product, Product)
            .Add(F.Objects.PricebookEntry, PricebookEntry)
            .Add(F.Objects.Contract, Contract);
}
