using FsCheck;
using FsCheck.Fluent;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.StripeEvents;
using Hub.Core.Tests.Audit;
using Hub.Core.Tests.Collections;
using Hub.Core.Tests.Contracts;
using Hub.Core.Tests.Invoices;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Hub.Core.Tests.StripeEvents;

public class ApplyStripeEventTests
{
    private const string Opportunity = "006000000000001AAA";
    private static readonly Instant Start = Instant.FromUtc(2027, 1, 2, 3, 4);

    [Fact]
    public async Task An_invoice_event_stores_the_present_state_not_the_events_own()
    {
        var hub = new World();
        hub.Stripe.Invoices["in_1"] = Paid();

        await hub.Receive("evt_1", "invoice.finalized", "in_1");

        Assert.Equal(InvoiceStatus.Paid, hub.States.States["in_1"].Invoice.Status);
        Assert.NotNull(hub.Inbox.Events["evt_1"].AppliedAt);
        Assert.Equal("invoice.changed", Assert.Single(hub.Audit.Entries).Action);
    }

    [Fact]
    public async Task An_event_that_changes_nothing_leaves_no_audit_entry()
    {
        var hub = new World();
        hub.Stripe.Invoices["in_1"] = Paid();
        await hub.Receive("evt_1", "invoice.paid", "in_1");

        await hub.Receive("evt_2", "invoice.payment_succeeded", "in_1");

        Assert.Single(hub.Audit.Entries);
    }

    [Fact]
    public async Task An_applied_event_is_not_read_again()
    {
        var hub = new World();
        hub.Stripe.Invoices["in_1"] = Paid();
        await hub.Receive("evt_1", "invoice.paid", "in_1");

        await hub.Apply("evt_1");

        Assert.Equal(1, hub.Stripe.Reads);
    }

    [Theory]
    [InlineData("customer.created", "cus_1")]
    [InlineData("invoice.upcoming", "")]
    [InlineData("invoiceitem.created", "ii_1")]
    public async Task An_event_about_something_else_is_marked_applied(string type, string objectId)
    {
        var hub = new World();

        await hub.Receive("evt_1", type, objectId);

        Assert.NotNull(hub.Inbox.Events["evt_1"].AppliedAt);
        Assert.Equal(0, hub.Stripe.Reads);
        Assert.Empty(hub.Audit.Entries);
    }

    [Fact]
    public async Task A_schedule_that_started_gives_the_contract_its_subscription()
    {
        var hub = new World();
        hub.HasContract("sub_sched_1", null);
        hub.Stripe.Facts["sub_1"] = new SubscriptionFacts("sub_sched_1", "sub_1", Opportunity, "active");

        await hub.Receive("evt_1", "customer.subscription.created", "sub_1");

        Assert.Equal("sub_1", hub.Contracts.Records[Opportunity].Billing!.SubscriptionId);
        var owed = Assert.Single(hub.Owed.Rows.Values).Owed;
        Assert.Equal(("Opportunity", Opportunity, "sub_1"), (owed.Key.Object, owed.Key.Id, owed.Fields["Hub_Stripe_Subscription_Id__c"]));
        Assert.Equal("subscription.changed", Assert.Single(hub.Audit.Entries).Action);
    }

    [Fact]
    public async Task Further_events_of_a_linked_subscription_owe_nothing_more()
    {
        var hub = new World();
        hub.HasContract("sub_sched_1", null);
        hub.Stripe.Facts["sub_1"] = new SubscriptionFacts("sub_sched_1", "sub_1", Opportunity, "active");
        await hub.Receive("evt_1", "customer.subscription.created", "sub_1");
        hub.Owed.Rows.Clear();

        await hub.Receive("evt_2", "customer.subscription.updated", "sub_1");

        Assert.Empty(hub.Owed.Rows);
    }

    // Dead between the store and the hand-over: the event is delivered again and finds the link, and that it is not shown.
    [Fact]
    public async Task A_link_that_was_stored_and_not_handed_over_is_handed_over_by_the_next_delivery()
    {
        var hub = new World();
        hub.HasContract("sub_sched_1", null);
        hub.Stripe.Facts["sub_1"] = new SubscriptionFacts("sub_sched_1", "sub_1", Opportunity, "active");
        hub.Faults.CrashOn = "contract";

        await hub.UntilDone("evt_1", "customer.subscription.created", "sub_1");

        Assert.Equal("sub_1", Assert.Single(hub.Owed.Rows.Values).Owed.Fields["Hub_Stripe_Subscription_Id__c"]);
    }

