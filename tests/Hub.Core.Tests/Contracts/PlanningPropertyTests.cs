using FsCheck;
using FsCheck.Fluent;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>What holds for every deal, whatever its shape.</summary>
public sealed class PlanningPropertyTests
{
    private static readonly string[] Frequencies = ["Monthly", "Quarterly", "Semiannual", "Annual"];
    private static readonly string[] Policies = ["None", "Month", "Day"];

    [Fact]
    public void Phases_cover_each_lines_days_exactly_once() => Hold((shape, plan) =>
    {
        Phase[] phases = [.. plan.Schedule!.Phases];
        bool contiguous = phases.Zip(phases.Skip(1)).All(pair => pair.First.End == pair.Second.Start);
        bool whole = phases[0].Start == shape.Start && phases[^1].End == shape.End;
        bool quantities = shape.Steps.All(step => phases
            .Where(phase => phase.Start < step.End && step.Start < phase.End)
            .All(phase => phase.Items.Single().Quantity == step.Quantity && phase.Start >= shape.Start && phase.End <= shape.End));
        return contiguous && whole && quantities && phases.All(phase => phase.Start < phase.End);
    });

    // Steps begin on billing dates, prices divide evenly: each line bills its price for each of its months, a stub its share by months.
    [Fact]
    public void The_invoices_sum_to_the_lines() => Hold((shape, plan) =>
        plan.Total.MinorUnits == shape.Steps.Sum(step => step.Quantity * ((step.Months * Shape.MonthlyPrice) - (shape.Discount.MonthsOf(step, shape) * shape.Discount.PerMonth)))
        || shape.HasStubByDays);

    // A stub by days is rounded: its line once, and beside it the coupon of an amount.
    [Fact]
    public void A_shown_discount_bills_what_a_netted_one_does() => Hold((shape, plan) =>
    {
        BillingPlan other = (shape with { Discount = shape.Discount with { Shown = !shape.Discount.Shown } }).Deal().Planned(Shape.ProcessedText);
        return plan.Invoices.Length == other.Invoices.Length && plan.Invoices.Zip(other.Invoices).All(pair =>
            pair.First.Date == pair.Second.Date && Math.Abs(pair.First.Amount.MinorUnits - pair.Second.Amount.MinorUnits) <= (shape.HasStubByDays ? 1 : 0));
    });

    [Fact]
    public void A_coupon_takes_its_amount_off_each_unit_and_month_that_is_discounted() => Hold((shape, plan) => plan.Schedule!.Phases
        .SelectMany(phase => phase.Items.Select(item => (phase.Start, Item: item)))
        .All(part => part.Item.AmountOff is not { } off
            || (shape.Discount is { Shown: true, Off: > 0 } && (shape.HasStubByDays || off == part.Item.Quantity * shape.Discount.Off * Months(part.Item.Interval)))));

    [Fact]
    public void An_invoices_amount_is_the_sum_of_its_lines_and_its_due_date_follows() => Hold((_, plan) =>
        plan.Invoices.All(invoice => invoice.Amount.MinorUnits == invoice.Lines.Sum(line => line.Amount!.Value.MinorUnits)
            && invoice.Due == invoice.Date.PlusDays(20)));

    [Fact]
    public void No_invoice_is_dated_before_the_processing_date_and_they_are_in_order() => Hold((_, plan) =>
        plan.Invoices.All(invoice => invoice.Date >= Shape.Processed)
        && plan.Invoices.Zip(plan.Invoices.Skip(1)).All(pair => pair.First.Date <= pair.Second.Date));

    [Fact]
    public void Planning_is_deterministic_and_the_version_does_not_depend_on_the_day() => Hold((shape, plan) =>
        shape.Deal().Planned(Shape.ProcessedText).Version == plan.Version
        && shape.Deal().Planned("2026-10-09").Version == plan.Version
        && PlanJson.Text("1", new PlanOutcome.Planned(shape.Deal().Planned(Shape.ProcessedText)), []) == PlanJson.Text("1", new PlanOutcome.Planned(plan), []));

