using System.Collections.Immutable;
using Hub.Core.Money;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Contracts;

internal enum ChargeType
{
    Recurring,
    OneTime,
    Usage,
}

internal enum PriceBasis
{
    Month,
    Quarter,
    Year,
    Period,
    Term,
    Once,
}

internal enum Frequency
{
    Monthly,
    Quarterly,
    Semiannual,
    Annual,
    Upfront,
}

/// <summary>The days a contract runs.</summary>
/// <param name="End">First day after it; null for an evergreen contract.</param>
/// <param name="FreeMonths">Months at the beginning that are not billed (C16).</param>
internal sealed record ContractTerm(LocalDate Start, LocalDate? End, int FreeMonths)
{
    /// <summary>Renewed terms: what a term before them leaves of a billing period is a stub, and billing dates count anew from there.</summary>
    public ImmutableArray<Renewed> Renewals { get; init; } = [];

    /// <summary>
    /// The last period of each item is billed as agreed before and what lies behind the end is credited (C19), where a change ends the contract inside a
    /// period and its stub could not be sent beside other intervals. Otherwise it is a stub (C5).
    /// </summary>
    public bool CutShort { get; init; }

    /// <summary>Of a contract that was cut short: first day after it as it was agreed before; null for none.</summary>
    public LocalDate? AgreedEnd { get; init; }

    public LocalDate BillingStart => Months.Add(Start, FreeMonths);

    /// <summary>Last day, inclusive, as Salesforce states it; null for an evergreen contract.</summary>
    public LocalDate? LastDay => End?.PlusDays(-1);

    /// <summary>Whole months of the term; null when it is no whole number of months or has no end.</summary>
    public int? WholeMonths => End is { } end ? Months.Exactly(Start, end) : null;

    /// <summary>Length in months, a broken last month counted by its days; null without an end.</summary>
    public Rational? Length
    {
        get
        {
            if (End is not { } end)
            {
                return null;
            }

            int whole = Months.Whole(Start, end);
            LocalDate rest = Months.Add(Start, whole);
            return whole + new Rational(Months.Days(rest, end), Months.Days(rest, Months.Add(Start, whole + 1)));
        }
    }
}

/// <param name="Day">First day of the renewed term.</param>
/// <param name="Before">Settles the stub of the term before it.</param>
internal readonly record struct Renewed(LocalDate Day, ProrationPolicy Before);

/// <summary>The days of a contract as they stood before an amendment changed them.</summary>
/// <param name="Until">First billing date that takes the amendment in: periods that begin before it were billed by these days.</param>
internal sealed record EarlierTerm(ContractTerm Term, ProrationPolicy Proration, LocalDate Until);

/// <summary>The opportunity that brought a line or a change, and how what it changes inside a billing period is settled.</summary>
/// <param name="KnownOn">Its processing date; null for the contract's original opportunity, which is known before anything is billed.</param>
/// <param name="BillsFrom">First billing date whose invoice takes it in (<see cref="ProcessedDeal.BillsFrom"/>); null for the original.</param>
/// <param name="Effective">First day of an amendment; null for the original.</param>
internal sealed record ChangeTerms(SalesforceId OpportunityId, LocalDate? KnownOn, LocalDate? BillsFrom, LocalDate? Effective, ProrationPolicy Proration, CreditPolicy Credit);

/// <summary>What was sold with a line.</summary>
/// <param name="Key">Tells products apart; the record id where there is one.</param>
internal sealed record LineProduct(string Key, string Code, string StripeId, string? MeterId);

/// <summary>One sold line, complete and free of problems.</summary>
/// <remarks>Quantities of amendments are signed; what Stripe is told is the sum of a line and of those that changed it (C11).</remarks>
/// <param name="UnitPrice">Major units per unit of <paramref name="Basis"/> (usage: per unit used), before discount.</param>
/// <param name="Start">First day; the contract's where the line states none. Without meaning for one-time lines.</param>
/// <param name="End">First day after; null when the contract has no end.</param>
/// <param name="PeriodMonths">Months of one billing period; null for one period of the whole, broken term.</param>
internal sealed record ContractLine(
    string RecordId,
    LineProduct Product,
    ChargeType Charge,
    decimal Quantity,
    Rational UnitPrice,
    PriceBasis Basis,
    decimal DiscountPercent,
    bool ShowDiscount,
    int? DiscountMonths,
    LocalDate Start,
    LocalDate? End,
    int? PeriodMonths,
    PriceTiers? Tiers,
    string? PriceId,
    string? Description)
{
    public SalesforceId Id { get; } = SalesforceId.OfExport(RecordId);

    /// <summary>The line whose quantity this one changes; its own id where it stands for itself.</summary>
    public SalesforceId ChangedLine { get; init; } = SalesforceId.OfExport(RecordId);

    /// <summary>List price as Salesforce states it; null where it states none.</summary>
    public string? ListPrice { get; init; }

    /// <summary>Length in months of the term a price per <see cref="PriceBasis.Term"/> was agreed for; null without an end.</summary>
    public Rational? TermLength { get; init; }

    /// <summary>How often it is billed, as sold; null for one-time lines.</summary>
    public Frequency? Frequency { get; init; }

    /// <summary>Opportunity that sold it.</summary>
    public required ChangeTerms Terms { get; init; }

    /// <summary>True when what Stripe issues on that day takes the line in.</summary>
    public bool KnownOn(LocalDate date) => Terms.BillsFrom is not { } from || from <= date;

    public bool LiveOn(LocalDate date) => Start <= date && (End is not { } end || date < end);

    /// <summary>Major units off the price of one unit of <see cref="Basis"/>, after the percentage (ADR 0110); 0 when there is none.</summary>
    public Rational DiscountAmount { get; init; }

    /// <summary>First day without the discounts; null when they last as long as the line.</summary>
    public LocalDate? DiscountEnd => (DiscountPercent > 0 || DiscountAmount.Sign > 0) && DiscountMonths is { } months ? Months.Add(Start, months) : null;

    public bool IsDiscountedOn(LocalDate date) => DiscountEnd is not { } end || date < end;
}

