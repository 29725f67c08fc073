using System.Collections.Immutable;

namespace Hub.Core.Contracts;

/// <summary>Stable codes of <see cref="Problem"/>; each has a page <c>docs/problems/CODE.md</c>.</summary>
public static class ProblemCodes
{
    public const string ContractStartMissing = "contract-start-missing";
    public const string TermMissing = "term-missing";
    public const string TermContradiction = "term-contradiction";
    public const string AmountContradiction = "amount-contradiction";
    public const string LineTotalContradiction = "line-total-contradiction";
    public const string PaymentTermsUnknown = "payment-terms-unknown";
    public const string BillingEmailMissing = "billing-email-missing";
    public const string ProductInactive = "product-inactive";
    public const string ProductUnmapped = "product-unmapped";
    public const string PriceBasisMissing = "price-basis-missing";
    public const string LinePriceMissing = "line-price-missing";
    public const string AmountNotRepresentable = "amount-not-representable";
    public const string QuantityNotWhole = "quantity-not-whole";
    public const string LineGap = "line-gap";
    public const string LineOverlap = "line-overlap";
    public const string LineOutsideContract = "line-outside-contract";
    public const string CurrencyMixed = "currency-mixed";
    public const string CustomerCurrencyConflict = "customer-currency-conflict";
    public const string TooManyPhases = "too-many-phases";
    public const string BackdatedTooFar = "backdated-too-far";
    public const string ContractUnknown = "contract-unknown";
    public const string ContractEnded = "contract-ended";
    public const string EffectiveDateInvalid = "effective-date-invalid";
    public const string IntervalUnsupported = "interval-unsupported";
    public const string ValueTooLong = "value-too-long";

    /// <summary>Not of the shared table: shapes and values the Hub cannot act on.</summary>
    public const string DealTypeUnknown = "deal-type-unknown";
    public const string ApprovalNeeded = "approval-needed";
    public const string ReductionUnmatched = "reduction-unmatched";
    public const string TerminationHasLines = "termination-has-lines";
    public const string ChargeTypeMissing = "charge-type-missing";
    public const string BillingFrequencyMissing = "billing-frequency-missing";
    public const string CurrencyMissing = "currency-missing";
    public const string LinesMissing = "lines-missing";
    public const string AccountMissing = "account-missing";
    public const string CustomerMissing = "customer-missing";
    public const string ValueInvalid = "value-invalid";
    public const string PriceTiersInvalid = "price-tiers-invalid";
    public const string DiscountTooLarge = "discount-too-large";
    public const string DiscountNotShowable = "discount-not-showable";
    public const string MeterMissing = "meter-missing";
    public const string MeterShared = "meter-shared";
    public const string QuoteContradiction = "quote-contradiction";
    public const string TooManyItems = "too-many-items";
    public const string ContractAlreadyBilled = "contract-already-billed";
    public const string ScheduleEdited = "schedule-edited";
    public const string PhasesLate = "phases-late";
    public const string OpportunityReopened = "opportunity-reopened";
    public const string OpportunityDeleted = "opportunity-deleted";
    public const string CustomerSuggested = "customer-suggested";

    /// <summary>From the signed document, only where <c>Contracts:SignedDocuments</c> asks for it.</summary>
    public const string DocumentDiffers = "document-differs";
    public const string DocumentUnreadable = "document-unreadable";

    /// <summary>Every code of this class.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        .. typeof(ProblemCodes).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
    ];
}
