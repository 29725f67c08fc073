using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>A proration or credit that the Hub issues itself, as it was frozen when its plan was applied (C7, C19).</summary>
/// <param name="Key">Names it by its content within the contract; stands in Stripe's metadata and seeds idempotency keys. Equal on every planning of the same change.</param>
/// <param name="Date">First day on which it is issued: the day of the change, or the processing date if that was later.</param>
/// <param name="Effective">First day of the change.</param>
/// <param name="Amount">Minor units after tax; negative: a credit.</param>
/// <param name="CreditNote">A credit note on the invoice that billed the period; otherwise an invoice, whose negative total Stripe books to the customer's balance.</param>
/// <param name="DaysUntilDue">Net days; null when the payment method is charged.</param>
public sealed record Adjustment(
    string Key,
    LocalDate Date,
    LocalDate Effective,
    Currency Currency,
    long Amount,
    bool CreditNote,
    CollectionMethod CollectionMethod,
    int? DaysUntilDue,
    ImmutableArray<CustomField> CustomFields,
    string? TaxRateId,
    bool AutomaticTax,
    ImmutableArray<AdjustmentLine> Lines)
{
    private const int KeyDigits = 16;

    /// <summary>What a plan leaves to the Hub, by date. Pure; the same change has the same key whenever it is planned.</summary>
    /// <remarks>
    /// The key follows the day of the change, the opportunity that calls for it and what is charged, and not the processing date. A plan that changes a contract
    /// again repeats the adjustments of earlier changes as they were; those that have been issued are then known by their keys.
    /// </remarks>
    public static ImmutableArray<Adjustment> Of(BillingPlan plan) => plan.Schedule is not { } schedule ? [] :
    [
        .. plan.Adjustments.Select(adjustment => new Adjustment(
            KeyOf(adjustment, plan),
            adjustment.Invoice.Date,
            adjustment.Effective,
            plan.Currency,
            adjustment.Invoice.Amount.MinorUnits,
            adjustment.Invoice.CreditNote,
            schedule.CollectionMethod,
            adjustment.Invoice.Due is { } due ? Period.DaysBetween(adjustment.Invoice.Date, due) : schedule.DaysUntilDue,
            schedule.CustomFields,
            schedule.TaxRateId,
            schedule.AutomaticTax,
            [.. adjustment.Invoice.Lines.Select(line => Line(line, adjustment))]))
        .OrderBy(adjustment => adjustment.Date).ThenBy(adjustment => adjustment.Key, StringComparer.Ordinal),
    ];

    private static AdjustmentLine Line(PlannedInvoiceLine line, AdjustmentPlan adjustment) => new(
        line.ProductCode,
        line.StripeProductId!,
        line.Amount!.Value.MinorUnits,
        line.Why,
        line.From ?? adjustment.Effective,
        line.Until ?? adjustment.Effective);

    private static string KeyOf(AdjustmentPlan adjustment, BillingPlan plan)
    {
        string content = string.Create(
            CultureInfo.InvariantCulture,
            $"{adjustment.OpportunityId ?? plan.OpportunityId} {adjustment.Invoice.CreditNote} ")
            + string.Join(';', adjustment.Invoice.Lines.Select(line => string.Create(
                CultureInfo.InvariantCulture, $"{line.ProductCode} {line.Quantity:0.############} {line.Amount!.Value.MinorUnits} {Problems.Text(line.From ?? adjustment.Effective)}")));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..KeyDigits];
        return $"{Problems.Text(adjustment.Effective)}-{hash}";
    }
}

/// <param name="Amount">Minor units before tax; negative: given back.</param>
/// <param name="From">First day of what is charged or given back.</param>
/// <param name="Until">First day after it.</param>
public sealed record AdjustmentLine(string ProductCode, string StripeProductId, long Amount, string Description, LocalDate From, LocalDate Until);
