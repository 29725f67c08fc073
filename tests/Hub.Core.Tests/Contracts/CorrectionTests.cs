using Hub.Core.Contracts;
using Hub.Core.Tests.Collections;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>A won deal that is changed after the Hub has billed it, and before its first day (ADR 0102).</summary>
public sealed class CorrectionTests
{
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);

    private readonly ContractPorts _ports = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2026, 12, 15, 9, 0));

    [Fact]
    public async Task Before_the_first_day_the_schedule_is_updated()
    {
        await Sold(10);

        await Sold(12);

        Assert.Equal(2, _ports.StripeCalls);
        BillingPlan plan = _ports.Billed.Values.Last();
        Assert.Equal((Id, "sub_sched_1", 1), (plan.Change!.OpportunityId, plan.Change.ScheduleId, plan.Change.Correction));
        Assert.Equal(["2027-01-01..2028-01-01: 12 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal((ContractState.Active, plan.Version, 1), (_ports.Records[Id].State, _ports.Records[Id].Version, _ports.Records[Id].Written.Length));
        Assert.Equal(1440.00m, _ports.Written.Last(written => written.Fields.ContainsKey("Hub_Contracted_Total__c")).Fields["Hub_Contracted_Total__c"]);
    }

    // The keys of A → B → A → B differ, or Stripe would answer the last from what it remembers of the first.
    [Fact]
    public async Task Back_and_forth_every_time_is_a_call_of_its_own()
    {
        foreach (int quantity in new[] { 10, 12, 10, 12 })
        {
            await Sold(quantity);
            await Sold(quantity);
            Assert.Equal(ContractState.Active, _ports.Records[Id].State);
        }

        Assert.Equal(4, _ports.StripeCalls);
        Assert.Equal(3, _ports.Records[Id].Corrections);
    }

    [Fact]
    public async Task From_the_first_day_on_the_change_is_refused()
    {
        await Sold(10);
        _ports.Started = true;

        await Sold(12);

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal("contract-already-billed", Assert.Single(_ports.Records[Id].Problems).Code);
    }

    [Fact]
    public async Task What_somebody_edited_in_Stripe_is_not_overwritten()
    {
        await Sold(10);
        _ports.Edited = Held(9);

        await Sold(12);

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal("contract-already-billed", Assert.Single(_ports.Records[Id].Problems).Code);
    }

    [Theory]
    [InlineData("net days")]
    [InlineData("collection")]
    [InlineData("trial")]
    [InlineData("discount")]
    [InlineData("one-time item")]
    public async Task Nor_are_terms_that_somebody_changed_in_Stripe(string edit)
    {
        await Sold(10);
        HeldPhase phase = Held(10).Phases[0];
        _ports.Edited = Held(10) with
        {
            Phases =
            [
                edit switch
                {
                    "net days" => phase with { NetDays = 60 },
                    "collection" => phase with { CollectionMethod = "charge_automatically" },
                    "trial" => phase with { PaidFrom = Deals.Date("2027-02-01") },
                    "discount" => phase with { Discounted = true },
                    _ => phase with { OneTime = [new("prod_SETUP", 50000, null)] },
                },
            ],
        };
        _ports.Put(Deal(12, "2027-01-01").Snapshot());

        await Handle();

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal("contract-already-billed", Assert.Single(_ports.Records[Id].Problems).Code);
    }

    [Theory]
    [InlineData("2026-12-15", 1)]
    [InlineData("2026-12-16", 2)]
    public async Task The_changed_deal_must_begin_after_today(string start, int calls)
    {
        await Sold(10);

        await Sold(10, start);

        Assert.Equal(calls, _ports.StripeCalls);
    }

    // Deals of a batch are read minutes before the last of them is handled.
    [Fact]
    public async Task Out_of_a_batch_a_correction_is_read_again_first()
    {
        await Sold(10);
        _ports.Put(Deal(12, "2027-01-01").Snapshot());

        Assert.Empty(await _ports.Sync(_clock).Handle(new(Id.Value, "poll", _clock.Now), _ports.Deals[Id], CancellationToken.None));

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal(Id.Value, Assert.Single(_ports.Sent).Message.OpportunityId);
    }

    [Fact]
    public async Task Another_account_stays_refused()
    {
        await Sold(10);

        _ports.Put(Deal(10, "2027-01-01").With(("AccountId", "001000000000009AAA")).Snapshot());
        await Handle();

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal("contract-already-billed", Assert.Single(_ports.Records[Id].Problems).Code);
    }

    // Whatever was interrupted, and whichever of the two states Stripe is left with, the newest is what is billed in the end.
    [Fact]
    public async Task Dying_after_any_effect_of_a_correction_ends_in_the_newest_version()
    {
        await Sold(10);
        int before = _ports.Effects;
        await Sold(12);
        int effects = _ports.Effects - before;
        Assert.True(effects >= 4, $"{effects} effects");

        foreach (int newest in new[] { 12, 13 })
        {
            for (int effect = 1; effect <= effects; effect++)
            {
                var again = new CorrectionTests();
                await again.Sold(10);
                again._ports.DieAfter = again._ports.Effects + effect;
                await Assert.ThrowsAsync<Killed>(() => again.Sold(12));
                again._ports.Edited = Held((int)again._ports.Billed.Values.Last().Schedule!.Phases[0].Items[0].Quantity!);

                again._clock.Now += Duration.FromHours(2);
                await again.Sold(newest);

                Assert.Equal(ContractState.Active, again._ports.Records[Id].State);
                Assert.Equal([$"2027-01-01..2028-01-01: {newest} SEAT @1000/month"], Deals.Phases(again._ports.Billed.Values.Last()));
                Assert.Equal(again._ports.Billed.Values.Last().Version, again._ports.Records[Id].Version);
                Assert.Single(again._ports.Records[Id].Written);
            }
        }
    }

    private async Task Sold(int quantity, string start = "2027-01-01")
    {
        _ports.Put(Deal(quantity, start).Snapshot());
        await Handle();
        _ports.Edited = _ports.Billed.Count > 0 ? Held((int)_ports.Billed.Values.Last().Schedule!.Phases[0].Items[0].Quantity!) : null;
    }

    private static Deals Deal(int quantity, string start) =>
        Deals.New().With(("Hub_Contract_Start__c", start), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", quantity, 120.00m);

    // As Stripe would show it: written out here, so that the hash of the plan has something to agree with.
    private static HeldSchedule Held(int quantity) => new(
        "cancel",
        [
            new(Deals.Date("2027-01-01"), Deals.Date("2028-01-01"), [new(new("prod_SEAT", "usd", new(IntervalUnit.Month, 1), 1000.0m, []), quantity, null)])
            {
                CollectionMethod = "send_invoice",
                NetDays = 20,
                PaidFrom = Deals.Date("2027-01-01"),
                OneTime = [],
            },
        ]);

    private Task Handle() => _ports.Deliver(new(Id.Value, "manual", _clock.Now), _clock);
}
