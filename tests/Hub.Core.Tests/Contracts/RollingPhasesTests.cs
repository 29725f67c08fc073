using System.Runtime.CompilerServices;
using Hub.Core.Contracts;
using Hub.Core.Tests.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>Later phases as timer and queues send them: each once, on its day, whatever crashes, repeats or crosses.</summary>
public sealed class RollingPhasesTests : IDueContracts, IStripeAdjustments
{
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);
    private static readonly SalesforceId Change = SalesforceId.Parse("006000000000002AAA");

    private readonly ContractPorts _ports = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2026, 10, 1, 9, 0));
    private readonly HashSet<DueContract> _due = [];

    private ContractsOptions _options = PhaseWindowTests.Rolling;

    public RollingPhasesTests() => _ports.Put(PhaseWindowTests.Steps(13).Snapshot());

    [Fact]
    public async Task The_first_ten_phases_are_sent_and_the_day_of_the_next_is_noted()
    {
        await Sold();

        Assert.Equal(("2027-09-01", 1), (Until(), _ports.StripeCalls));
        Assert.Equal(Deals.Date("2026-12-02"), _ports.Records[Id].ExtendOn);
        Assert.Equal([new DueContract(Id, Deals.Date("2026-12-02"))], _due);
        Assert.Contains(_ports.Trail.Values, entry => entry.Action == "contract.phases-sent" && entry.Payload.Contains("2027-09-01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_day_before_nothing_is_sent_and_on_the_day_the_next_phase_is()
    {
        await Sold();

        await On("2026-12-01");
        Assert.Equal(("2027-09-01", 1), (Until(), _ports.StripeCalls));
        await On("2026-12-02");

        Assert.Equal(("2027-10-01", 2), (Until(), _ports.StripeCalls));
        BillingPlan sent = _ports.Billed.Values.Single();
        Assert.Equal(("sub_sched_1", Deals.Date("2026-12-02")), (sent.Extension!.ScheduleId, sent.Extension.On));
        Assert.Equal((ContractState.Active, Deals.Date("2027-01-02")), (_ports.Records[Id].State, _ports.Records[Id].ExtendOn!.Value));
        Assert.Contains(_ports.Trail.Values, entry => entry.Action == "contract.phases-sent" && entry.Payload.Contains("2027-10-01", StringComparison.Ordinal));
    }

    // Ten at first, and one in each of the three months after; the last one brings the end as sold.
    [Fact]
    public async Task The_timer_alone_brings_every_phase_and_then_the_end()
    {
        await Sold();
        for (LocalDate day = Deals.Date("2026-10-02"); day < Deals.Date("2027-12-01"); day = day.PlusDays(1))
        {
            await On(day.ToString("uuuu-MM-dd", null));
        }

        Assert.Equal(4, _ports.StripeCalls);
        BillingPlan last = _ports.Billed.Values.Single();
        Assert.Null(last.PhasesUntil);
        Assert.Equal(EndBehavior.Cancel, PhaseWindow.EndSent(last));
        Assert.Null(_ports.Records[Id].ExtendOn);
        Assert.Empty(_due);
        Assert.Equal(4, _ports.Trail.Values.Count(entry => entry.Action == "contract.phases-sent"));
    }

    [Fact]
    public async Task A_timer_that_was_down_for_months_sends_all_that_is_due_at_once()
    {
        await Sold();

        await On("2027-01-20");

        Assert.Equal(("2027-11-01", 2), (Until(), _ports.StripeCalls));
    }

    [Fact]
    public async Task A_replay_sends_nothing_again()
    {
        await Sold();
        await On("2026-12-02");
        int stripe = _ports.StripeCalls;

        await Sync(Id);
        await Issue();
        await Drain();
        await Sync(Id, ContractSources.Manual);

        Assert.Equal(stripe, _ports.StripeCalls);
        Assert.Equal(2, _ports.Trail.Values.Count(entry => entry.Action == "contract.phases-sent"));
    }

    // Whatever the last effect before the process dies: two more deliveries, or the next day's timer, end in the same schedule.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dying_after_any_effect_ends_in_the_same_schedule(bool forgotten)
    {
        await Sold();
        int before = _ports.Effects;
        await On("2026-12-02");
        int effects = _ports.Effects - before;
        Assert.True(effects >= 6, $"{effects} effects");

        for (int effect = 1; effect <= effects; effect++)
        {
            var again = new RollingPhasesTests();
            await again.Sold();
            again._ports.DieAfter = again._ports.Effects + effect;
            try
            {
                await again.On("2026-12-02");
            }
            catch (Killed)
            {
                // The queue gives a message back; or it is lost, and the next day asks again.
                if (forgotten)
                {
                    again._ports.Sent.Clear();
                    again._due.Add(new(Id, Deals.Date("2026-12-03")));
                }
                else
                {
                    await again.Issue();
                    await again.Sync(Id, ContractSources.Phases);
                }
            }

            await again.On("2026-12-03");
            await again.On("2026-12-04");

            Assert.Equal("2027-10-01", again.Until());
            Assert.Equal((ContractState.Active, Deals.Date("2027-01-02")), (again._ports.Records[Id].State, again._ports.Records[Id].ExtendOn!.Value));
            Assert.Equal(2, again._ports.Trail.Values.Count(entry => entry.Action == "contract.phases-sent"));
            Assert.Contains(new DueContract(Id, Deals.Date("2027-01-02")), again._due);
        }
    }

    [Fact]
    public async Task Two_deliveries_at_once_end_equal()
    {
        await Sold();
        _clock.Now = Instant.FromUtc(2026, 12, 2, 5, 0);
        bool crossed = false;
        _ports.BeforeApply = () =>
        {
            if (!crossed)
            {
                crossed = true;
                Sync(Id, ContractSources.Phases).GetAwaiter().GetResult();
            }
        };

        // The one that was overtaken is given back by the queue.
        await Assert.ThrowsAsync<ContractRecordConflictException>(() => Sync(Id, ContractSources.Phases));
        await Sync(Id, ContractSources.Phases);

        Assert.Equal("2027-10-01", Until());
        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
        Assert.Equal(2, _ports.Trail.Values.Count(entry => entry.Action == "contract.phases-sent"));
    }

    [Fact]
    public async Task A_schedule_that_was_edited_by_hand_is_reported_and_not_overwritten()
    {
        await Sold();
        _ports.Edited = new("release", [new(Deals.Date("2026-11-01"), Deals.Date("2027-09-01"), [])]) { PhasesUntil = Deals.Date("2027-09-01") };

        await On("2026-12-02");

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal("schedule-edited", Assert.Single(_ports.Records[Id].Problems).Code);

        // Once the change is undone, the next day sends what is due.
        _ports.Edited = null;
        await On("2026-12-03");
        Assert.Equal("2027-10-01", Until());
    }

    [Fact]
    public async Task On_hold_nothing_is_sent_and_afterwards_everything_that_is_due()
    {
        await Sold();
        _ports.Put(PhaseWindowTests.Steps(13).With(("Hub_Hold_Billing__c", true)).Snapshot());
        await Sync(Id);
        await On("2026-12-02");
        Assert.Equal(1, _ports.StripeCalls);

        _ports.Put(PhaseWindowTests.Steps(13).Snapshot());
        await On("2027-01-02");

        Assert.Equal(("2027-11-01", ContractState.Active), (Until(), _ports.Records[Id].State));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Switching_the_setting_off_does_not_stop_what_was_sold(bool amended)
    {
        _ports.Put(Deals.Amending("Upsell", "2027-10-01").Line("SEAT", 5, 10m, ("Hub_Price_Basis__c", "Month")).Snapshot());
        await Sold();
        _options = new();
        if (amended)
        {
            _clock.Now = Instant.FromUtc(2026, 10, 10, 9, 0);
            await Sync(Change);
            await Drain();
        }

        await On("2026-12-02");

        Assert.Equal("2027-10-01", Until());
        Assert.All(_ports.Records.Values, record => Assert.Equal(ContractState.Active, record.State));
    }

    // 5 more seats in the twelfth month lie beyond what Stripe has; they come with their phase.
    [Fact]
    public async Task An_amendment_goes_by_the_same_window()
    {
        _ports.Put(Deals.Amending("Upsell", "2027-10-01").Line("SEAT", 5, 10m, ("Hub_Price_Basis__c", "Month")).Snapshot());
        await Sold();
        _clock.Now = Instant.FromUtc(2026, 11, 10, 9, 0);
        await Sync(Change);
        await Drain();

        BillingPlan amended = _ports.Billed.Values.Last();
        Assert.Equal((2, Deals.Date("2027-09-01"), 10), (_ports.StripeCalls, amended.PhasesUntil!.Value, PhaseWindow.Sent(amended).Length));
        Assert.Equal(Deals.Date("2026-12-02"), _ports.Records[Id].ExtendOn);

        await On("2026-12-02");
        await On("2027-01-02");
        await On("2027-02-02");

        BillingPlan last = _ports.Billed.Values.Last();
        Assert.Equal((5, 2), (_ports.StripeCalls, _ports.Billed.Count));
        Assert.Null(last.PhasesUntil);
        Assert.Equal(["17 SEAT @1000/month", "18 SEAT @1000/month"], Deals.Phases(last).TakeLast(2).Select(phase => phase[24..]));
        Assert.All(_ports.Records.Values, record => Assert.Equal(ContractState.Active, record.State));
    }

    // One seat more in the thirteenth month: nothing that Stripe has changes but the version.
    [Fact]
    public async Task A_correction_before_the_first_day_goes_by_the_same_window()
    {
        await Sold();
        _ports.Put(PhaseWindowTests.Steps(13, last: 14).Snapshot());
        await Sync(Id);
        await Drain();

        Assert.Equal((2, ContractState.Active, 1), (_ports.StripeCalls, _ports.Records[Id].State, _ports.Records[Id].Corrections));
        Assert.True(_ports.Billed.Values.Last().Change!.WasWindow);
        await On("2026-12-02");
        await On("2027-01-02");
        await On("2027-02-02");

        Assert.EndsWith("14 SEAT @1000/month", Deals.Phases(_ports.Billed.Values.Last())[^1], StringComparison.Ordinal);
        Assert.Equal(5, _ports.StripeCalls);
    }

    [Fact]
    public async Task A_termination_brings_the_end_and_nothing_is_due_any_more()
    {
        _ports.Put(Deals.Amending("Termination", "2027-03-01").Snapshot());
        await Sold();
        _clock.Now = Instant.FromUtc(2026, 11, 10, 9, 0);

        await Sync(Change);
        await Drain();
        await On("2026-12-02");

        BillingPlan last = _ports.Billed.Values.Last();
        Assert.Equal((4, (LocalDate?)null, EndBehavior.Cancel, 2), (PhaseWindow.Sent(last).Length, last.PhasesUntil, PhaseWindow.EndSent(last), _ports.StripeCalls));
        Assert.Null(_ports.Records[Id].ExtendOn);
        Assert.Empty(_due);
    }

    [Fact]
    public async Task A_schedule_that_ran_out_of_phases_is_taken_up_again_and_says_so()
    {
        await Sold();
        _ports.Released = new("sub_1", Deals.Date("2027-09-01"), Deals.Date("2027-10-01"));

        await On("2027-10-20");

        BillingPlan plan = _ports.Billed.Values.Single();
        Assert.Equal(("sub_1", Deals.Date("2027-10-01"), Deals.Date("2027-10-20")), (plan.Extension!.Released, plan.Extension.CurrentPhaseStart!.Value, plan.Extension.On));
        Assert.Null(plan.PhasesUntil);
        await Sync(Id);
        ContractRecord record = _ports.Records[Id];
        Assert.Equal(ContractState.Active, record.State);
        Problem note = Assert.Single(record.Problems);
        Assert.Equal(("phases-late", ProblemSeverity.Note), (note.Code, note.Severity));
        Assert.Contains("2027-10-20", note.Message, StringComparison.Ordinal);
        Assert.Equal(2, _ports.StripeCalls);
    }

    // Cut off between Stripe and the Hub's record: what was applied by then is found by what Stripe holds.
    [Fact]
    public async Task After_a_schedule_was_taken_up_again_the_record_names_the_new_one_whatever_was_cut_off()
    {
        await Sold();
        _ports.Released = new("sub_1", Deals.Date("2027-09-01"), Deals.Date("2027-10-01"));
        await On("2027-10-20");
        _ports.HeldScheduleId = "sub_sched_2";
        _ports.Records[Id] = _ports.Records[Id] with { State = ContractState.Applying };

        await Sync(Id);

        Assert.Equal((ContractState.Active, "sub_sched_2"), (_ports.Records[Id].State, _ports.Records[Id].Billing!.ScheduleId));
    }

    [Fact]
    public async Task An_amendment_of_a_schedule_that_ran_out_of_phases_waits_until_the_rest_is_sent()
    {
        _ports.Put(Deals.Amending("Upsell", "2027-11-01").Line("SEAT", 5, 10m, ("Hub_Price_Basis__c", "Month")).Snapshot());
        await Sold();
        _ports.Released = new("sub_1", Deals.Date("2027-09-01"), Deals.Date("2027-10-01"));
        _clock.Now = Instant.FromUtc(2027, 10, 20, 4, 0);

        await Sync(Change);
        Assert.Equal("phases-late", Assert.Single(_ports.Records[Change].Problems).Code);
        await On("2027-10-20");
        await Sync(Change);

        Assert.Equal((3, ContractState.Active), (_ports.StripeCalls, _ports.Records[Change].State));
    }

    [Theory]
    [InlineData("2027-09-01", "phases-late", "Cancel subscription sub_1")]
    [InlineData("2027-03-15", "schedule-edited", "Undo the change")]
    public async Task What_cannot_be_taken_up_again_is_reported(string releasedOn, string code, string fix)
    {
        await Sold();
        _ports.Released = new("sub_1", Deals.Date(releasedOn), Deals.Date("2027-12-01"));

        await On("2027-12-20");

        Assert.Equal(1, _ports.StripeCalls);
        Problem problem = Assert.Single(_ports.Records[Id].Problems);
        Assert.Equal(code, problem.Code);
        Assert.StartsWith(fix, problem.Fix, StringComparison.Ordinal);
    }

    Task<AdjustmentOutcome> IStripeAdjustments.Issue(SalesforceId contract, SalesforceId account, AppliedBilling billing, Adjustment adjustment, CancellationToken ct) =>
        throw new InvalidOperationException("Nothing is to be adjusted here.");

    Task IDueContracts.Add(DueContract due, CancellationToken ct) => Task.FromResult(_due.Add(due));

    async IAsyncEnumerable<DueContract> IDueContracts.Through(LocalDate day, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (DueContract due in _due.Where(due => due.Day <= day).ToArray())
        {
            await Task.Yield();
            yield return due;
        }
    }

    Task IDueContracts.Remove(DueContract due, CancellationToken ct) => Task.FromResult(_due.Remove(due));

    private string? Until() => _ports.Billed.Values.Last().PhasesUntil?.ToString("uuuu-MM-dd", null);

    private async Task Sold()
    {
        await Sync(Id);
        await Drain();
    }

    // The timer of a day, and all that follows from it.
    private async Task On(string day)
    {
        _clock.Now = Deals.Date(day).AtMidnight().InUtc().ToInstant() + Duration.FromHours(5);
        await new DetectAdjustments(this, _ports, _clock, NullLogger<DetectAdjustments>.Instance).Handle(CancellationToken.None);
        await Drain();
    }

    private async Task Drain()
    {
        for (int handled = 0; _ports.Sent.Count + _ports.Adjusting.Count > 0; handled++)
        {
            Assert.True(handled < 50, "The messages never end.");
            if (_ports.Adjusting.Count > 0)
            {
                _ports.Adjusting.Clear();
                await Issue();
            }
            else
            {
                var (_, message, delay) = _ports.Sent[0];
                _ports.Sent.RemoveAt(0);
                _clock.Now += delay ?? Duration.Zero;
                await Sync(SalesforceId.Parse(message.OpportunityId), message.Source);
            }
        }
    }

    private Task Issue() => new IssueAdjustments(_ports, this, this, _ports, _ports, _clock, NullLogger<IssueAdjustments>.Instance)
        .Handle(new(Id.Value), CancellationToken.None);

    private Task Sync(SalesforceId id, string source = ContractSources.OutboundMessage) => _ports.Deliver(new(id.Value, source, _clock.Now), _clock, _options);
}
