using System.Collections.Immutable;
using Hub.Core.Money;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Which deals wait until a named person approves them (settings <c>Contracts:ApprovalAbove</c> and <c>Contracts:ApprovalDiscountPercent</c>).</summary>
public static class ApprovalRules
{
    private const int ShownDecimals = 4;
    private const string Way = "Have it approved in Salesforce (button Approve billing); a change of the deal afterwards needs another approval.";

    /// <summary>Why the plan needs an approval; empty when it needs none.</summary>
    /// <param name="deal">The opportunity that is planned: its lines' discounts count.</param>
    /// <param name="plan">Its contract's total counts, as it stands after the opportunity.</param>
    public static ImmutableArray<Problem> Reasons(DealSnapshot deal, BillingPlan plan, ContractsOptions options) => [.. Value(deal, plan, options), .. Discounts(deal, options)];

    /// <summary>The approval of exactly this version; null when there is none.</summary>
    /// <remarks>An approval of another version is void: what was approved is not what would be billed.</remarks>
    public static Approval? Of(DealSnapshot deal, string version) =>
        deal.Opportunity.Text(F.Opportunity.ApprovedBy) is { } by
        && deal.Opportunity.Text(F.Opportunity.ApprovedAt) is { } at
        && deal.Opportunity.Text(F.Opportunity.ApprovedVersion) == version
            ? new(by, at, version)
            : null;

    /// <summary>The approval that let a plan be applied, whichever day's version it names; null where none was needed.</summary>
    public static Approval? Given(DealSnapshot deal, BillingPlan plan, ContractsOptions options) =>
        Reasons(deal, plan, options).IsEmpty || deal.Opportunity.Text(F.Opportunity.ApprovedVersion) is not { } version ? null : Of(deal, version);

    /// <summary>The outcome, unless it waits for an approval that is not there.</summary>
    public static PlanOutcome Gate(PlanOutcome outcome, DealSnapshot deal, ContractsOptions options) =>
        outcome is PlanOutcome.Planned(var plan) && Reasons(deal, plan, options) is { IsEmpty: false } reasons
            ? Of(deal, plan.Version) is { } approval ? new PlanOutcome.Planned(plan with { Approval = approval }) : new PlanOutcome.AwaitsApproval(plan, reasons)
            : outcome;

    private static IEnumerable<Problem> Value(DealSnapshot deal, BillingPlan plan, ContractsOptions options)
    {
        if (!options.ApprovalAbove.TryGetValue(plan.Currency.Code, out decimal limit) || plan.Total.ToMajorUnits() <= limit)
        {
            yield break;
        }

        yield return new(
            ProblemCodes.ApprovalNeeded, deal.Opportunity.Object, deal.Opportunity.Id, F.Opportunity.ApprovedBy, deal.Opportunity.Text(F.Opportunity.ApprovedBy),
            $"The contract comes to {Problems.Price(plan.Total.ToMajorUnits(), plan.Currency)}; contracts above {Problems.Price(limit, plan.Currency)} are approved by a person first.",
            Way);
    }

    private static IEnumerable<Problem> Discounts(DealSnapshot deal, ContractsOptions options)
    {
        if (options.ApprovalDiscountPercent is not { } limit)
        {
            yield break;
        }

        foreach (SalesforceRecord line in deal.Lines)
        {
            var reading = new FieldReading(line, new());
            decimal percent = reading.Number(F.Line.Discount).Value ?? 0;
            decimal amount = reading.Number(F.Line.DiscountAmount).Value ?? 0;
            Rational discount = percent + OfPrice(amount, reading.Number(F.Line.UnitPrice).Value);
            if (discount > limit)
            {
                string field = percent > limit || amount == 0 ? F.Line.Discount : F.Line.DiscountAmount;
                yield return new(
                    ProblemCodes.ApprovalNeeded, line.Object, line.Id, field, line.Text(field),
                    $"The line has a discount of {Problems.Text(amount > 0 ? discount.ToDecimal(ShownDecimals) : percent)} %{(amount > 0 ? " of its price, percentage and amount together" : "")}; "
                        + $"discounts above {Problems.Text(limit)} % are approved by a person first.",
                    Way);
            }
        }
    }

    // What is taken off after the percentage is the same share of the price before it.
    private static Rational OfPrice(decimal amount, decimal? price) => amount > 0 && price is > 0 and { } whole ? (Rational)amount * 100L / whole : Rational.Zero;
}

/// <param name="By">Id of the Salesforce user.</param>
/// <param name="At">When, as Salesforce states it.</param>
/// <param name="Version">The plan that was approved.</param>
public sealed record Approval(string By, string At, string Version);
