using System.Collections.Immutable;

namespace Hub.Core.Reconciliation;

/// <summary>How a kind of discrepancy is treated; each has a page in docs/discrepancies/.</summary>
/// <param name="Floor">Never less severe than this; null: none.</param>
/// <param name="Cap">Never more severe than this; null: none.</param>
/// <param name="Auto"><c>A</c> mended automatically, <c>P</c> prepared for a second person, <c>M</c> a person only.</param>
/// <param name="InFoot">Explains a part of billed minus expected of a contract.</param>
/// <param name="KeptAtZero">Stands even where no money is in it; a difference of nothing is no row of any other kind.</param>
public sealed record KindRule(string Code, Severity? Floor, Severity? Cap, string? Auto, bool InFoot, bool KeptAtZero);

/// <summary>The kinds this version finds; the numbers are those of the taxonomy.</summary>
public static class Kinds
{
    /// <summary>1</summary>
    public static KindRule MissingInBilling { get; } = new("MISSING_IN_BILLING", Severity.Medium, null, "P", true, true);

    /// <summary>2: high, but low where nothing is billed by it.</summary>
    public static KindRule OrphanSubscription { get; } = new("ORPHAN_SUBSCRIPTION", Severity.High, null, "M", false, true);

    /// <summary>6</summary>
    public static KindRule DuplicateSubscription { get; } = new("DUPLICATE_SUBSCRIPTION", Severity.High, null, "P", true, false);

    /// <summary>7</summary>
    public static KindRule WonReversed { get; } = new("WON_REVERSED", Severity.High, null, "P", true, false);

    /// <summary>8</summary>
    public static KindRule CancelledWon { get; } = new("CANCELLED_WON", null, null, "M", true, false);

    /// <summary>12</summary>
    public static KindRule InvalidSource { get; } = new("INVALID_SOURCE", Severity.Medium, null, "M", false, true);

    /// <summary>13</summary>
    public static KindRule CurrencyMismatch { get; } = new("CURRENCY_MISMATCH", Severity.High, null, "M", true, false);

    /// <summary>14</summary>
    public static KindRule FrequencyMismatch { get; } = new("FREQUENCY_MISMATCH", null, null, "P", true, false);

    /// <summary>15</summary>
    public static KindRule StartDateMismatch { get; } = new("START_DATE_MISMATCH", null, null, "M", false, false);

    /// <summary>16</summary>
    public static KindRule TermMismatch { get; } = new("TERM_MISMATCH", null, null, "P", false, false);

    /// <summary>17</summary>
    public static KindRule QuantityMismatch { get; } = new("QUANTITY_MISMATCH", null, null, "P", true, false);

    /// <summary>18</summary>
    public static KindRule PriceMismatch { get; } = new("PRICE_MISMATCH", null, null, "P", true, false);

    /// <summary>19</summary>
    public static KindRule DiscountMismatch { get; } = new("DISCOUNT_MISMATCH", null, null, "P", true, false);

    /// <summary>20, sold and not billed.</summary>
    public static KindRule LineMissing { get; } = new("LINE_MISSING", null, null, "P", true, false);

    /// <summary>20, billed and not sold.</summary>
    public static KindRule LineExtra { get; } = new("LINE_EXTRA", null, null, "P", true, false);

    /// <summary>23</summary>
    public static KindRule ProrationLeftover { get; } = new("PRORATION_LEFTOVER", null, null, "M", true, false);

    /// <summary>27</summary>
    public static KindRule UnbilledPeriod { get; } = new("UNBILLED_PERIOD", null, null, "M", true, false);

    /// <summary>28</summary>
    public static KindRule DraftStuck { get; } = new("DRAFT_STUCK", null, null, "P", true, false);

    /// <summary>29</summary>
    public static KindRule VoidNotRebilled { get; } = new("VOID_NOT_REBILLED", null, null, "M", true, false);

    /// <summary>30</summary>
    public static KindRule DuplicateInvoice { get; } = new("DUPLICATE_INVOICE", null, null, "P", true, false);

    /// <summary>31</summary>
    public static KindRule BilledAfterEnd { get; } = new("BILLED_AFTER_END", null, null, "P", true, false);

    /// <summary>33</summary>
    public static KindRule AmountUnexplained { get; } = new("AMOUNT_UNEXPLAINED", Severity.Medium, null, "M", true, false);

    /// <summary>34</summary>
    public static KindRule Rounding { get; } = new("ROUNDING", Severity.Info, Severity.Info, "A", true, false);

    /// <summary>35</summary>
    public static KindRule CreditNoteUnmatched { get; } = new("CREDIT_NOTE_UNMATCHED", null, null, "M", true, false);

    public static ImmutableArray<KindRule> All { get; } =
    [
        MissingInBilling, OrphanSubscription, DuplicateSubscription, WonReversed, CancelledWon, InvalidSource, CurrencyMismatch, FrequencyMismatch,
        StartDateMismatch, TermMismatch, QuantityMismatch, PriceMismatch, DiscountMismatch, LineMissing, LineExtra, ProrationLeftover, UnbilledPeriod,
        DraftStuck, VoidNotRebilled, DuplicateInvoice, BilledAfterEnd, AmountUnexplained, Rounding, CreditNoteUnmatched,
    ];
}
