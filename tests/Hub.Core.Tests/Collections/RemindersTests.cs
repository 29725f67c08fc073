using Hub.Core.Collections;
using Hub.Core.Invoices;
using Hub.Core.Tests.Audit;
using Hub.Core.Tests.Invoices;
using Hub.Core.Tests.StripeEvents;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Tests.Collections;

/// <summary>The invoice is due on 2027-01-31; on February 15th at ten S14 is due and S1 and S7 have been missed.</summary>
public class RemindersTests
{
    private static readonly Instant February15 = Instant.FromUtc(2027, 2, 15, 10, 0);
    private static readonly Instant February1 = Instant.FromUtc(2027, 2, 1, 10, 0);

    [Fact]
    public async Task A_due_step_is_asked_for_once_until_it_is_sent()
    {
        var hub = new World(February1);

        Assert.Equal(new PlannedReminders(1, 1), await hub.Plan());
        await hub.SendAll();
        Assert.Equal(new PlannedReminders(1, 0), await hub.Plan());

        Assert.Equal("reminder-in_1-S1", Assert.Single(hub.Mailer.Delivered).OperationId);
    }

    [Fact]
    public async Task A_reminder_says_what_is_open_since_when_and_where_to_pay()
    {
        var hub = new World(February15);
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open() with { AmountRemaining = 6_000 };

        await hub.Send("S14");

        MailMessage mail = Assert.Single(hub.Mailer.Delivered);
        Assert.Equal(("pay@example.com", "overdue"), (mail.To, mail.Template));
        Assert.Equal(
            new ReminderContent("Example Ltd", "H-0001", new Core.Money.Amount(6_000, Core.Money.Currency.Usd), new LocalDate(2027, 1, 31), 15, "https://pay.example/1"),
            mail.Data);
    }

    [Fact]
    public async Task Sending_closes_the_lower_steps_and_leaves_one_audit_entry()
    {
        var hub = new World(February15);

        await hub.Send("S14");

        Assert.Equal(
            [("S14", ReminderState.Sent, null), ("S1", ReminderState.Superseded, "S14"), ("S7", ReminderState.Superseded, "S14")],
            hub.Ledger.Rows.Select(row => (row.Step, row.State, row.Reason)));
        Assert.Equal(
            "{\"invoice\":\"in_1\",\"operation\":\"reminder-in_1-S14\",\"reason\":null,\"state\":\"Sent\",\"step\":\"S14\",\"superseded\":[\"S1\",\"S7\"]}",
            Assert.Single(hub.Audit.Entries).Payload);
    }

