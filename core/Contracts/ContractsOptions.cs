using Microsoft.Extensions.Options;

namespace Hub.Core.Contracts;

/// <summary>Settings of contract planning; each is <c>Contracts:Name</c> unless stated otherwise.</summary>
public sealed class ContractsOptions
{
    public const string Section = "Contracts";

    /// <summary>Configuration name of <see cref="BillingTimeZone"/>, which all concepts share.</summary>
    public const string BillingTimeZoneSetting = "Hub:BillingTimeZone";

    /// <summary>Accepted payment terms, exact text → net days (0–365). An opportunity with another text is refused (C3).</summary>
    public Dictionary<string, int> PaymentTerms { get; init; } = new(StringComparer.Ordinal)
    {
        ["Due on receipt"] = 0,
        ["Net 7"] = 7,
        ["Net 10"] = 10,
        ["Net 14"] = 14,
        ["Net 15"] = 15,
        ["Net 20"] = 20,
        ["Net 30"] = 30,
        ["Net 45"] = 45,
        ["Net 60"] = 60,
        ["Net 75"] = 75,
        ["Net 90"] = 90,
    };

    /// <summary>Values of <c>Hub_Deal_Type__c</c> or <c>Type</c> → what the opportunity does; picklists differ per org.</summary>
    public Dictionary<string, DealType> DealTypes { get; init; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["New"] = DealType.New,
        ["New Business"] = DealType.New,
        ["New Customer"] = DealType.New,
        ["Upsell"] = DealType.Upsell,
        ["Existing Customer - Upgrade"] = DealType.Upsell,
        ["Downsell"] = DealType.Downsell,
        ["Existing Customer - Downgrade"] = DealType.Downsell,
        ["Renewal"] = DealType.Renewal,
        ["Termination"] = DealType.Termination,
    };

    /// <summary>How many days a contract may have begun before it is processed (0–3650, default 90; C4).</summary>
    public int BackdateLimitDays { get; set; } = 90;

    /// <summary>Used where the opportunity has no <c>Hub_Proration_Policy__c</c> (default Month; C7).</summary>
    public ProrationPolicy ProrationPolicy { get; set; } = ProrationPolicy.Month;

    /// <summary>Used where the opportunity has no <c>Hub_Credit_Policy__c</c> (default Balance; C19).</summary>
    public CreditPolicy CreditPolicy { get; set; } = CreditPolicy.Balance;

    /// <summary>Lets Stripe compute tax on every phase and invoice (default false; C10).</summary>
    public bool AutomaticTax { get; set; }

    /// <summary>Allows a second Stripe customer of an account for a second currency (default false; C20).</summary>
    public bool CustomerPerCurrency { get; set; }

    /// <summary>
    /// Asks Stripe, before it creates the customer of an account, whether one is there that looks like it, and waits for a person where it does
    /// (default true; <see cref="CustomerMatching"/>).
    /// </summary>
    public bool SuggestCustomers { get; set; } = true;

    /// <summary>Allows more than ten phases; later ones are created as earlier ones pass (default false; C23).</summary>
    public bool RollingPhases { get; set; }

    /// <summary>Creates a Stripe product on first use where a product is not mapped (default false: it is a problem).</summary>
    public bool CreateMissingProducts { get; set; }

    /// <summary>Currency code → contract total in major units above which a person approves the deal first; empty: no deal waits for its value.</summary>
    public Dictionary<string, decimal> ApprovalAbove { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Discount of a line in percent (0–100) above which a person approves the deal first; null (the default): none waits for it.</summary>
    public decimal? ApprovalDiscountPercent { get; set; }

    /// <summary>What the text attached to a won opportunity is compared for (default Off: attached files are not read).</summary>
    public SignedDocumentMode SignedDocuments { get; set; }

    /// <summary>Every preview also asks Stripe to price the first invoice and reports differences (default false; otherwise on request).</summary>
    public bool CompareWithStripePreview { get; set; }

    /// <summary>How many days back the first poll looks (0–3650, default 7). Earlier deals come in by hand or by backfill.</summary>
    public int FirstRunLookBackDays { get; set; } = 7;

    /// <summary>How many deals of one batch are handled at the same time (1–32, default 8).</summary>
    public int ParallelDeals { get; set; } = 8;

    /// <summary>IANA name of the billing zone (setting <c>Hub:BillingTimeZone</c>, default Etc/UTC): decides on which date an opportunity is processed.</summary>
    public string BillingTimeZone { get; set; } = "Etc/UTC";
}

/// <summary>Stops the start on a wrong setting, with one line per defect.</summary>
public sealed class ContractsOptionsValidator : IValidateOptions<ContractsOptions>
{
    public ValidateOptionsResult Validate(string? name, ContractsOptions options) => ContractsSettings.Defects(options) is [_, ..] defects
        ? ValidateOptionsResult.Fail(defects)
        : ValidateOptionsResult.Success;
}
