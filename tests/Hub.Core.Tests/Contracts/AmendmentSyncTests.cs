using Hub.Core.Contracts;
using Hub.Core.Tests.Collections;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields.Opportunity;

namespace Hub.Core.Tests.Contracts;

/// <summary>Amendments as the queue delivers them: one contract, one schedule, whatever crashes, repeats or crosses.</summary>
public sealed class AmendmentSyncTests
{
    private static readonly SalesforceId Original = SalesforceId.Parse(Deals.OpportunityId);
    private static readonly SalesforceId First = SalesforceId.Parse("006000000000002AAA");
    private static readonly SalesforceId Second = SalesforceId.Parse("006000000000003AAA");
    private static readonly SalesforceId Third = SalesforceId.Parse("006000000000004AAA");

    private readonly ContractPorts _ports = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2026, 12, 15, 9, 0));

    public AmendmentSyncTests()
    {
        _ports.Put(Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 10, 120.00m).Snapshot());
        _ports.Put(Deals.Amending("Upsell", "2027-04-01", 2).Line("SEAT", 5, 120.00m).Snapshot());
        _ports.Put(Deals.Amending("Downsell", "2027-07-01", 3).Line("SEAT", -2, 120.00m).Snapshot());
    }

    [Fact]
    public async Task An_upsell_updates_the_schedule_and_shows_on_both_opportunities()
    {
        await Handle(Original);
        _clock.Now = Instant.FromUtc(2027, 3, 10, 9, 0);

        await Handle(First);
        await Drain();

        Assert.Equal(2, _ports.StripeCalls);
        BillingPlan plan = _ports.Billed.Values.Last();
        Assert.Equal((Original, First, "sub_sched_1"), (plan.OpportunityId, plan.Change!.OpportunityId, plan.Change.ScheduleId));
        ContractRecord contract = _ports.Records[Original];
        Assert.Equal(new AppliedAmendment(First, Deals.Date("2027-03-10"), Deals.Date("2027-03-11")), Assert.Single(contract.Amendments));
        Assert.Equal((ContractState.Active, plan.Version), (contract.State, contract.Version));
        Assert.Equal((ContractState.Active, plan.Version, Original), (_ports.Records[First].State, _ports.Records[First].Version, _ports.Records[First].Original));
        foreach (SalesforceId shown in new[] { Original, First })
        {
            WriteBack last = _ports.Written.Last(written => written.Id == shown.Value && written.Fields.ContainsKey(F.SyncStatus));
            Assert.Equal("Billing active", last.Fields[F.SyncStatus]);
            Assert.Equal(1650.00m, last.Fields[F.ContractedTotal]);
        }

        // The field is unique in Salesforce: only the opportunity the contract was sold with has it.
        Assert.DoesNotContain(_ports.Written, written => written.Id == First.Value && written.Fields.ContainsKey(F.StripeScheduleId));
    }

    [Fact]
    public async Task Replays_of_every_opportunity_on_later_days_change_nothing()
    {
        await Both();
        (int stripe, int written) = (_ports.StripeCalls, _ports.Written.Count(row => row.Object == "Opportunity"));

        foreach (SalesforceId id in new[] { First, Original, Second, First })
        {
            _clock.Now += Duration.FromDays(10);
            await Handle(id);
        }

        await Drain();
        Assert.Equal(stripe, _ports.StripeCalls);
        Assert.Equal(3, stripe);
        Assert.All(_ports.Records.Values, record => Assert.Equal(ContractState.Active, record.State));
        Assert.True(_ports.Written.Count(row => row.Object == "Opportunity") - written <= 1, "only the first amendment may show the contract's newer totals");
    }

    // Whatever the last effect before the process dies, two more deliveries end in one schedule with both amendments.
    [Fact]
    public async Task Dying_after_any_effect_of_an_amendment_ends_in_the_same_contract()
    {
        await Handle(Original);
        int before = _ports.Effects;
        _clock.Now = Instant.FromUtc(2027, 3, 10, 9, 0);
        await Handle(First);
        int effects = _ports.Effects - before;
        string version = _ports.Records[Original].Version!;
        Assert.True(effects >= 8, $"{effects} effects");

        for (int effect = 1; effect <= effects; effect++)
        {
            var again = new AmendmentSyncTests();
            await again.Handle(Original);
            again._clock.Now = Instant.FromUtc(2027, 3, 10, 9, 0);
            again._ports.DieAfter = again._ports.Effects + effect;
            await Assert.ThrowsAsync<Killed>(() => again.Handle(First));

            again._clock.Now += Duration.FromHours(2);
            await again.Handle(First);
            await again.Drain();
            await again.Handle(Original);

            Assert.Equal((ContractState.Active, version), (again._ports.Records[Original].State, again._ports.Records[Original].Version));
            Assert.Equal(ContractState.Active, again._ports.Records[First].State);
            Assert.Single(again._ports.Records[Original].Amendments);
            Assert.Equal(2, again._ports.Billed.Count);
        }
    }

    [Fact]
    public async Task An_amendment_that_arrives_first_waits_for_its_contract()
    {
        await Handle(First);

        Assert.Equal(0, _ports.StripeCalls);
        Assert.Equal([(Original.Value, false), (First.Value, true)], _ports.Sent.Select(sent => (sent.Message.OpportunityId, sent.Delay is not null)));
        await Drain();
        Assert.Equal(ContractState.Active, _ports.Records[First].State);
        Assert.Single(_ports.Records[Original].Amendments);
    }

    [Fact]
    public async Task Two_amendments_at_once_go_one_after_the_other()
    {
        await Handle(Original);
        _clock.Now = Instant.FromUtc(2027, 3, 10, 9, 0);
        bool crossed = false;
        _ports.BeforeApply = () =>
        {
            if (!crossed)
            {
                crossed = true;
                Handle(Second).GetAwaiter().GetResult();
            }
        };

        await Handle(First);
        await Drain();

        Assert.Equal([First, Second], _ports.Records[Original].Amendments.Select(amendment => amendment.OpportunityId));
        Assert.Equal(3, _ports.StripeCalls);
        Assert.Equal(
            ["2027-01-01..2027-04-01: 10 SEAT @1000/month", "2027-04-01..2027-07-01: 15 SEAT @1000/month", "2027-07-01..2028-01-01: 13 SEAT @1000/month"],
            Deals.Phases(_ports.Billed.Values.Last()));
    }

    [Fact]
    public async Task An_amendment_whose_contract_was_edited_in_Stripe_is_refused_and_overwrites_nothing()
    {
        await Handle(Original);
        _clock.Now = Instant.FromUtc(2027, 3, 10, 9, 0);
        _ports.Edited = new("cancel", [new(Deals.Date("2027-01-01"), Deals.Date("2028-01-01"), [new(new("prod_SEAT", "usd", new(IntervalUnit.Month, 1), 1000, []), 9, null)])]);

        await Handle(First);

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal("schedule-edited", Assert.Single(_ports.Records[First].Problems).Code);
        Assert.Empty(_ports.Records[Original].Amendments);
    }

    [Fact]
    public async Task What_was_applied_stays_applied_when_the_contract_has_ended()
    {
        await Both();
        _ports.EndedInStripe = true;
        _clock.Now = Instant.FromUtc(2028, 2, 1, 9, 0);
        _ports.Put(Deals.Amending("Upsell", "2027-09-01", 4).Line("SEAT", 1, 120.00m).Snapshot());

        foreach (SalesforceId id in new[] { Original, First, Second, Third })
        {
            await Handle(id, "manual");
        }

        await Drain();
        Assert.Equal(3, _ports.StripeCalls);
        Assert.All(new[] { Original, First, Second }, id => Assert.Equal((ContractState.Active, 0), (_ports.Records[id].State, _ports.Records[id].Problems.Length)));
        Assert.Equal("contract-ended", Assert.Single(_ports.Records[Third].Problems).Code);
    }

    // Stripe has canceled the schedule when the process dies: the next delivery must not take its own work for somebody else's.
    [Fact]
    public async Task Dying_after_any_effect_of_a_termination_for_the_past_ends_in_a_terminated_contract()
    {
        for (int effect = 1; effect <= 8; effect++)
        {
            var again = new AmendmentSyncTests();
            again._ports.Put(Deals.Amending("Termination", "2027-04-01", 2).Snapshot());
            await again.Handle(Original);
            again._clock.Now = Instant.FromUtc(2027, 4, 10, 9, 0);
            again._ports.BeforeApply = () => again._ports.EndedInStripe = true;
            again._ports.DieAfter = again._ports.Effects + effect;
            await Assert.ThrowsAsync<Killed>(() => again.Handle(First));

            again._clock.Now += Duration.FromHours(2);
            await again.Handle(First);
            await again.Drain();
            await again.Handle(Original, "manual");

            Assert.All(new[] { Original, First }, id => Assert.Equal((ContractState.Active, 0), (again._ports.Records[id].State, again._ports.Records[id].Problems.Length)));
            Assert.True(again._ports.EndedInStripe);
        }
    }

    [Fact]
    public async Task A_contract_named_by_its_Salesforce_record_is_found_by_the_deal_that_sold_it()
    {
        _ports.Put(Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Billing_Frequency__c", "Monthly"), ("ContractId", "800000000000001AAA")).Line("SEAT", 10, 120.00m).Snapshot());
        _ports.Put(Deals.Amending("Upsell", "2027-04-01", 2).With(("Hub_Amends_Contract__c", "800000000000001AAA")).Line("SEAT", 5, 120.00m).Snapshot());
        await Handle(Original);

        await Handle(First);

        Assert.Equal(First, Assert.Single(_ports.Records[Original].Amendments).OpportunityId);
    }

    // Stripe issues April's invoice at 00:00 UTC: a change that reaches it later is charged for the whole month by the Hub, one before is on the
    // invoice, whatever date the billing zone has. 5 × 10.00.
    [Theory]
    [InlineData("Etc/UTC", "2027-04-01T09:00:00Z", "2027-04-01 5000")]
    [InlineData("Etc/UTC", "2027-03-31T09:00:00Z", null)]
    [InlineData("America/Los_Angeles", "2027-04-01T03:00:00Z", "2027-04-01 5000")]
    [InlineData("Pacific/Auckland", "2027-03-31T18:00:00Z", null)]
    public async Task A_change_is_billed_once_whether_it_comes_before_or_after_the_invoice_of_the_day(string zone, string at, string? adjustment)
    {
        var options = new ContractsOptions { BillingTimeZone = zone };
        await _ports.Deliver(new(Original.Value, "poll", _clock.Now), _clock, options);
        _clock.Now = NodaTime.Text.InstantPattern.ExtendedIso.Parse(at).Value;

        await _ports.Deliver(new(First.Value, "poll", _clock.Now), _clock, options);

        BillingPlan plan = _ports.Billed.Values.Last();
        Assert.Equal(adjustment is null ? [] : [adjustment], plan.Adjustments.Select(due => $"{due.Invoice.Date:R} {due.Invoice.Amount.MinorUnits}"));
        Assert.Equal(adjustment is null ? 15000 : 10000, plan.Invoices.First(invoice => invoice.Date == Deals.Date("2027-04-01") && invoice.Lines.All(line => line.From is null)).Amount.MinorUnits);

        // Months later it is planned as it was then.
        _clock.Now += Duration.FromDays(70);
        await _ports.Deliver(new(First.Value, "manual", _clock.Now), _clock, options);
        Assert.Equal((ContractState.Active, plan.Version, 2), (_ports.Records[First].State, _ports.Records[First].Version, _ports.StripeCalls));
    }

    // The phases stay as they are; only the Hub's own invoice comes of it.
    [Fact]
    public async Task A_change_that_leaves_the_phases_alike_is_applied_and_charged()
    {
        await Handle(Original);
        _ports.Edited = new("cancel", [new(Deals.Date("2027-01-01"), Deals.Date("2028-01-01"), [new(new("prod_SEAT", "usd", new(IntervalUnit.Month, 1), 1000, []), 10, null)])]);
        _ports.Put(Deals.Amending("Upsell", "2027-04-15", 2).OneTime("SETUP", 1, 200.00m).Snapshot());
        _clock.Now = Instant.FromUtc(2027, 3, 10, 9, 0);

        await Handle(First);
        await Handle(First);

        Assert.Equal(2, _ports.StripeCalls);
        Assert.Equal(First, Assert.Single(_ports.Records[Original].Amendments).OpportunityId);
        Assert.Equal(("2027-04-15", 20000), (_ports.Records[Original].Adjustments.Single().Date.ToString("uuuu-MM-dd", null), _ports.Records[Original].Adjustments.Single().Amount));
    }

    // Two of one day, the second on the evening before by the sellers' clock, when the first has been charged already: 5 × 10.00 and 2 × 10.00 for half a month.
    [Fact]
    public async Task West_of_Stripes_day_what_was_charged_already_is_not_charged_again_with_another()
    {
        var options = new ContractsOptions { BillingTimeZone = "America/Los_Angeles" };
        _ports.Put(Deals.Amending("Upsell", "2027-04-16", 2).With(("Hub_Proration_Policy__c", "Day")).Line("SEAT", 5, 120.00m).Snapshot());
        _ports.Put(Deals.Amending("Upsell", "2027-04-16", 3).With(("Hub_Proration_Policy__c", "Day")).Line("SEAT", 2, 120.00m).Snapshot());
        await _ports.Deliver(new(Original.Value, "poll", _clock.Now), _clock, options);
        _clock.Now = Instant.FromUtc(2027, 3, 10, 9, 0);
        await _ports.Deliver(new(First.Value, "poll", _clock.Now), _clock, options);
        string first = Assert.Single(_ports.Records[Original].Adjustments).Key;
        _clock.Now = Instant.FromUtc(2027, 4, 16, 3, 0);

        await _ports.Deliver(new(Second.Value, "poll", _clock.Now), _clock, options);

        Assert.Equal([2500, 1000], _ports.Records[Original].Adjustments.OrderByDescending(adjustment => adjustment.Amount).Select(adjustment => adjustment.Amount));
        Assert.Contains(_ports.Records[Original].Adjustments, adjustment => adjustment.Key == first);
    }

    // The contract's own opportunity comes first after the claim was cut off: it leaves the amendment to itself.
    [Fact]
    public async Task The_contracts_own_delivery_does_not_send_a_claim_that_was_cut_off()
    {
        await Handle(Original);
        _clock.Now = Instant.FromUtc(2027, 3, 31, 22, 0);
        _ports.DieAfter = _ports.Effects + 2;
        await Assert.ThrowsAsync<Killed>(() => Handle(First));
        _clock.Now = Instant.FromUtc(2027, 4, 1, 6, 0);

        await Handle(Original, "manual");
        Assert.Equal(1, _ports.StripeCalls);
        await Drain();

        Assert.Equal(2, _ports.StripeCalls);
        Assert.Equal("2027-04-01 5000", Assert.Single(_ports.Billed.Values.Last().Adjustments.Select(due => $"{due.Invoice.Date:R} {due.Invoice.Amount.MinorUnits}")));
        Assert.Equal(ContractState.Active, _ports.Records[First].State);
    }

    [Theory]
    [InlineData("2027-03-31T23:56:00Z")]
    [InlineData("2027-04-01T00:03:00Z")]
    public async Task While_Stripe_issues_the_invoices_of_the_day_an_amendment_waits(string at)
    {
        await Handle(Original);
        _clock.Now = NodaTime.Text.InstantPattern.ExtendedIso.Parse(at).Value;

        await Handle(First);
        Assert.Equal(1, _ports.StripeCalls);
        await Drain();

        Assert.Equal(2, _ports.StripeCalls);
        Assert.Equal("2027-04-01 5000", Assert.Single(_ports.Billed.Values.Last().Adjustments.Select(due => $"{due.Invoice.Date:R} {due.Invoice.Amount.MinorUnits}")));
    }

    // Claimed in March, the process died before Stripe heard of it; in April the month's invoice is out without it.
    [Fact]
    public async Task A_claim_that_was_cut_off_before_a_billing_date_is_charged_when_it_goes_on_after_it()
    {
        await Handle(Original);
        _clock.Now = Instant.FromUtc(2027, 3, 31, 22, 0);
        _ports.DieAfter = _ports.Effects + 2;
        await Assert.ThrowsAsync<Killed>(() => Handle(First));
        Assert.Equal((1, 1), (_ports.StripeCalls, _ports.Records[Original].Amendments.Length));

        _clock.Now = Instant.FromUtc(2027, 4, 1, 6, 0);
        await Handle(First);
        await Drain();

        Assert.Equal("2027-04-01 5000", Assert.Single(_ports.Billed.Values.Last().Adjustments.Select(due => $"{due.Invoice.Date:R} {due.Invoice.Amount.MinorUnits}")));
        Assert.Equal(new AppliedAmendment(First, Deals.Date("2027-03-31"), Deals.Date("2027-04-02")), Assert.Single(_ports.Records[Original].Amendments));
        Assert.Equal(ContractState.Active, _ports.Records[First].State);
    }

    private async Task Both()
    {
        await Handle(Original);
        _clock.Now = Instant.FromUtc(2027, 3, 10, 9, 0);
        await Handle(First);
        _clock.Now = Instant.FromUtc(2027, 3, 20, 9, 0);
        await Handle(Second);
        await Drain();
    }

    // Messages until none is left; what waits, waits its time.
    private async Task Drain()
    {
        for (int handled = 0; _ports.Sent.Count > 0; handled++)
        {
            Assert.True(handled < 50, "The messages never end.");
            var (_, message, delay) = _ports.Sent[0];
            _ports.Sent.RemoveAt(0);
            _clock.Now += delay ?? Duration.Zero;
            await Handle(SalesforceId.Parse(message.OpportunityId), message.Source);
        }
    }

    private Task Handle(SalesforceId id, string source = "poll") => _ports.Deliver(new(id.Value, source, _clock.Now), _clock);
}
