using Hub.Core.Reconciliation;
using Hub.Core.Tests.Audit;
using Hub.Core.Tests.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

/// <summary>Contract A agrees, B lacks March (−500.00), C is an orphan with one invoice of 500.00; three shards.</summary>
internal sealed class World
{
    public const string B = "006000000000002AAA";
    public static readonly Instant Now = Instant.FromUtc(2027, 3, 15, 6, 0);

    private readonly IOptions<ReconciliationOptions> _options = Microsoft.Extensions.Options.Options.Create(new ReconciliationOptions { Shards = 3 });
    private int _taken;

    public World()
    {
        Store = new InMemoryReconciliationStore(Faults);
        Audit = new InMemoryAudit(Faults);
        Queue = new InMemoryQueue(Faults);
        Add("sub_a", TestBooks.Opportunity, "a", 3);
        Add("sub_b", B, "b", 2);
        Add("sub_c", null, "c", 1);
        Books.Sold.Add(TestBooks.Deal());
        Books.Sold.Add(TestBooks.Deal(deal => deal["Id"] = B));
    }

    /// <summary>What the next handler works with.</summary>
    public ReconciliationOptions Options => _options.Value;

    public Faults Faults { get; } = new();

    public HandClock Clock { get; } = new(Now);

    public InMemoryBooks Books { get; } = new();

    public InMemoryReconciliationStore Store { get; }

    public InMemoryAudit Audit { get; }

    public InMemoryQueue Queue { get; }

    public Task<string> Start(string trigger, Instant? tick) => new StartReconciliation(
        Store, Queue, new OpenRun(Store, Audit), _options, Clock, NullLogger<StartReconciliation>.Instance).Handle(trigger, tick, CancellationToken.None);

    public ReconciliationStages Stages() => new(
        Store,
        new OpenRun(Store, Audit),
        new ExtractBooks(Books, Books, Store, Queue, Audit, DateTimeZone.Utc, Clock, NullLogger<ExtractBooks>.Instance),
        new MatchShard(Store, Queue, _options, DateTimeZone.Utc, Clock, NullLogger<MatchShard>.Instance),
        new CloseRun(Store, Audit, Clock, NullLogger<CloseRun>.Instance));

    /// <summary>Starts a run and handles its messages until none is left; a crash has the same call made again, as a queue does.</summary>
    public async Task<string> Run(int times = 1)
    {
        string runId = "";
        await Retry(async () => runId = await Start("timer", Clock.Now));
        await Drain(times);
        return runId;
    }

    public Task Extract(string runId) => Stages().Handle(new ReconcileShard(runId, ReconcileStage.Extract, -1), CancellationToken.None);

    public Task Match(string runId, int shard) => Stages().Handle(new ReconcileShard(runId, ReconcileStage.Match, shard), CancellationToken.None);

    public Task Close(string runId) => Stages().Handle(new ReconcileShard(runId, ReconcileStage.Close, -1), CancellationToken.None);

    public async Task Drain(int times)
    {
        while (_taken < Queue.Sent.Count)
        {
            var message = (ReconcileShard)Queue.Sent[_taken++].Message;
            for (int time = 0; time < times; time++)
            {
                await Retry(() => Stages().Handle(message, CancellationToken.None));
            }

            Assert.True(_taken < 200, "The run never ends.");
        }
    }

    private static async Task Retry(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (CrashException)
        {
            await work();
        }
    }

    private void Add(string subscription, string? opportunity, string name, int months)
    {
        Books.Live.Add(TestBooks.Subscription(subscription, opportunity));
        for (int month = 1; month <= months; month++)
        {
            Books.Issued.Add(TestBooks.Invoice(month) with { Id = $"in_{name}{month}", SubscriptionId = subscription, OpportunityId = opportunity });
        }
    }
}
