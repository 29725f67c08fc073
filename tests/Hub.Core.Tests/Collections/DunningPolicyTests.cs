using Hub.Core.Collections;
using Hub.Core.Invoices;
using Hub.Core.Tests.Invoices;
using NodaTime;

namespace Hub.Core.Tests.Collections;

/// <summary>The invoice is due on Sunday 2027-01-31 unless a test says otherwise; February 1st is a Monday.</summary>
public class DunningPolicyTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    private static readonly DunningTerms Terms = new CollectionsOptions().ToTerms(DateTimeZone.Utc);

    [Theory]
    [InlineData("S-3", "2027-01-28T09:00:00Z")] // Thursday
    [InlineData("S1", "2027-02-01T09:00:00Z")] // Monday
    [InlineData("S7", "2027-02-08T09:00:00Z")] // due + 7 is Sunday the 7th, rolls to Monday
    [InlineData("S14", "2027-02-15T09:00:00Z")] // Sunday the 14th, rolls to Monday
    [InlineData("S30", "2027-03-02T09:00:00Z")] // Tuesday
    public void Steps_are_calendar_days_from_the_due_date_rolled_to_a_weekday(string step, string planned) =>
        Assert.Equal(At(planned), Decide(step, "2027-01-02T00:00:00Z").PlannedAt);

    [Fact]
    public void A_step_before_the_due_date_rolls_backwards()
    {
        // Due Wednesday 2027-02-03; three days before is Sunday, so it leaves on Friday the 29th.
        Invoice invoice = TestInvoice.Open() with { DueAt = Instant.FromUtc(2027, 2, 3, 0, 0) };

        Assert.Equal(At("2027-01-29T09:00:00Z"), Decide("S-3", "2027-01-02T00:00:00Z", invoice).PlannedAt);
    }

    [Fact]
    public void Where_weekends_are_business_days_nothing_rolls() => Assert.Equal(
        At("2027-02-07T09:00:00Z"),
        DunningPolicy.PlannedAt(Terms with { WeekendsAreBusinessDays = true }, Terms.Steps[2], new LocalDate(2027, 1, 31), DateTimeZone.Utc));

    [Fact]
    public void The_due_date_is_the_date_in_the_billing_zone()
    {
        // Midnight UTC on the 31st is still the evening of the 30th in New York: one day after is Sunday the 31st, rolled to Monday 09:00 EST.
        Assert.Equal(At("2027-02-01T14:00:00Z"), Decide("S1", "2027-01-02T00:00:00Z", zone: NewYork).PlannedAt);
        // S14 shows the shifted date: January 30th and 14 days is Saturday the 13th, rolled to Monday the 15th.
        Assert.Equal(At("2027-02-15T14:00:00Z"), Decide("S14", "2027-01-02T00:00:00Z", zone: NewYork).PlannedAt);
    }

    [Fact]
    public void A_send_time_inside_the_spring_gap_shifts_forward_by_the_gap()
    {
        // Clocks in New York jump from 02:00 to 03:00 on Sunday 2027-03-14: 02:30 does not exist and becomes 03:30 EDT.
        DunningTerms terms = Terms with { WeekendsAreBusinessDays = true };
        DunningStep step = Terms.Steps[1] with { SendTime = new LocalTime(2, 30) };

        Assert.Equal(At("2027-03-14T07:30:00Z"), DunningPolicy.PlannedAt(terms, step, new LocalDate(2027, 3, 13), NewYork));
    }

    [Fact]
    public void A_send_time_that_comes_twice_in_autumn_means_the_first()
    {
        // 01:30 on Sunday 2027-11-07 comes first as EDT, which is 05:30 UTC.
        DunningTerms terms = Terms with { WeekendsAreBusinessDays = true };
        DunningStep step = Terms.Steps[1] with { SendTime = new LocalTime(1, 30) };

        Assert.Equal(At("2027-11-07T05:30:00Z"), DunningPolicy.PlannedAt(terms, step, new LocalDate(2027, 11, 6), NewYork));
    }

    [Theory]
    [InlineData("2027-02-01T08:59:59Z", StepStatus.Planned)]
    [InlineData("2027-02-01T09:00:00Z", StepStatus.Due)]
    [InlineData("2027-02-01T17:59:59Z", StepStatus.Due)]
    [InlineData("2027-02-01T18:00:00Z", StepStatus.HeldBack)] // closed
    [InlineData("2027-02-02T03:00:00Z", StepStatus.HeldBack)] // before the next slot
    [InlineData("2027-02-02T09:00:00Z", StepStatus.Due)]
    [InlineData("2027-02-06T10:00:00Z", StepStatus.HeldBack)] // Saturday
    public void A_ripe_step_leaves_only_inside_its_slot_on_a_weekday(string now, StepStatus status) =>
        Assert.Equal(status, Decide("S1", now).Status);

    [Fact]
    public void Of_several_ripe_steps_the_highest_leaves_and_the_lower_ones_are_superseded_by_it()
    {
        Assert.Equal(StepStatus.Due, Decide("S14", "2027-02-15T09:00:00Z").Status);
        Assert.Equal((StepStatus.Superseded, "S14"), StatusOf("S1", "2027-02-15T09:00:00Z"));
        Assert.Equal((StepStatus.Superseded, "S14"), StatusOf("S7", "2027-02-15T09:00:00Z"));
        Assert.Equal(StepStatus.Planned, Decide("S30", "2027-02-15T09:00:00Z").Status);
    }

    [Fact]
    public void A_step_that_was_ripe_when_a_higher_one_left_was_superseded_then() => Assert.Equal(
        (StepStatus.Superseded, "S7"), StatusOf("S1", "2027-02-09T09:00:00Z", ledger: Sent("S7", "2027-02-08T09:00:00Z")));

    [Fact]
    public void A_later_due_date_plans_the_unsent_steps_again_and_repeats_no_sent_one()
    {
        // S7 left on February 8th; then the due date moved to Wednesday March 10th. S1 is planned anew, S7 never repeats.
        Invoice moved = TestInvoice.Open() with { DueAt = Instant.FromUtc(2027, 3, 10, 0, 0) };

        Assert.Equal(StepStatus.Due, Decide("S1", "2027-03-11T09:00:00Z", moved, ledger: Sent("S7", "2027-02-08T09:00:00Z")).Status);
        Assert.Equal(StepStatus.Done, Decide("S7", "2027-03-17T09:00:00Z", moved, ledger: Sent("S7", "2027-02-08T09:00:00Z")).Status);
    }

    [Theory]
    [InlineData("2027-01-30T23:59:59Z", StepStatus.HeldBack)] // a Saturday night, still before the due date
    [InlineData("2027-01-31T00:00:00Z", StepStatus.Expired)]
    public void A_step_before_the_due_date_expires_when_it_begins(string now, StepStatus status) => Assert.Equal(status, Decide("S-3", now).Status);

    [Theory]
    [InlineData("2027-02-01T23:59:59Z", StepStatus.HeldBack)]
    [InlineData("2027-02-02T00:00:00Z", StepStatus.Expired)]
    public void A_step_on_the_due_date_expires_when_its_planned_day_ends(string now, StepStatus status)
    {
        // Due Sunday the 31st, rolled to Monday the 1st.
        DunningTerms terms = Terms with { Steps = [Terms.Steps[0] with { Key = "S0", OffsetDays = 0 }] };

        Assert.Equal(status, Decide("S0", now, terms: terms).Status);
    }

    [Fact]
    public void Steps_planned_before_the_invoice_was_finalised_are_not_applicable()
    {
        Invoice late = TestInvoice.Open() with { FinalizedAt = At("2027-02-01T09:00:01Z") };

        Assert.Equal(StepStatus.NotApplicable, Decide("S1", "2027-02-02T10:00:00Z", late).Status);
        Assert.Equal(StepStatus.Planned, Decide("S7", "2027-02-02T10:00:00Z", late).Status);
    }

    [Fact]
    public void Steps_planned_before_the_hub_was_switched_on_are_not_caught_up()
    {
        DunningTerms terms = Terms with { SwitchedOn = At("2027-02-10T00:00:00Z") };

        Assert.Equal(StepStatus.NotApplicable, Decide("S7", "2027-02-10T10:00:00Z", terms: terms).Status);
        Assert.Equal(StepStatus.Due, Decide("S14", "2027-02-15T10:00:00Z", terms: terms).Status);
    }

    [Theory]
    [InlineData(InvoiceStatus.Paid, "paid")]
    [InlineData(InvoiceStatus.Void, "void")]
    [InlineData(InvoiceStatus.Uncollectible, "uncollectible")]
    public void A_settled_invoice_cancels_what_is_left(InvoiceStatus status, string reason) => Assert.Equal(
        (StepStatus.Cancelled, reason), StatusOf("S7", "2027-02-08T09:00:00Z", TestInvoice.Open() with { Status = status }));

    [Fact]
    public void A_draft_a_charged_invoice_and_one_without_due_date_have_no_steps()
    {
        Assert.Empty(Evaluate(TestInvoice.Open() with { Status = InvoiceStatus.Draft }));
        Assert.Empty(Evaluate(TestInvoice.Open() with { SentToCustomer = false }));
        Assert.Empty(Evaluate(TestInvoice.Open() with { DueAt = null }));
    }

    [Theory]
    [InlineData(500, 500, "below-floor")] // not more than the floor
    [InlineData(501, 500, null)]
    [InlineData(0, 0, "below-floor")]
    public void Only_more_than_the_floor_is_chased(long remaining, long floor, string? reason) => Assert.Equal(
        reason, Decide("S1", "2027-02-01T10:00:00Z", TestInvoice.Open() with { AmountRemaining = remaining }, terms: Terms with { FloorMinorUnits = floor }).Reason);

    [Theory]
    [InlineData(10_000, "payment-in-flight")]
    [InlineData(9_999, null)]
    public void A_payment_in_flight_that_covers_the_rest_holds_the_step_back(long processing, string? reason) => Assert.Equal(
        reason, Decide("S1", "2027-02-01T10:00:00Z", TestInvoice.Open() with { Processing = processing }).Reason);

    [Fact]
    public void A_dispute_holds_the_step_back_and_is_not_asked_for()
    {
        Invoice disputed = TestInvoice.Open() with { Disputed = 4_000 };

        Assert.Equal((StepStatus.HeldBack, "disputed"), StatusOf("S1", "2027-02-01T10:00:00Z", disputed));
        Assert.Equal(6_000, DunningPolicy.AmountAsked(disputed));
    }

    [Fact]
    public void Without_an_address_the_step_waits() => Assert.Equal(
        (StepStatus.HeldBack, "no-address"), StatusOf("S1", "2027-02-01T10:00:00Z", TestInvoice.Open() with { CustomerEmail = null }));

    [Fact]
    public void A_held_back_step_leaves_at_the_first_evaluation_afterwards()
    {
        Invoice failed = TestInvoice.Open() with { Processing = 0 };

        Assert.Equal(StepStatus.Due, Decide("S1", "2027-02-03T10:00:00Z", failed).Status);
    }

    private static (StepStatus Status, string? Reason) StatusOf(string step, string now, Invoice? invoice = null, ReminderEntry? ledger = null)
    {
        StepDecision decision = Decide(step, now, invoice, ledger: ledger);
        return (decision.Status, decision.Reason);
    }

    private static StepDecision Decide(
        string step, string now, Invoice? invoice = null, DateTimeZone? zone = null, DunningTerms? terms = null, ReminderEntry? ledger = null) =>
        DunningPolicy.Evaluate(terms ?? Terms, invoice ?? TestInvoice.Open(), ledger is null ? [] : [ledger], zone ?? DateTimeZone.Utc, At(now))
            .Single(decision => decision.Step.Key == step);

    private static System.Collections.Immutable.ImmutableArray<StepDecision> Evaluate(Invoice invoice) => DunningPolicy.Evaluate(Terms, invoice, [], DateTimeZone.Utc, At("2027-02-08T09:00:00Z"));

    private static ReminderEntry Sent(string step, string at) => new("cus_1", "in_1", step, ReminderState.Sent, "op", null, At(at), null);

    private static Instant At(string text) => NodaTime.Text.InstantPattern.ExtendedIso.Parse(text).Value;
}