    [Fact]
    public void Another_quantity_or_price_is_another_version() => Prop
        .ForAll<PositiveInt>(quantity =>
        {
            string version = Deals.New().Line("SEAT", quantity.Get, 100m).Planned().Version;
            return version != Deals.New().Line("SEAT", quantity.Get + 1, 100m).Planned().Version
                && version != Deals.New().Line("SEAT", quantity.Get, 101m).Planned().Version
                && version != Deals.New().Line("SEAT", quantity.Get, 100m, ("Hub_Discount_Amount__c", 1)).Planned().Version
                && version != Deals.New().Line("SEAT", quantity.Get, 100m, ("Hub_Discount_Amount__c", 1), ("Hub_Show_Discount__c", true)).Planned().Version;
        })
        .QuickCheckThrowOnFailure();

    private static void Hold(Func<Shape, BillingPlan, bool> rule) => Prop
        .ForAll<PositiveInt, PositiveInt, PositiveInt>((days, term, kind) =>
        {
            Shape shape = Shape.Of(days.Get * 7, term.Get, kind.Get, (kind.Get / 4) + 1, Discount.Of(days.Get + (5 * term.Get) + (7 * kind.Get)));
            return rule(shape, shape.Deal().Planned(Shape.ProcessedText));
        })
        .QuickCheckThrowOnFailure();

    private static int Months(BillingInterval interval) => interval.Unit == IntervalUnit.Year ? interval.Count * 12 : interval.Count;

    /// <param name="Percent">Off the monthly price.</param>
    /// <param name="Off">Minor units off a unit and month after it.</param>
    /// <param name="Periods">Whole billing periods from a line's first day; null: all of the line.</param>
    private sealed record Discount(int Percent, long Off, bool Shown, int? Periods)
    {
        public long PerMonth => (Shape.MonthlyPrice * Percent / 100) + Off;

        public static Discount Of(int seed) => new((seed & 1) * 25, new[] { 0L, 100, 300, 900 }[(seed / 2) % 4], (seed / 8) % 2 == 0, (seed / 16) % 3 is 0 ? null : (seed / 16) % 3);

        public int MonthsOf(Step step, Shape shape) => Periods is { } periods ? Math.Min(step.Months, periods * shape.PeriodMonths) : step.Months;
    }

    private sealed record Step(LocalDate Start, LocalDate End, int Months, int Quantity);

    /// <summary>A ramp of one product: a step per billing period, at most four, the last one to the end of the term.</summary>
    private sealed record Shape(LocalDate Start, int Term, int PeriodMonths, string Frequency, string Policy, Step[] Steps, Discount Discount)
    {
        public const long MonthlyPrice = 1200;
        public const string ProcessedText = "2026-10-01";

        public static LocalDate Processed { get; } = new(2026, 10, 1);

        public LocalDate End => Start.PlusMonths(Term);

        public bool HasStubByDays => Policy == "Day" && Term % PeriodMonths != 0;

        public static Shape Of(int days, int term, int frequency, int steps, Discount discount)
        {
            LocalDate start = new LocalDate(2026, 7, 15).PlusDays(days % 1200);
            int months = (term % 48) + 1;
            string name = Frequencies[frequency % 4];
            int period = name switch { "Monthly" => 1, "Quarterly" => 3, "Semiannual" => 6, _ => 12 };
            int count = Math.Clamp(Math.Min(steps, months / period), 1, 4);
            Step[] ramp =
            [
                .. Enumerable.Range(0, count).Select(index =>
                {
                    int last = index == count - 1 ? months : (index + 1) * period;
                    return new Step(start.PlusMonths(index * period), start.PlusMonths(last), last - (index * period), index + 1);
                }),
            ];
            return new(start, months, period, name, Policies[days % 3], ramp, discount);
        }

        public Deals Deal()
        {
            Deals deal = Deals.New().With(
                ("Hub_Contract_Start__c", Text(Start)), ("Hub_Term_Months__c", Term), ("Hub_Billing_Frequency__c", Frequency), ("Hub_Proration_Policy__c", Policy));
            foreach (Step step in Steps)
            {
                deal.Line(
                    "SEAT", step.Quantity, MonthlyPrice / 100m, ("Hub_Price_Basis__c", "Month"),
                    ("Hub_Line_Start__c", Text(step.Start)), ("Hub_Line_End__c", Text(step.End.PlusDays(-1))),
                    ("Discount", Discount.Percent), ("Hub_Discount_Amount__c", Discount.Off / 100m), ("Hub_Show_Discount__c", Discount.Shown),
                    ("Hub_Discount_Months__c", Discount.PerMonth == 0 ? null : Discount.Periods * PeriodMonths));
            }

            return deal;
        }

        private static string Text(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
    }
}
