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

/// <summary>What was sold with a line.</summary>
/// <param name="Key">Tells products apart; the record id where there is one.</param>
internal sealed record LineProduct(string Key, string Code, string StripeId, string? MeterId);

/// <summary>One sold line, complete and free of problems.</summary>
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
    public SalesforceId Id => SalesforceId.OfExport(RecordId);

    public bool LiveOn(LocalDate date) => Start <= date && (End is not { } end || date < end);

    /// <summary>First day without the discount; null when it lasts as long as the line.</summary>
    public LocalDate? DiscountEnd => DiscountPercent > 0 && DiscountMonths is { } months ? Months.Add(Start, months) : null;

    public decimal DiscountOn(LocalDate date) => DiscountEnd is { } end && date >= end ? 0 : DiscountPercent;
}

/// <summary>A sold contract, complete and free of problems: all that planning needs.</summary>
internal sealed record SoldContract(
    SalesforceId OpportunityId,
    Currency Currency,
    ContractTerm? Term,
    ImmutableArray<ContractLine> Lines,
    CollectionMethod CollectionMethod,
    int? NetDays,
    EndBehavior EndBehavior,
    ProrationPolicy Proration,
    CreditPolicy Credit,
    ImmutableArray<CustomField> CustomFields,
    string? TaxRateId,
    bool AutomaticTax)
{
    public IEnumerable<ContractLine> Recurring => Lines.Where(line => line.Charge == ChargeType.Recurring);

    public IEnumerable<ContractLine> Usage => Lines.Where(line => line.Charge == ChargeType.Usage);

    public IEnumerable<ContractLine> OneTime => Lines.Where(line => line.Charge == ChargeType.OneTime);

    /// <summary>Lines that make phases.</summary>
    public IEnumerable<ContractLine> Running => Lines.Where(line => line.Charge != ChargeType.OneTime);
}
