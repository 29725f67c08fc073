using System.Collections.Immutable;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>Thirteen monthly steps from 1 November 2026: ten of them at a time in Stripe, the next one the day after one has passed.</summary>
public sealed class PhaseWindowTests
{
    internal static readonly ContractsOptions Rolling = new() { RollingPhases = true };

    [Fact]
    public void Ten_phases_are_sent_at_once_and_end_as_sold()
    {
        BillingPlan plan = Steps(10).Planned(options: Rolling);

        Assert.Null(plan.PhasesUntil);
        Assert.Null(PhaseWindow.DueOn(plan));
        Assert.Equal((10, EndBehavior.Cancel), (PhaseWindow.Sent(plan).Length, PhaseWindow.EndSent(plan)));
    }

    [Fact]
    public void Of_more_phases_the_plan_shows_all_and_Stripe_is_sent_ten_that_would_rather_go_on_than_end()
    {
        BillingPlan plan = Steps(13).Planned(options: Rolling);

        Assert.Equal(13, plan.Schedule!.Phases.Length);
        Assert.Equal(13, plan.Invoices.Length);
        Assert.Equal(EndBehavior.Cancel, plan.Schedule.EndBehavior);
        Assert.Equal(Deals.Date("2027-09-01"), plan.PhasesUntil);
        Assert.Equal(10, PhaseWindow.Sent(plan).Length);
        Assert.Equal(EndBehavior.Release, PhaseWindow.EndSent(plan));
        Assert.Equal(Deals.Date("2026-12-02"), PhaseWindow.DueOn(plan));
    }

    // A phase counts through the day it ends on.
    [Theory]
    [InlineData("2026-10-01", "2027-09-01")]
    [InlineData("2026-12-01", "2027-09-01")]
    [InlineData("2026-12-02", "2027-10-01")]
    [InlineData("2027-01-02", "2027-11-01")]
    [InlineData("2027-02-01", "2027-11-01")]
    [InlineData("2027-02-02", null)]
    [InlineData("2029-01-01", null)]
    public void The_window_moves_on_the_day_after_a_phase_has_ended(string day, string? until) =>
        Assert.Equal(until is null ? null : Deals.Date(until), PhaseWindow.Until(Steps(13).Planned(options: Rolling).Schedule!.Phases, Deals.Date(day)));

    [Fact]
    public void The_due_day_is_the_first_on_which_the_window_moves()
    {
        BillingPlan plan = Steps(24).Planned(options: Rolling);
        for (LocalDate day = Deals.Date("2026-10-01"); plan.PhasesUntil is not null; day = day.PlusDays(1))
        {
            BillingPlan next = plan with { PhasesUntil = PhaseWindow.Until(plan.Schedule!.Phases, day) };
            Assert.Equal(day >= PhaseWindow.DueOn(plan), next.PhasesUntil != plan.PhasesUntil);
            plan = next;
        }
    }

    [Fact]
    public void Phases_that_had_passed_before_the_contract_was_processed_do_not_count()
    {
        BillingPlan plan = Steps(13).Planned("2027-01-15", options: Rolling);

        Assert.Equal(Deals.Date("2027-11-01"), plan.PhasesUntil);
        Assert.Equal(12, PhaseWindow.Sent(plan).Length);
    }

    [Fact]
    public void Neither_the_window_nor_its_day_changes_the_version() =>
        Assert.Equal(Steps(13).Planned(options: Rolling).Version, Steps(13).Planned("2027-01-15", options: Rolling).Version);

    [Fact]
    public void Exactly_what_was_sent_is_unchanged_also_after_the_setting_was_switched_off()
    {
        Assert.IsType<PlanOutcome.Unchanged>(Steps(13).Plan(billing: Billed(Held()), options: Rolling));
        Assert.IsType<PlanOutcome.Unchanged>(Steps(13).Plan(billing: Billed(Held())));
        Assert.IsType<PlanOutcome.Unchanged>(Steps(13).Plan(billing: Billed(Held(phases: 13, until: null, end: "cancel")), options: Rolling));
    }

    [Theory]
    [InlineData(9, "2027-09-01", "release", "it has 9 phases instead of 10 phases")]
    [InlineData(11, "2027-09-01", "release", "it has 11 phases instead of 10 phases")]
    [InlineData(10, null, "release", "it has 10 phases instead of 13 phases")]
    [InlineData(10, "2027-10-01", "release", "it has 10 phases instead of 11 phases")]
    [InlineData(10, "2027-09-01", "cancel", "its end_behavior is cancel instead of release")]
    [InlineData(13, null, "release", "its end_behavior is release instead of cancel")]
    public void Any_other_part_of_the_plan_was_edited_by_hand(int phases, string? until, string end, string difference)
    {
        Problem problem = Assert.Single(Steps(13).Findings(billing: Billed(Held(phases, until, end)), options: Rolling));

        Assert.Equal("schedule-edited", problem.Code);
        Assert.Contains(difference, problem.Message, StringComparison.Ordinal);
    }

    // Nothing that Stripe holds tells whether a change in the twelfth month was applied; the version does.
    [Fact]
    public void An_amendment_beyond_what_was_sent_is_not_taken_for_applied()
    {
        Deals more = Deals.Amending("Upsell", "2027-10-01").Line("SEAT", 5, 10m, ("Hub_Price_Basis__c", "Month"));
        BillingSnapshot billing = Billed(Held());

        PlanOutcome outcome = Deals.Plan(billing, Rolling, (Steps(13), "2026-10-01"), (more, "2026-11-10"));

        BillingPlan plan = Assert.IsType<PlanOutcome.Planned>(outcome).Plan;
        Assert.Equal(Deals.Date("2027-09-01"), plan.PhasesUntil);
        Assert.True(plan.Change!.WasWindow);
        billing = billing with { Contract = billing.Contract! with { Version = plan.Version } };
        Assert.IsType<PlanOutcome.Unchanged>(Deals.Plan(billing, Rolling, (Steps(13), "2026-10-01"), (more, "2026-11-10")));
    }

    /// <summary>A step a month, each with a seat more, at 10.00.</summary>
    /// <param name="last">Seats of the last step; null: one more than before.</param>
    internal static Deals Steps(int count, int? last = null)
    {
        Deals deal = Deals.New().With(("Hub_Contract_Start__c", "2026-11-01"), ("Hub_Term_Months__c", count), ("Hub_Billing_Frequency__c", "Monthly"));
        for (int step = 0; step < count; step++)
        {
            LocalDate start = new LocalDate(2026, 11, 1).PlusMonths(step);
            deal.Line(
                "SEAT", step == count - 1 ? last ?? count : step + 1, 10m, ("Hub_Price_Basis__c", "Month"),
                ("Hub_Line_Start__c", start.ToString("uuuu-MM-dd", null)), ("Hub_Line_End__c", start.PlusMonths(1).PlusDays(-1).ToString("uuuu-MM-dd", null)));
        }

        return deal;
    }

    private static BillingSnapshot Billed(HeldSchedule held) => new(
        new("cus_1", "usd"), [], new("sub_sched_1", null, null, "active", Steps(13).Planned(options: Rolling).Version, null) { Schedule = held });

    private static HeldSchedule Held(int phases = 10, string? until = "2027-09-01", string end = "release") => new(
        end,
        [
            .. Steps(13).Planned(options: Rolling).Schedule!.Phases.Take(phases).Select(phase => HeldPhases.Of(phase, Steps(13).Planned(options: Rolling))),
        ])
    {
        PhasesUntil = until is null ? null : Deals.Date(until),
    };
}
