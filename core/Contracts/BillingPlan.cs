using System.Collections.Immutable;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>What the Hub intends Stripe to bill for one contract; a pure function of the deal, its terms and the processing date.</summary>
/// <remarks>All dates are calendar dates at 00:00:00 UTC in Stripe (C1); ends are exclusive.</remarks>
/// <param name="OpportunityId">The contract's original opportunity.</param>
/// <param name="Version">Lower-case hex hash of everything that is sent to Stripe; equal plans have equal versions, and it seeds idempotency keys.</param>
/// <param name="Customer">The customer to create or reuse.</param>
/// <param name="Schedule">The subscription schedule; null when nothing recurs.</param>
/// <param name="StandaloneInvoice">The plain invoice of a one-time-only deal; null otherwise.</param>
/// <param name="Invoices">Every invoice to the end of the term, by date.</param>
public sealed record BillingPlan(
    SalesforceId OpportunityId,
    string Version,
    Currency Currency,
    CustomerPlan Customer,
    SchedulePlan? Schedule,
    StandaloneInvoicePlan? StandaloneInvoice,
    ImmutableArray<PlannedInvoice> Invoices)
{
    /// <summary>Invoices the Hub itself must issue because Stripe would not: changes inside a billing period (C7, C19). Empty for most contracts.</summary>
    public ImmutableArray<AdjustmentPlan> Adjustments { get; init; } = [];

    /// <summary>Salesforce Contract the opportunity names; <c>metadata.sf_contract_id</c> (C12). Null when there is none. Not part of the version: it bills nothing.</summary>
    public SalesforceId? ContractId { get; init; }

    /// <summary>The original opportunity's close date; <c>metadata.sf_close_date</c>, and never a billing date. Not part of the version.</summary>
    public string? CloseDate { get; init; }

    /// <summary>Number of the quote that the original opportunity is synced with; <c>metadata.sf_quote_number</c>. Null when there is none. Not part of the version.</summary>
    public string? QuoteNumber { get; init; }

    /// <summary>Products that Stripe does not have yet (<c>Contracts:CreateMissingProducts</c>). Not part of the version: they bill nothing.</summary>
    public ImmutableArray<ProductPlan> NewProducts { get; init; } = [];

    /// <summary>Who approved the plan, where an approval was needed. Not part of the version, which it names.</summary>
    public Approval? Approval { get; init; }

    /// <summary>The amendment that the plan includes last, or the correction it is; null for a contract as it was first sold.</summary>
    public ContractChange? Change { get; init; }

    /// <summary>End of the last phase that Stripe is sent for now (<see cref="PhaseWindow"/>); null: all of them. Not part of the version, which names the whole contract.</summary>
    public LocalDate? PhasesUntil { get; init; }

    /// <summary>Nothing changes but that later phases are sent; null otherwise.</summary>
    public PhaseExtension? Extension { get; init; }

    /// <summary>Sum of all planned invoices, after discount and tax.</summary>
    public Amount Total => Invoices.Aggregate(Amount.Zero(Currency), (sum, invoice) => sum + invoice.Amount);
}

/// <summary>A product to create in Stripe on first use.</summary>
/// <param name="Id">Stripe id, chosen by the Hub (<see cref="IdOf"/>).</param>
/// <param name="RecordId">Product2 record; <c>metadata.sf_product_id</c>.</param>
/// <param name="UnitLabel">At most 12 characters, such as <c>seat</c>.</param>
public sealed record ProductPlan(string Id, string RecordId, string Code, string Name, string? Description, string? TaxCode, string? UnitLabel)
{
    /// <summary>The Stripe id of a product that the Hub creates: one per Product2 record.</summary>
    public static string IdOf(string recordId) => "sf_" + recordId;
}