    [Fact]
    public async Task A_reminder_sent_last_week_is_not_superseded_by_this_weeks()
    {
        var hub = new World(February1);
        await hub.Send("S1");
        hub.Clock.Now = Instant.FromUtc(2027, 2, 8, 10, 0);

        await hub.Send("S7");

        Assert.Equal([("S1", ReminderState.Sent), ("S7", ReminderState.Sent)], hub.Ledger.Rows.Select(row => (row.Step, row.State)));
        Assert.EndsWith("\"superseded\":[]}", hub.Audit.Entries[1].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_delivered_twice_sends_once()
    {
        var hub = new World(February1);

        await hub.Send("S1");
        await hub.Send("S1");

        Assert.Single(hub.Mailer.Delivered);
        Assert.Single(hub.Audit.Entries);
    }

    [Theory]
    [InlineData(InvoiceStatus.Paid, "paid")]
    [InlineData(InvoiceStatus.Void, "void")]
    public async Task An_invoice_settled_meanwhile_cancels_the_step(InvoiceStatus status, string reason)
    {
        var hub = new World(February1);
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open() with { Status = status };

        await hub.Send("S1");

        Assert.Empty(hub.Mailer.Delivered);
        Assert.Equal((ReminderState.Cancelled, reason), (hub.Ledger.Rows.Single().State, hub.Ledger.Rows.Single().Reason));
        Assert.Equal("reminder.cancelled", Assert.Single(hub.Audit.Entries).Action);
    }

    [Fact]
    public async Task A_late_message_for_a_step_that_a_higher_one_overtook_sends_nothing()
    {
        var hub = new World(February15);

        await hub.Send("S7");

        Assert.Empty(hub.Mailer.Delivered);
        Assert.Equal(("S7", ReminderState.Superseded), (hub.Ledger.Rows.Single().Step, hub.Ledger.Rows.Single().State));
    }

    [Fact]
    public async Task Outside_the_slot_nothing_is_claimed_and_the_step_is_asked_for_again_next_day()
    {
        var hub = new World(Instant.FromUtc(2027, 2, 1, 18, 0));

        await hub.Send("S1");
        Assert.Empty(hub.Ledger.Rows);

        hub.Clock.Now = Instant.FromUtc(2027, 2, 2, 9, 0);
        Assert.Equal(1, (await hub.Plan()).Enqueued);
    }

    [Fact]
    public async Task A_payment_that_starts_between_claim_and_hand_over_hands_the_claim_back_and_the_step_leaves_later()
    {
        var hub = new World(February1, keepsIds: false);
        hub.Stripe.OnRead = read => hub.Stripe.Invoices["in_1"] = TestInvoice.Open() with { Processing = read == 1 ? 10_000 : 0 };

        await hub.Send("S1");
        Assert.Empty(hub.Mailer.Delivered);
        Assert.True(ReminderClaim.IsHandedBack(hub.Ledger.Rows.Single()));

        Assert.Equal(1, (await hub.Plan()).Enqueued);
        await hub.SendAll();
        Assert.Single(hub.Mailer.Delivered);
        Assert.Equal(ReminderState.Sent, hub.Ledger.Rows.Single().State);
    }

    [Fact]
    public async Task A_refused_address_ends_the_step_and_no_log_or_audit_names_it()
    {
        var hub = new World(February1);
        hub.Mailer.Refuses = true;

        await hub.Send("S1");

        Assert.Equal((ReminderState.Cancelled, "undeliverable"), (hub.Ledger.Rows.Single().State, hub.Ledger.Rows.Single().Reason));
        Assert.DoesNotContain("mailbox", Assert.Single(hub.Audit.Entries).Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switched_off_nothing_is_planned_or_sent()
    {
        var hub = new World(February1, new CollectionsOptions { Enabled = false });

        Assert.Equal(new PlannedReminders(0, 0), await hub.Plan());
        await hub.Send("S1");

        Assert.Empty(hub.Mailer.Delivered);
        Assert.Empty(hub.Ledger.Rows);
    }

    [Fact]
    public async Task A_step_that_the_policy_no_longer_has_is_dropped()
    {
        var hub = new World(February1);

        await hub.Send("S99");

        Assert.Empty(hub.Ledger.Rows);
    }

    [Fact]
    public async Task Crashing_after_any_effect_sends_exactly_once_and_ends_with_the_same_rows()
    {
        int effects = await EffectsOfOneReminder();
        Assert.True(effects >= 8, $"claim, mail, ledger, two rows claimed and closed, audit: only {effects} effects were seen");
        for (int crash = 1; crash <= effects; crash++)
        {
            var hub = new World(February15);
            hub.Faults.CrashAfter = crash;

            await hub.UntilDone("S14");
            await hub.UntilDone("S14");

            Assert.Single(hub.Mailer.Delivered);
            Assert.Equal(
                [("S1", ReminderState.Superseded), ("S14", ReminderState.Sent), ("S7", ReminderState.Superseded)],
                hub.Ledger.Rows.Select(row => (row.Step, row.State)).OrderBy(row => row.Step, StringComparer.Ordinal));
            Assert.Contains("\"superseded\":[\"S1\",\"S7\"]", Assert.Single(hub.Audit.Entries).Payload, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_the_provider_cannot_tell_a_crash_never_doubles_the_message_and_asks_for_a_person()
    {
        for (int crash = 1; crash <= await EffectsOfOneReminder(); crash++)
        {
            var hub = new World(February15, keepsIds: false);
            hub.Faults.CrashAfter = crash;

            await hub.UntilDone("S14");
            await hub.UntilDone("S14");

            // Crashed after the claim: nothing left. Crashed after the mail: one left. Only then is a person asked.
            ReminderState state = hub.Ledger.Rows.Single(row => row.Step == "S14").State;
            Assert.Equal(crash == 1 ? 0 : 1, hub.Mailer.Delivered.Count);
            Assert.Equal(crash <= 2 ? ReminderState.Unknown : ReminderState.Sent, state);
            Assert.Equal(crash <= 2 ? "reminder.unknown" : "reminder.sent", Assert.Single(hub.Audit.Entries).Action);
        }
    }

    [Fact]
    public async Task An_owner_that_comes_back_late_corrects_the_unknown_another_attempt_noted()
    {
        var hub = new World(February1, keepsIds: false);
        hub.Mailer.WhileSending = () => hub.Send("S1");

        await hub.Send("S1");

        Assert.Single(hub.Mailer.Delivered);
        Assert.Equal(ReminderState.Sent, hub.Ledger.Rows.Single().State);
    }

    [Fact]
    public async Task Two_workers_on_one_step_send_one_message_and_leave_one_entry()
    {
        // The second worker takes the claim over while the first one is handing its message to the provider, which keeps operation ids.
        var hub = new World(February1);
        hub.Mailer.WhileSending = () => hub.Send("S1");

        await hub.Send("S1");

        Assert.Single(hub.Mailer.Delivered);
        Assert.Equal(ReminderState.Sent, hub.Ledger.Rows.Single().State);
        Assert.Equal("reminder.sent", Assert.Single(hub.Audit.Entries).Action);
    }

    [Theory]
    [InlineData(59, 0, ReminderState.Claimed)]
    [InlineData(60, 1, ReminderState.Sent)]
    public async Task A_claim_whose_message_was_given_up_is_asked_for_again_after_an_hour(int minutes, int asked, ReminderState state)
    {
        // Stopped right after the claim, and the message went to the poison queue: nobody will settle the claim.
        var hub = new World(February1);
        hub.Faults.CrashAfter = 1;
        await Assert.ThrowsAsync<CrashException>(() => hub.Send("S1"));
        hub.Clock.Now += Duration.FromMinutes(minutes);

        Assert.Equal(asked, (await hub.Plan()).Enqueued);
        await hub.SendAll();

        Assert.Equal(asked, hub.Mailer.Delivered.Count);
        Assert.Equal(state, hub.Ledger.Rows.Single().State);
    }

    [Fact]
    public async Task A_later_due_date_plans_the_unsent_steps_anew_and_repeats_none_that_was_sent()
    {
        // S1 left on February 1st for January 31st. The due date moves to February 28th (a Sunday): S7 falls on Sunday March 7th and leaves on Monday.
        var hub = new World(February1);
        await hub.Send("S1");
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open() with { DueAt = Instant.FromUtc(2027, 2, 28, 12, 0) };

        foreach (int day in new[] { 1, 5 })
        {
            hub.Clock.Now = Instant.FromUtc(2027, 3, day, 10, 0);
            Assert.Equal(0, (await hub.Plan()).Enqueued);
        }

        hub.Clock.Now = Instant.FromUtc(2027, 3, 8, 10, 0);
        Assert.Equal(1, (await hub.Plan()).Enqueued);
        await hub.SendAll();
        Assert.Equal(["reminder-in_1-S1", "reminder-in_1-S7"], hub.Mailer.Delivered.Select(mail => mail.OperationId));
    }

    [Fact]
    public async Task A_dispute_opened_while_the_step_is_queued_holds_it_back_until_it_is_over()
    {
        var hub = new World(February1);
        Assert.Equal(1, (await hub.Plan()).Enqueued);
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open() with { Disputed = 1 };
        await hub.SendAll();
        Assert.Empty(hub.Ledger.Rows);
        Assert.Equal(0, (await hub.Plan()).Enqueued);

        hub.Stripe.Invoices["in_1"] = TestInvoice.Open();
        Assert.Equal(1, (await hub.Plan()).Enqueued);
    }

    private static async Task<int> EffectsOfOneReminder()
    {
        var hub = new World(February15);
        await hub.Send("S14");
        return hub.Faults.Effects;
    }

    private sealed class World
    {
        private readonly IOptions<CollectionsOptions> _options;
        private int _taken;

        public World(Instant now, CollectionsOptions? options = null, bool keepsIds = true)
        {
            Clock = new HandClock(now);
            _options = Options.Create(options ?? new CollectionsOptions());
            Ledger = new InMemoryLedger(Faults);
            Mailer = new InMemoryMailer(keepsIds, Faults);
            Audit = new InMemoryAudit(Faults);
            Stripe.Invoices["in_1"] = TestInvoice.Open();
        }

        public Faults Faults { get; } = new();

        public HandClock Clock { get; }

        public StripeNow Stripe { get; } = new();

        public InMemoryLedger Ledger { get; }

        public InMemoryMailer Mailer { get; }

        public InMemoryAudit Audit { get; }

        public InMemoryQueue Queue { get; } = new();

        public Task<PlannedReminders> Plan() => new PlanReminders(
            Stripe, Ledger, Queue, _options, DateTimeZone.Utc, Clock, NullLogger<PlanReminders>.Instance).Handle(CancellationToken.None);

        public Task Send(string step) => new SendReminder(
            Stripe, Ledger, Mailer, Audit, _options, DateTimeZone.Utc, Clock, NullLogger<SendReminder>.Instance)
            .Handle(new ReminderDue("in_1", step), CancellationToken.None);

        public async Task SendAll()
        {
            for (; _taken < Queue.Sent.Count; _taken++)
            {
                await Send(((ReminderDue)Queue.Sent[_taken].Message).Step);
            }
        }

        public async Task UntilDone(string step)
        {
            for (int attempt = 0; attempt < 5; attempt++)
            {
                try
                {
                    await Send(step);
                    return;
                }
                catch (CrashException)
                {
                    // The queue delivers again.
                }
            }

            Assert.Fail("The reminder never came to an end.");
        }
    }
}
