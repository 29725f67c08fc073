using System.Collections.Immutable;
using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

/// <summary>A schedule that carries the Hub's version is the plan only as long as it holds the plan's content.</summary>
public sealed class ScheduleComparisonTests
{
    private static readonly BillingInterval Yearly = new(IntervalUnit.Year, 1);

    [Fact]
    public void A_schedule_as_it_was_planned_is_unchanged() => Assert.IsType<PlanOutcome.Unchanged>(Deal().Plan(billing: Billed(Held())));

    // Stripe bills twelve months and a year alike.
    [Fact]
    public void Twelve_months_are_a_year() =>
        Assert.IsType<PlanOutcome.Unchanged>(Deal().Plan(billing: Billed(Held(interval: new(IntervalUnit.Month, 12)))));

    [Fact]
    public void What_is_not_known_of_a_schedule_proves_nothing()
    {
        HeldSchedule unknown = Held(end: null) with
        {
            Phases = [new(null, null, [new(null, 40, null) { DiscountUnknown = true }])],
        };

        Assert.IsType<PlanOutcome.Unchanged>(Deal().Plan(billing: Billed(unknown)));
        Assert.False(ScheduleComparison.Same(Deal().Planned(), unknown));
        Assert.True(ScheduleComparison.Same(Deal().Planned(), Held()));
    }