/// <summary>How an amendment, or a correction before the first day, changes the schedule that bills a contract.</summary>
/// <param name="OpportunityId">The amending opportunity; the contract's own for a correction.</param>
/// <param name="ProcessedOn">Its processing date, live Stripe's day: phases that ended before it are not sent again.</param>
/// <param name="ScheduleId">The schedule to update; null where only a plan is amended.</param>
/// <param name="CurrentPhaseStart">First day of the phase that runs now, which an update must repeat; null before the schedule starts.</param>
public sealed record ContractChange(
    SalesforceId OpportunityId, DealType Type, LocalDate Effective, LocalDate ProcessedOn, string? ScheduleId, LocalDate? CurrentPhaseStart)
{
    /// <summary>
    /// Counts the times the contract's own opportunity was corrected before its first day, from 1: back and forth between two versions, every time is a
    /// call of its own. Null for an amendment, of which no two are alike.
    /// </summary>
    public int? Correction { get; init; }

    /// <summary>First billing date whose invoice takes an amendment in (<see cref="ProcessedDeal.BillsFrom"/>); null for a correction, before which nothing is billed.</summary>
    public LocalDate? BillsFrom { get; init; }

    /// <summary>Phases of the schedule were still to follow before the change.</summary>
    public bool WasWindow { get; init; }
}

/// <summary>Later phases of a contract that Stripe bills already.</summary>
/// <param name="ScheduleId">The schedule to update.</param>
/// <param name="CurrentPhaseStart">First day of the phase that runs now, which an update must repeat; null before the schedule starts.</param>
/// <param name="On">Day on which they are sent, in Stripe's calendar: phases that ended before it are not sent again.</param>
public sealed record PhaseExtension(string ScheduleId, LocalDate? CurrentPhaseStart, LocalDate On)
{
    /// <summary>The subscription that the schedule released when it ran out of phases: it gets a new schedule. Null: the schedule itself is updated.</summary>
    public string? Released { get; init; }
}

/// <summary>The customer a contract bills: reused when <see cref="Id"/> is set, otherwise created from the details.</summary>
/// <param name="Id">Stripe customer id; null creates one.</param>
/// <param name="AccountId">Salesforce account; <c>metadata.sf_account_id</c>.</param>
/// <param name="Email">Address invoices go to; required with <see cref="CollectionMethod.SendInvoice"/>.</param>
public sealed record CustomerPlan(
    string? Id,
    SalesforceId AccountId,
    string? Name,
    string? Email,
    string? Phone,
    PostalAddress? Address,
    string? TaxIdType,
    string? TaxId,
    string? TaxExempt,
    string? PreferredLocale)
{
    /// <summary>As <see cref="BillingSnapshot.CustomerSought"/>: what nobody has begun to create is not there.</summary>
    public bool Sought { get; init; }
}

/// <param name="Country">ISO 3166-1 alpha-2 code.</param>
public sealed record PostalAddress(string? Line1, string? City, string? State, string? PostalCode, string? Country);

public enum CollectionMethod
{
    SendInvoice,
    ChargeAutomatically,
}

public static class CollectionMethods
{
    /// <summary><c>collection_method</c> of schedules, subscriptions and invoices.</summary>
    public static string StripeName(this CollectionMethod method) => method switch
    {
        CollectionMethod.SendInvoice => "send_invoice",
        CollectionMethod.ChargeAutomatically => "charge_automatically",
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Not a collection method."),
    };
}

public enum EndBehavior
{
    /// <summary>The subscription ends with the last phase. Fixed terms.</summary>
    Cancel,

    /// <summary>The subscription goes on after the last phase. Auto-renew only.</summary>
    Release,
}

/// <param name="DaysUntilDue">Net days, calendar; null when the customer's payment method is charged.</param>
/// <param name="CustomFields">At most 4 name/value pairs printed on every invoice (name ≤ 40, value ≤ 140 characters).</param>
/// <param name="TaxRateId">Fixed Stripe tax rate put on every phase; null: no tax.</param>
public sealed record SchedulePlan(
    CollectionMethod CollectionMethod,
    int? DaysUntilDue,
    EndBehavior EndBehavior,
    ImmutableArray<CustomField> CustomFields,
    string? TaxRateId,
    ImmutableArray<Phase> Phases)
{
    /// <summary>Stripe computes the tax (<c>Contracts:AutomaticTax</c>).</summary>
    public bool AutomaticTax { get; init; }
}

