using Hub.Core.Contracts;
using Hub.Core.Readiness;
using Hub.Core.Reconciliation;
using Hub.Core.Tests.Collections;
using Hub.Core.Tests.Contracts;
using Hub.Core.Tests.Reconciliation;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.Tests.Readiness;

public class ReadinessTests
{
    [Fact]
    public void Nothing_wrong_is_ready() => Assert.True(ReadinessRules.Report(
        [new QueueBacklog("reminder", 3, 0)], [new WatermarkAge("opportunity", Instant.FromUtc(2027, 1, 1, 0, 0), 60)], [new DependencyState("stripe", null)], null).Ready);

    [Fact]
    public void Before_the_first_poll_the_missing_watermark_is_no_reason() =>
        Assert.True(ReadinessRules.Report([], [new WatermarkAge("opportunity", null, null)], [], null).Ready);

    [Fact]
    public void Every_reason_is_named_at_once()
    {
        ReadinessReport report = ReadinessRules.Report(
            [new QueueBacklog("reminder", 10_001, 2)],
            [new WatermarkAge("opportunity", Instant.FromUtc(2027, 1, 1, 0, 0), 1801)],
            [new DependencyState("stripe", "The key was refused.")],
            new LastRun("r1", Instant.FromUtc(2027, 1, 1, 0, 0), RunState.Closed, false));

        Assert.False(report.Ready);
        Assert.Collection(
            report.Reasons,
            reason => Assert.Equal("stripe: The key was refused.", reason),
            reason => Assert.Contains("2 message(s) in reminder-poison", reason, StringComparison.Ordinal),
            reason => Assert.Contains("10001 messages wait in reminder", reason, StringComparison.Ordinal),
            reason => Assert.Equal("The poll of opportunity is 30 minutes behind.", reason),
            reason => Assert.Contains("r1", reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_poison_watch_raises_one_error_per_queue_that_holds_messages()
    {
        var log = new ListLogger();

        int found = await new PoisonWatch(new Queues(), log).Handle(CancellationToken.None);

        Assert.Equal(1, found);
        Assert.Equal([(LogLevel.Error, 6000, "2 message(s) in reminder-poison")], log.Entries);
    }

    [Fact]
    public async Task The_view_gathers_queues_the_polls_age_dependencies_and_the_last_run()
    {
        var store = new InMemoryReconciliationStore();
        Instant now = Instant.FromUtc(2027, 3, 15, 6, 0);
        var run = new ReconciliationRun("20270315T030000Z-timer", "timer", now, now - Duration.FromHours(3), now, RunState.Closed, 1, true, null, null);
        await store.TrySaveRun(run, CancellationToken.None);

        ReadinessReport report = await new ReadinessView(new Queues(), new Polls(now - Duration.FromMinutes(2)), [new Check(null)], store, new ContractPorts(), new HandClock(now)).Handle(CancellationToken.None);

        Assert.Equal("2 message(s) in reminder-poison could not be handled and wait for a person.", Assert.Single(report.Reasons));
        Assert.Equal(120, Assert.Single(report.Watermarks).AgeSeconds);
        Assert.Equal(run.RunId, report.LastReconciliation!.RunId);
    }

    [Fact]
    public async Task A_contract_somebody_must_look_at_shows_and_is_no_reason_not_to_be_ready()
    {
        Instant now = Instant.FromUtc(2027, 3, 15, 6, 0);
        var alerts = new ContractPorts();
        await alerts.Raise(new(SalesforceId.Parse("006000000000001AAA"), ProblemCodes.OpportunityDeleted, now), CancellationToken.None);

        ReadinessReport report = await new ReadinessView(
            new Queues(), new Polls(null), [], new InMemoryReconciliationStore(), alerts, new HandClock(now)).Handle(CancellationToken.None);

        Assert.Equal("006000000000001AAA", Assert.Single(report.Alerts).OpportunityId.Value);
        Assert.DoesNotContain(report.Reasons, reason => reason.Contains("006", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_another_system_is_down_poison_messages_still_show()
    {
        ReadinessReport report = await new ReadinessView(
            new Queues(), new Polls(null), [new Check(null), new Check("The key was refused.", "stripe")], new InMemoryReconciliationStore(), new ContractPorts(), new HandClock(Instant.FromUtc(2027, 3, 15, 6, 0)))
            .Handle(CancellationToken.None);

        Assert.Equal(
            ["stripe: The key was refused.", "2 message(s) in reminder-poison could not be handled and wait for a person."], report.Reasons.AsEnumerable());
    }

    [Fact]
    public async Task Storage_that_fails_is_the_only_reason_given()
    {
        ReadinessReport report = await new ReadinessView(
            new Queues(), new Polls(null), [new Check("Storage does not answer.")], new InMemoryReconciliationStore(), new ContractPorts(), new HandClock(Instant.FromUtc(2027, 3, 15, 6, 0)))
            .Handle(CancellationToken.None);

        Assert.Equal("storage: Storage does not answer.", Assert.Single(report.Reasons));
    }

    private sealed class Check(string? problem, string name = "storage") : IDependencyCheck
    {
        public string Name => name;

        Task<string?> IDependencyCheck.Check(CancellationToken ct) => Task.FromResult(problem);
    }

    private sealed class Polls(Instant? through) : IWatermarks
    {
        public Task<Watermark?> Find(string name, CancellationToken ct) => Task.FromResult(through is { } instant ? new Watermark(name, instant, [], "v1") : null);

        public Task<bool> TrySave(Watermark watermark, CancellationToken ct) => throw new NotSupportedException("Readiness only looks.");
    }

    private sealed class Queues : IQueueWatch
    {
        public Task<System.Collections.Immutable.ImmutableArray<QueueBacklog>> Backlogs(CancellationToken ct) =>
            Task.FromResult<System.Collections.Immutable.ImmutableArray<QueueBacklog>>(
                [new QueueBacklog("reminder", 0, 2), new QueueBacklog("stripe-event", 5, 0)]);
    }

    private sealed class ListLogger : ILogger<PoisonWatch>
    {
        public List<(LogLevel Level, int Id, string Text)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((logLevel, eventId.Id, formatter(state, exception)));
    }
}