/// <summary>A line and everything that amendments added to its quantity or took from it, at one price.</summary>
internal sealed class SoldItem(ContractLine line, ImmutableArray<ContractLine> parts)
{
    /// <summary>The first of the parts; it states price, product and id.</summary>
    public ContractLine Line => line;

    public ImmutableArray<ContractLine> Parts => parts;

    /// <summary>Units sold on a day, whenever that became known.</summary>
    public decimal QuantityOn(LocalDate date)
    {
        decimal sum = 0;
        foreach (ContractLine part in parts)
        {
            sum += part.LiveOn(date) ? part.Quantity : 0;
        }

        return sum;
    }

    /// <summary>Units that the invoice of a billing date has on it: what was sold for that day and known when it began.</summary>
    public decimal BilledOn(LocalDate date)
    {
        decimal sum = 0;
        foreach (ContractLine part in parts)
        {
            sum += part.LiveOn(date) && part.KnownOn(date) ? part.Quantity : 0;
        }

        return sum;
    }

    /// <summary>Metered lines have no quantity: one is live while any of its parts is.</summary>
    public bool LiveOn(LocalDate date) => line.Charge == ChargeType.Usage ? parts.Any(part => part.LiveOn(date)) : QuantityOn(date) > 0;

    /// <summary>The line with the quantity of a day.</summary>
    public ContractLine On(LocalDate date) => line.Charge == ChargeType.Usage ? line : line with { Quantity = QuantityOn(date) };
}

/// <summary>What amendments inherit from the original opportunity.</summary>
/// <param name="Frequency">Null where the opportunity states none because its lines do.</param>
internal sealed record AgreedTerms(Frequency? Frequency, ProrationPolicy Proration, CreditPolicy Credit);

/// <summary>A sold contract, complete and free of problems: all that planning needs.</summary>
/// <param name="OpportunityId">The original opportunity.</param>
/// <param name="Term">Its days as they stand now.</param>
/// <param name="Lines">Of the original opportunity and of all amendments.</param>
/// <param name="Proration">Policy of a stub at the end of the term.</param>
internal sealed record SoldContract(
    SalesforceId OpportunityId,
    Currency Currency,
    ContractTerm? Term,
    ImmutableArray<ContractLine> Lines,
    CollectionMethod CollectionMethod,
    int? NetDays,
    EndBehavior EndBehavior,
    ProrationPolicy Proration,
    ImmutableArray<CustomField> CustomFields,
    string? TaxRateId,
    bool AutomaticTax)
{
    /// <summary>The contract's days before each amendment that changed them, oldest first.</summary>
    public ImmutableArray<EarlierTerm> EarlierTerms { get; init; } = [];

    /// <summary>Payment terms that amendments changed: net days of invoices from that day on, in the order in which they were won.</summary>
    public ImmutableArray<(LocalDate From, int Days)> NetDaysFrom { get; init; } = [];

    /// <summary>What the original opportunity agreed for amendments that leave it empty.</summary>
    public required AgreedTerms Agreed { get; init; }

    public IEnumerable<ContractLine> Recurring => Lines.Where(line => line.Charge == ChargeType.Recurring);

    public IEnumerable<ContractLine> Usage => Lines.Where(line => line.Charge == ChargeType.Usage);

    public IEnumerable<ContractLine> OneTime => Lines.Where(line => line.Charge == ChargeType.OneTime);

    /// <summary>Lines that make phases.</summary>
    public IEnumerable<ContractLine> Running => Lines.Where(line => line.Charge != ChargeType.OneTime);

    /// <summary>Running lines with all that amendments made of them.</summary>
    public ImmutableArray<SoldItem> Items() =>
    [
        .. Lines.Where(line => line.Charge != ChargeType.OneTime).GroupBy(line => line.ChangedLine).Select(same => new SoldItem(same.First(), [.. same])),
    ];

    /// <summary>Net days of an invoice of a day; null when a payment method is charged.</summary>
    public int? NetDaysOn(LocalDate date) => NetDays is null ? null : NetDaysFrom.Where(change => change.From <= date).OrderBy(change => change.From).Select(change => (int?)change.Days).LastOrDefault() ?? NetDays;

    /// <summary>The billing periods of one frequency.</summary>
    public BillingTimeline Timeline(int? periodMonths) => new(this, periodMonths);
}