public sealed record CustomField(string Name, string Value);

/// <summary>A stretch of the contract in which the same items are billed.</summary>
/// <param name="Start">First day.</param>
/// <param name="End">First day after the phase.</param>
/// <param name="OneTime">Billed on the phase's first invoice (C15).</param>
/// <param name="TrialEnd">End of the phase when it lies in the free months (C16): Stripe takes no trial beyond the phase; null when it is paid for.</param>
public sealed record Phase(
    LocalDate Start, LocalDate End, ImmutableArray<PhaseItem> Items, ImmutableArray<OneTimeItem> OneTime, LocalDate? TrialEnd)
{
    /// <summary>The phase begins with another billing interval, and a period of every one of its items begins with it.</summary>
    public bool NewCycle { get; init; }

    /// <summary>Net days of invoices of this phase where an amendment changed the payment terms; null: the schedule's.</summary>
    public int? DaysUntilDue { get; init; }
}

public enum IntervalUnit
{
    Day,
    Month,
    Year,
}

/// <summary>Length of a billing period, at most three years.</summary>
public readonly record struct BillingInterval(IntervalUnit Unit, int Count);

/// <summary>One recurring or metered line within a phase.</summary>
/// <param name="ProductCode">Product2.ProductCode.</param>
/// <param name="StripeProductId">Product2.Hub_Stripe_Product_Id__c.</param>
/// <param name="LineId">OpportunityLineItem id; item <c>metadata.sf_line_id</c>.</param>
/// <param name="Quantity">Whole units; null for metered usage.</param>
/// <param name="UnitAmount">Minor units for one whole billing period, up to 12 decimals, before discount; null when tiered.</param>
/// <param name="PercentOff">Shown discount in percent (0–100]; null when there is none or it is netted into the price.</param>
/// <param name="PriceId">Stored Stripe price to try to reuse; null: a new one.</param>
public sealed record PhaseItem(
    string ProductCode,
    string StripeProductId,
    SalesforceId LineId,
    long? Quantity,
    decimal? UnitAmount,
    BillingInterval Interval,
    decimal? PercentOff,
    string? PriceId,
    bool Usage,
    TiersPlan? Tiers)
{
    /// <summary>OpportunityLineItem.ListPrice as Salesforce states it, beside the price that was agreed; item <c>metadata.sf_list_price</c>. Bills nothing.</summary>
    public string? ListPrice { get; init; }

    /// <summary>Shown discount in minor units per billing period for the whole item, after <see cref="PercentOff"/>; null when there is none or it is netted into the price.</summary>
    public long? AmountOff { get; init; }

    /// <summary>
    /// Minor units per unit as Stripe is sent them, up to 12 decimals, where <see cref="UnitAmount"/> would be billed otherwise than planned (C7); null where it is not.
    /// </summary>
    public decimal? BilledUnitAmount { get; init; }

    /// <summary>What the item's price in Stripe holds; null when tiered.</summary>
    public decimal? SentUnitAmount => BilledUnitAmount ?? UnitAmount;

    /// <summary>Product2.Hub_Meter_Id__c of a metered item; a metered price that is not stored is created on this meter.</summary>
    public string? MeterId { get; init; }
}

public enum TiersMode
{
    Graduated,
    Volume,
}

public sealed record TiersPlan(TiersMode Mode, ImmutableArray<Tier> Tiers);

/// <param name="UpTo">Last unit of the tier, inclusive; null: open.</param>
/// <param name="UnitAmount">Minor units per unit and billing period, up to 12 decimals.</param>
public sealed record Tier(long? UpTo, decimal UnitAmount);