    [Fact]
    public async Task A_link_leaves_the_showing_to_whoever_is_applying_the_contract()
    {
        var hub = new World();
        hub.HasContract("sub_sched_1", null);
        hub.Contracts.Records[Opportunity] = hub.Contracts.Records[Opportunity] with { State = ContractState.Applying };
        hub.Stripe.Facts["sub_1"] = new SubscriptionFacts("sub_sched_1", "sub_1", Opportunity, "active");

        await hub.Receive("evt_1", "customer.subscription.created", "sub_1");

        Assert.Equal("sub_1", hub.Contracts.Records[Opportunity].Billing!.SubscriptionId);
        Assert.Empty(hub.Owed.Rows);
    }

    [Fact]
    public async Task A_subscription_of_another_schedule_is_not_adopted()
    {
        var hub = new World();
        hub.HasContract("sub_sched_1", null);
        hub.Stripe.Facts["sub_2"] = new SubscriptionFacts("sub_sched_2", "sub_2", Opportunity, "active");

        await hub.Receive("evt_1", "customer.subscription.created", "sub_2");

        Assert.Null(hub.Contracts.Records[Opportunity].Billing!.SubscriptionId);
        Assert.Empty(hub.Owed.Rows);
    }

    [Fact]
    public async Task A_change_within_the_same_instant_is_stored()
    {
        // Two reads under one clock reading, or by a second host whose clock is a minute behind: the later one counts.
        var hub = new World();
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open();
        await hub.Receive("evt_1", "invoice.finalized", "in_1");
        hub.Stripe.Invoices["in_1"] = Paid() with { AmountPaid = 4_000, AmountRemaining = 6_000, Status = InvoiceStatus.Open };
        await hub.Receive("evt_2", "invoice.updated", "in_1");
        Assert.Equal(6_000, hub.States.States["in_1"].Invoice.AmountRemaining);

        hub.Clock.Now -= Duration.FromMinutes(1);
        hub.Stripe.Invoices["in_1"] = Paid();
        await hub.Receive("evt_3", "invoice.paid", "in_1");

        Assert.Equal(InvoiceStatus.Paid, hub.States.States["in_1"].Invoice.Status);
        Assert.Equal(3, hub.Audit.Entries.Count);
    }

    [Fact]
    public async Task A_read_that_was_overtaken_while_it_was_under_way_does_not_win()
    {
        // The first worker reads "open" and is held up; meanwhile the invoice is paid and another event stores that.
        var hub = new World();
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open();
        await hub.Receive("evt_0", "invoice.created", "in_1");
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open() with { AmountPaid = 1, AmountRemaining = 9_999 };
        hub.Stripe.OnRead = read =>
        {
            if (read == 2)
            {
                hub.Clock.Now += Duration.FromSeconds(1);
                hub.Stripe.Invoices["in_1"] = Paid();
                hub.Receive("evt_2", "invoice.paid", "in_1").GetAwaiter().GetResult();
            }
        };

        await hub.Receive("evt_1", "invoice.updated", "in_1");

        Assert.Equal(InvoiceStatus.Paid, hub.States.States["in_1"].Invoice.Status);
    }

    // Two workers meet an invoice that nobody has stored yet; the first read "open" and stores late, and its clock may be ahead or equal.
    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public async Task The_later_of_two_first_reads_counts_whatever_the_clocks_say(int secondsOfTheSecondClock)
    {
        var hub = new World();
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open();
        hub.Stripe.OnRead = read =>
        {
            if (read == 1)
            {
                hub.Clock.Now += Duration.FromSeconds(secondsOfTheSecondClock);
                hub.Stripe.Invoices["in_1"] = Paid();
                hub.Receive("evt_2", "invoice.paid", "in_1").GetAwaiter().GetResult();
            }
        };

        await hub.Receive("evt_1", "invoice.finalized", "in_1");

        Assert.Equal(InvoiceStatus.Paid, hub.States.States["in_1"].Invoice.Status);
    }

    // The second read, of the paid invoice, is stored last; under one standing clock it looks no newer than the first.
    [Fact]
    public async Task A_read_that_finds_another_state_stored_meanwhile_is_not_dropped()
    {
        var hub = new World();
        hub.Stripe.Invoices["in_1"] = Paid();
        hub.Stripe.OnRead = read =>
        {
            if (read == 1)
            {
                hub.States.States["in_1"] = new InvoiceState(TestInvoice.Open(), hub.Clock.Now);
            }
        };

        await hub.Receive("evt_1", "invoice.paid", "in_1");

        Assert.Equal(InvoiceStatus.Paid, hub.States.States["in_1"].Invoice.Status);
    }

    [Fact]
    public async Task An_event_whose_object_is_gone_is_applied_and_changes_nothing()
    {
        var hub = new World();

        await hub.Receive("evt_1", "invoice.deleted", "in_gone");
        await hub.Receive("evt_2", "customer.subscription.deleted", "sub_gone");

        Assert.All(hub.Inbox.Events.Values, stored => Assert.NotNull(stored.AppliedAt));
        Assert.Empty(hub.States.States);
        Assert.Empty(hub.Audit.Entries);
    }

