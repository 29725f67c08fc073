using System.Collections.Immutable;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>What could be read of a deal; whatever is null is missing, or a problem already.</summary>
internal sealed class DealFacts
{
    public required DealSnapshot Deal { get; init; }

    public required FieldReading Opportunity { get; init; }

    public Currency? Currency { get; init; }

    public CollectionMethod CollectionMethod { get; init; }

    public int? NetDays { get; init; }

    public bool AutoRenew { get; init; }

    public ProrationPolicy Proration { get; init; }

    public CreditPolicy Credit { get; init; }

    /// <summary>What the opportunity does to a contract.</summary>
    public DealType Type { get; init; }

    /// <summary>The contract it amends, as it stands before; null for a new one.</summary>
    public SoldContract? Amended { get; init; }

    /// <summary>First day of an amendment; null for a new contract, or when it is a problem.</summary>
    public LocalDate? Effective { get; init; }

    /// <summary>Record and field that state the contract's first day.</summary>
    public required (SalesforceRecord Record, string Field) StartSource { get; init; }

    /// <summary>First day; known even where the end is a problem.</summary>
    public LocalDate? Start { get; init; }

    /// <summary>The contract's days, when start and end are known and agree.</summary>
    public ContractTerm? Term { get; init; }

    public ImmutableArray<LineFacts> Lines { get; set; } = [];
}

/// <summary>What could be read of one line.</summary>
internal sealed class LineFacts
{
    public required FieldReading Reading { get; init; }

    public SalesforceRecord Record => Reading.Record;

    public required LineProduct Product { get; init; }

    public SalesforceRecord? ProductRecord { get; init; }

    public SalesforceRecord? PricebookEntry { get; init; }

    public ChargeType? Charge { get; init; }

    public bool Runs => Charge is ChargeType.Recurring or ChargeType.Usage;

    public decimal? Quantity { get; init; }

    public decimal? UnitPrice { get; init; }

    public PriceBasis? Basis { get; init; }

    public decimal? DiscountPercent { get; init; }

    /// <summary>Major units off the price of one unit, after the percentage (ADR 0110); 0 when there is none.</summary>
    public decimal? DiscountAmount { get; init; }

    public bool ShowDiscount { get; init; }

    /// <summary>Quantity × price less discount, as Salesforce sums (C17), exact; null while one of them is missing.</summary>
    public Rational? Total => field ??= this is { Quantity: { } quantity, UnitPrice: { } price, DiscountPercent: { } discount }
        ? (Rational)quantity * price * LinePricing.Left(discount)
        : null;

    public Field<int> DiscountMonths { get; init; }

    public Frequency? Frequency { get; init; }

    /// <summary>Months of a billing period; null and <see cref="HasPeriod"/>: one period of the whole, broken term.</summary>
    public int? PeriodMonths { get; init; }

    public bool HasPeriod { get; init; }

    /// <summary>Length in months of the term that a price per whole term is for.</summary>
    public Rational? TermLength { get; init; }

    public PriceTiers? Tiers { get; init; }

    public bool TiersBad { get; init; }

    /// <summary>First day; null when unknown or a problem.</summary>
    public LocalDate? Start { get; set; }

    /// <summary>First day after; null when open-ended, unknown or a problem.</summary>
    public LocalDate? End { get; set; }

    /// <summary>True when the line's first day is known and what it states of its days lies inside what is known of the contract.</summary>
    public bool DaysStated { get; set; }

    /// <summary>True when the line's days are known and lie inside the contract.</summary>
    public bool DaysKnown { get; set; }

    /// <summary>True when nothing that billing this line needs is missing.</summary>
    public bool IsComplete => DiscountPercent is not null && DiscountAmount is not null && Charge switch
    {
        null => false,
        ChargeType.OneTime => Quantity is not null && UnitPrice is not null && Basis is not null,
        ChargeType.Usage => UnitPrice is not null && HasPeriod && DaysKnown && !TiersBad && !DiscountMonths.Bad,
        _ => Quantity is not null && UnitPrice is not null && Basis is not null && HasPeriod && DaysKnown && !TiersBad && !DiscountMonths.Bad,
    };

    public ContractLine Complete(ChangeTerms terms) => new(
        Record.Id,
        Product,
        Charge!.Value,
        Charge == ChargeType.Usage ? 0 : Quantity!.Value,
        UnitPrice!.Value,
        Basis ?? PriceBasis.Once,
        DiscountPercent!.Value,
        ShowDiscount,
        DiscountMonths.Value,
        Start ?? default,
        End,
        PeriodMonths,
        Tiers,
        PricebookEntry?.Text(SalesforceFields.PricebookEntry.StripePriceId),
        Record.Text(SalesforceFields.Line.Description))
    {
        ListPrice = Record.Text(SalesforceFields.Line.ListPrice),
        DiscountAmount = DiscountAmount!.Value,
        TermLength = TermLength,
        Frequency = Frequency,
        Terms = terms,
    };
}