/// <summary>A line billed once.</summary>
/// <param name="Quantity">May have decimals; sent whole with the amount of the line where Stripe takes whole quantities only.</param>
/// <param name="UnitAmount">Minor units per unit, up to 12 decimals, before discount.</param>
public sealed record OneTimeItem(
    string ProductCode,
    string StripeProductId,
    SalesforceId LineId,
    decimal Quantity,
    decimal UnitAmount,
    decimal? PercentOff,
    string? Description)
{
    /// <summary>Shown discount in minor units for the whole line, after <see cref="PercentOff"/>; null when there is none or it is netted into the price.</summary>
    public long? AmountOff { get; init; }
}

/// <summary>One invoice for a deal with one-time lines only, on the processing date (C15).</summary>
public sealed record StandaloneInvoicePlan(
    LocalDate Date,
    CollectionMethod CollectionMethod,
    int? DaysUntilDue,
    ImmutableArray<CustomField> CustomFields,
    string? TaxRateId,
    ImmutableArray<OneTimeItem> Items)
{
    /// <summary>Stripe computes the tax (<c>Contracts:AutomaticTax</c>).</summary>
    public bool AutomaticTax { get; init; }
}

/// <summary>A proration or credit that a change inside a billing period calls for, on an invoice of its own.</summary>
/// <param name="Effective">First day of the change; the invoice is dated on it, or on the processing date if that is later.</param>
/// <param name="Invoice">Negative for a credit.</param>
public sealed record AdjustmentPlan(LocalDate Effective, PlannedInvoice Invoice)
{
    /// <summary>The opportunity that calls for it, part of its key: equal changes of two opportunities are two. Null: the contract's own.</summary>
    public SalesforceId? OpportunityId { get; init; }

    /// <summary>Date of the invoice that billed the period, for a credit note; null otherwise.</summary>
    public LocalDate? CreditedInvoice { get; init; }
}

/// <summary>An invoice the plan leads to.</summary>
/// <param name="Amount">After discount and tax.</param>
/// <param name="Due">Invoice date plus net days; null when the payment method is charged, and for credits.</param>
public sealed record PlannedInvoice(LocalDate Date, Amount Amount, LocalDate? Due, bool CreditNote, ImmutableArray<PlannedInvoiceLine> Lines);

/// <param name="UnitAmount">Minor units, up to 12 decimals; null when tiered.</param>
/// <param name="Amount">After discount, before tax; null for metered usage without readings.</param>
/// <param name="Why">The derivation, in one sentence a customer could be shown.</param>
public sealed record PlannedInvoiceLine(string ProductCode, decimal? Quantity, decimal? UnitAmount, Amount? Amount, string Why)
{
    /// <summary>First day of what an adjustment charges or gives back; null on other lines.</summary>
    public LocalDate? From { get; init; }

    /// <summary>First day after it.</summary>
    public LocalDate? Until { get; init; }

    /// <summary>Stripe product of the line; for lines the Hub bills itself.</summary>
    public string? StripeProductId { get; init; }
}

/// <summary>The outcome of planning one opportunity.</summary>
public abstract record PlanOutcome
{
    private PlanOutcome()
    {
    }

    /// <summary>What a person should look at although billing goes on.</summary>
    public ImmutableArray<Problem> Notes { get; init; } = [];

    /// <summary>The contract can be billed as planned.</summary>
    public sealed record Planned(BillingPlan Plan) : PlanOutcome;

    /// <summary>Stripe already bills exactly this plan.</summary>
    public sealed record Unchanged(BillingPlan Plan) : PlanOutcome;

    /// <summary>The contract cannot be billed; all problems at once.</summary>
    public sealed record Rejected(ImmutableArray<Problem> Problems) : PlanOutcome;

    /// <summary>The contract can be billed as planned once a named person has approved it; nothing is written to Stripe before.</summary>
    public sealed record AwaitsApproval(BillingPlan Plan, ImmutableArray<Problem> Reasons) : PlanOutcome;

    /// <summary>A person put billing on hold (<c>Hub_Hold_Billing__c</c>); nothing is written to Stripe.</summary>
    public sealed record Held(string Reason) : PlanOutcome;
}