    [Fact]
    public async Task A_subscription_that_names_its_opportunity_in_15_characters_is_told_of_under_18()
    {
        var hub = new World();
        hub.Stripe.Facts["sub_1"] = new SubscriptionFacts(null, "sub_1", "006000000000001", "active");

        await hub.Receive("evt_1", "customer.subscription.updated", "sub_1");

        Assert.Equal(Opportunity, Assert.Single(hub.Audit.Entries).Subject);
    }

    [Fact]
    public async Task A_message_without_a_stored_event_is_a_bug_that_shows() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => new World().Apply("evt_unknown"));

    [Fact]
    public async Task Crashing_after_any_effect_and_trying_again_ends_in_the_same_state()
    {
        for (int crash = 1; crash <= 11; crash++)
        {
            var hub = new World();
            hub.HasContract("sub_sched_1", null);
            hub.Stripe.Invoices["in_1"] = Paid();
            hub.Stripe.Facts["sub_sched_1"] = new SubscriptionFacts("sub_sched_1", "sub_1", Opportunity, "active");
            hub.Faults.CrashAfter = crash;

            await hub.UntilDone("evt_1", "invoice.paid", "in_1");
            await hub.UntilDone("evt_2", "subscription_schedule.updated", "sub_sched_1");

            Assert.Equal(InvoiceStatus.Paid, hub.States.States["in_1"].Invoice.Status);
            Assert.Equal("sub_1", hub.Contracts.Records[Opportunity].Billing!.SubscriptionId);
            Assert.Equal(2, hub.Audit.Entries.Count);
            Assert.Equal(
                [("Hub_Invoice__c", "mirror"), ("Opportunity", "contract"), ("Opportunity", "totals")],
                hub.Owed.Rows.Keys.Select(key => (key.Object, key.Part)).Order());
        }
    }

    [Fact]
    public void Any_order_and_any_number_of_repeats_ends_in_the_present_state() => Prop
        .ForAll<int[], PositiveInt>((picks, changeAt) =>
        {
            var hub = new World();
            string[] types = ["invoice.created", "invoice.finalized", "invoice.paid", "invoice.voided", "customer.updated"];
            hub.Stripe.Invoices["in_0"] = TestInvoice.Open("in_0");
            hub.Stripe.Invoices["in_1"] = TestInvoice.Open("in_1");
            int[] order = [.. picks.Select(pick => (int)(Math.Abs((long)pick) % 10))];
            for (int step = 0; step < order.Length; step++)
            {
                if (step == changeAt.Get % 7)
                {
                    hub.Stripe.Invoices["in_1"] = Paid();
                }

                hub.Clock.Now += Duration.FromSeconds(1);
                hub.Receive($"evt_{order[step]}", types[order[step] % 5], $"in_{order[step] / 5}").GetAwaiter().GetResult();
            }

            // Stripe says so once more when something changed last; the event may be as late as it likes.
            hub.Stripe.Invoices["in_1"] = Paid();
            hub.Receive("evt_last", "invoice.paid", "in_1").GetAwaiter().GetResult();
            hub.Receive("evt_first", "invoice.created", "in_0").GetAwaiter().GetResult();

            return InvoiceComparison.Same(hub.States.States["in_1"].Invoice, Paid())
                && InvoiceComparison.Same(hub.States.States["in_0"].Invoice, TestInvoice.Open("in_0"))
                && hub.ShowsWhatIs()
                && hub.Inbox.Events.Values.All(stored => stored.AppliedAt is not null)
                && hub.Audit.Entries.Count(entry => entry.Subject == "in_0") == 1
                && hub.Audit.Entries.Count(entry => entry.Subject == "in_1") <= 2;
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public async Task An_invoice_is_mirrored_in_major_units_and_its_contract_shows_the_totals()
    {
        var hub = new World();
        hub.HasContract("sub_sched_1", null);
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open() with { AmountPaid = 2_500, AmountRemaining = 7_500 };

        await hub.Receive("evt_1", "invoice.finalized", "in_1");

        var row = hub.Owed.Rows[InvoiceMirror.Key("in_1")].Owed.Fields;
        Assert.Equal((Opportunity, "Open", 100.00m, 25.00m), (row["Hub_Opportunity__c"], row["Hub_Status__c"], row["Hub_Total__c"], row["Hub_Paid_Amount__c"]));
        var totals = hub.Owed.Rows[WriteBackPlanning.TotalsKey(SalesforceId.Parse(Opportunity))].Owed.Fields;
        Assert.Equal((100.00m, 25.00m), (totals["Hub_Invoiced_Total__c"], totals["Hub_Paid_Total__c"]));
    }

    // A credit note changes neither total nor status of its invoice, but what the contract came to.
    [Fact]
    public async Task A_credit_note_lowers_the_invoiced_total()
    {
        var hub = new World();
        hub.HasContract("sub_sched_1", null);
        hub.Stripe.Invoices["in_1"] = Paid();
        await hub.Receive("evt_1", "invoice.paid", "in_1");
        hub.Stripe.Invoices["in_1"] = Paid() with { Credited = 3_000 };

        await hub.Receive("evt_2", "invoice.updated", "in_1");

        Assert.Equal(70.00m, hub.Owed.Rows[WriteBackPlanning.TotalsKey(SalesforceId.Parse(Opportunity))].Owed.Fields["Hub_Invoiced_Total__c"]);
    }

    [Fact]
    public async Task A_draft_and_an_invoice_of_no_contract_are_not_mirrored()
    {
        var hub = new World();
        hub.Stripe.Invoices["in_1"] = TestInvoice.Open("in_1") with { Status = InvoiceStatus.Draft, FinalizedAt = null };
        hub.Stripe.Invoices["in_2"] = TestInvoice.Open("in_2") with { OpportunityId = null };

        await hub.Receive("evt_1", "invoice.created", "in_1");
        await hub.Receive("evt_2", "invoice.finalized", "in_2");

        Assert.DoesNotContain(hub.Owed.Rows.Keys, key => key.Object == "Hub_Invoice__c");
    }

    [Fact]
    public async Task A_replayed_event_owes_nothing_again()
    {
        var hub = new World();
        hub.HasContract("sub_sched_1", null);
        hub.Stripe.Invoices["in_1"] = Paid();
        await hub.Receive("evt_1", "invoice.paid", "in_1");
        hub.Owed.Rows.Clear();

        await hub.Receive("evt_2", "invoice.payment_succeeded", "in_1");
        await hub.Receive("evt_1", "invoice.paid", "in_1");

        Assert.Empty(hub.Owed.Rows);
    }

    private static Invoice Paid() => TestInvoice.Open() with { Status = InvoiceStatus.Paid, AmountPaid = 10_000, AmountRemaining = 0 };

    private sealed class World
    {
        public World()
        {
            Inbox = new InMemoryInbox(Faults);
            States = new InMemoryInvoiceStates(Faults);
            Contracts = new InMemoryContracts(Faults);
            Audit = new InMemoryAudit(Faults);
            Owed.Effect = () => Faults.After("owed");
        }

        public InMemoryWriteBacks Owed { get; } = new();

        public Faults Faults { get; } = new();

        public HandClock Clock { get; } = new(Start);

        public StripeNow Stripe { get; } = new();

        public InMemoryInbox Inbox { get; }

        public InMemoryInvoiceStates States { get; }

        public InMemoryContracts Contracts { get; }

        public InMemoryAudit Audit { get; }

        public void HasContract(string scheduleId, string? subscriptionId) => Contracts.Records[Opportunity] = new ContractRecord(
            SalesforceId.Parse(Opportunity), ContractState.Active, "v", new AppliedBilling("cus_1", scheduleId, subscriptionId, null, null), [], null, Start, "v0");

        /// <summary>Each stored invoice is mirrored as it is, and the totals are theirs.</summary>
        public bool ShowsWhatIs()
        {
            bool mirrored = States.States.Values.All(state => Owed.Shown[InvoiceMirror.Key(state.Invoice.Id)].Hash == InvoiceMirror.Hash(InvoiceMirror.Of(state.Invoice)!, state.Invoice));
            var totals = Owed.Rows[WriteBackPlanning.TotalsKey(SalesforceId.Parse(Opportunity))].Owed.Fields;
            return mirrored && (decimal)totals["Hub_Paid_Total__c"]! == States.States.Values.Sum(state => state.Invoice.AmountPaid) / 100m;
        }

        public async Task Receive(string eventId, string type, string objectId)
        {
            await Inbox.Accept(new InboxEvent(eventId, type, objectId, Start, Start, null), CancellationToken.None);
            await Apply(eventId);
        }

        public Task Apply(string eventId) => new ApplyStripeEvent(
            Inbox, Stripe, States, Stripe, Contracts, Owed, new OweTotals(Owed, Contracts, States), Audit, Clock, NullLogger<ApplyStripeEvent>.Instance)
            .Handle(new StripeEventReceived(eventId), CancellationToken.None);

        public async Task UntilDone(string eventId, string type, string objectId)
        {
            for (int attempt = 0; attempt < 5; attempt++)
            {
                try
                {
                    await Receive(eventId, type, objectId);
                    return;
                }
                catch (CrashException)
                {
                    // The queue delivers again.
                }
            }

            Assert.Fail("The event was never applied.");
        }
    }
}