    [Theory]
    [InlineData("quantity", "the phase from 2026-10-15 does not hold 40 × SEAT at 30000 minor units less 10 %")]
    [InlineData("price", "the phase from 2026-10-15 does not hold 40 × SEAT")]
    [InlineData("currency", "the phase from 2026-10-15 does not hold 40 × SEAT")]
    [InlineData("interval", "the phase from 2026-10-15 does not hold 40 × SEAT")]
    [InlineData("no discount", "the phase from 2026-10-15 does not hold 40 × SEAT")]
    [InlineData("another discount", "the phase from 2026-10-15 does not hold 40 × SEAT")]
    [InlineData("one more item", "holds an item of product prod_SUPPORT that was not planned")]
    [InlineData("one more phase", "it has 2 phases instead of 1 phase")]
    [InlineData("end", "a phase runs from 2026-10-15 to 2027-09-15 instead of 2026-10-15 to 2027-10-15")]
    [InlineData("release", "its end_behavior is release instead of cancel")]
    public void A_schedule_that_was_edited_by_hand_is_a_finding(string edit, string difference)
    {
        HeldSchedule held = edit switch
        {
            "quantity" => Held(quantity: 41),
            "price" => Held(unitAmount: 29900),
            "currency" => Held(currency: "eur"),
            "interval" => Held(interval: new(IntervalUnit.Month, 1)),
            "no discount" => Held(percentOff: null),
            "another discount" => Held(percentOff: 0),
            "one more item" => Held() with { Phases = [Held().Phases[0] with { Items = [.. Held().Phases[0].Items, new(new("prod_SUPPORT", "usd", Yearly, 1, []), 1, null)] }] },
            "one more phase" => Held() with { Phases = [.. Held().Phases, .. Held().Phases] },
            "end" => Held() with { Phases = [Held().Phases[0] with { End = Deals.Date("2027-09-15") }] },
            _ => Held(end: "release"),
        };

        Problem problem = Assert.Single(Deal().Findings(billing: Billed(held)));

        Assert.Equal(("schedule-edited", "Opportunity", "Hub_Stripe_Schedule_Id__c", "sub_sched_1"), (problem.Code, problem.Object, problem.Field, problem.Value));
        Assert.Contains(difference, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net days", "invoices of the phase from 2026-10-15 are due after 60 days instead of 20")]
    [InlineData("collection", "the phase from 2026-10-15 is collected by charge_automatically instead of send_invoice")]
    [InlineData("trial", "the phase from 2026-10-15 is paid for from 2026-12-15 instead of 2026-10-15")]
    [InlineData("discount", "the phase from 2026-10-15 has a discount as a whole")]
    [InlineData("one more one-time item", "the phase from 2026-10-15 holds other one-time items than planned")]
    [InlineData("no one-time item", "the phase from 2026-10-15 holds other one-time items than planned")]
    [InlineData("dearer", "the phase from 2026-10-15 holds other one-time items than planned")]
    [InlineData("discounted", "the phase from 2026-10-15 holds other one-time items than planned")]
    public void Terms_that_were_edited_by_hand_are_a_finding(string edit, string difference)
    {
        Deals deal = Deal().Line("SETUP", 2.5m, 100.00m, ("Hub_Charge_Type__c", "One-time"), ("Hub_Price_Basis__c", "Once"));
        HeldPhase sent = HeldPhases.Of(deal.Planned().Schedule!.Phases[0], deal.Planned(), begun: false);
        HeldPhase held = edit switch
        {
            "net days" => sent with { NetDays = 60 },
            "collection" => sent with { CollectionMethod = "charge_automatically" },
            "trial" => sent with { PaidFrom = Deals.Date("2026-12-15") },
            "discount" => sent with { Discounted = true },
            "one more one-time item" => sent with { OneTime = [.. sent.OneTime!.Value, new("prod_SETUP", 25000, null)] },
            "no one-time item" => sent with { OneTime = [] },
            "dearer" => sent with { OneTime = [new("prod_SETUP", 25001, null)] },
            _ => sent with { OneTime = [new("prod_SETUP", 25000, 10)] },
        };

        Assert.Null(ScheduleComparison.Difference(deal.Planned(), new("cancel", [sent])));
        Assert.Null(ScheduleComparison.Difference(deal.Planned(), new("cancel", [held with { NetDays = null, CollectionMethod = null, PaidFrom = null, Discounted = false, OneTime = null }])));
        Assert.Contains(difference, ScheduleComparison.Difference(deal.Planned(), new("cancel", [held])), StringComparison.Ordinal);
        Assert.NotEqual(ScheduleHash.Of(deal.Planned()), ScheduleHash.Of(new HeldSchedule("cancel", [held])));
        Assert.Equal(ScheduleHash.Of(deal.Planned()), ScheduleHash.Of(new HeldSchedule("cancel", [sent])));
    }

    // 10 % and 20.00 off each of 40 seats, 10.00 off the setup.
    [Theory]
    [InlineData(null, 1000L, "does not hold 40 × SEAT at 30000 minor units less 10 % less 80000 minor units")]
    [InlineData(79999L, 1000L, "does not hold 40 × SEAT at 30000 minor units less 10 % less 80000 minor units")]
    [InlineData(80000L, null, "holds other one-time items than planned")]
    [InlineData(80000L, 999L, "holds other one-time items than planned")]
    public void An_amount_off_that_was_edited_by_hand_is_a_finding(long? seats, long? setup, string difference)
    {
        BillingPlan plan = Deals.New()
            .Line("SEAT", 40, 300.00m, ("Discount", 10), ("Hub_Discount_Amount__c", 20), ("Hub_Show_Discount__c", true))
            .OneTime("SETUP", 1, 450.00m, ("Hub_Discount_Amount__c", 10), ("Hub_Show_Discount__c", true)).Planned();
        HeldPhase sent = HeldPhases.Of(plan.Schedule!.Phases[0], plan, begun: false);
        var held = new HeldSchedule("cancel", [sent with { Items = [sent.Items[0] with { AmountOff = seats }], OneTime = [sent.OneTime!.Value[0] with { AmountOff = setup }] }]);

        Assert.Null(ScheduleComparison.Difference(plan, new("cancel", [sent])));
        Assert.Contains(difference, ScheduleComparison.Difference(plan, held), StringComparison.Ordinal);
        Assert.Equal(ScheduleHash.Of(plan), ScheduleHash.Of(new HeldSchedule("cancel", [sent])));
        Assert.NotEqual(ScheduleHash.Of(plan), ScheduleHash.Of(held));
    }

    private static Deals Deal() => Deals.New().Line("SEAT", 40, 300.00m, ("Discount", 10), ("Hub_Show_Discount__c", true));

    private static BillingSnapshot Billed(HeldSchedule held) => new(
        new("cus_1", "usd"), [], new("sub_sched_1", "sub_1", null, "active", Deal().Planned().Version, null) { Schedule = held });

    private static HeldSchedule Held(
        decimal quantity = 40, decimal unitAmount = 30000, string currency = "usd", BillingInterval? interval = null, decimal? percentOff = 10, string? end = "cancel") => new(
        end,
        [new(Deals.Date("2026-10-15"), Deals.Date("2027-10-15"), [new(new("prod_SEAT", currency, interval ?? Yearly, unitAmount, []), quantity, percentOff)])]);
}
