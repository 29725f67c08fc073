using System.Diagnostics;
using Hub.Core.Audit;
using Hub.Core.Invoices;
using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>First stage: reads both books to the end and lays their rows out by shard.</summary>
/// <remarks>
/// Keys of subscriptions and the schedules that have none are held in memory, other rows are not. Each attempt stores its rows apart, and the first
/// to reach the end is the one that is matched: a repetition may find a record under another contract, and would leave it there twice. If a book cannot be read to the end the run becomes incomplete: what is missing
/// would otherwise look like what is not billed.
/// </remarks>
public sealed class ExtractBooks(
    IContractedBook contracted,
    IBilledBook billed,
    IReconciliationStore store,
    IQueueSender queue,
    IAuditLog audit,
    DateTimeZone billingZone,
    TimeProvider time,
    ILogger<ExtractBooks> log)
{
    private static readonly BookReading Salesforce = new("salesforce");
    private static readonly BookReading Stripe = new("stripe");

    // A closed run may have left an attempt behind that was slower than the one that was matched.
    // Whoever got to matching or gave up may have been stopped before the end: both are completed by their repetition.
    public Task Handle(ReconciliationRun run, CancellationToken ct) => run.State switch
    {
        RunState.Extracting => Begin(run, ct),
        RunState.Matching => Ask(run, ct),
        RunState.Incomplete => Abandon(run, "unknown", ct),
        RunState.Closed => store.DeleteRows(run.RunId, ct),
        _ => throw new UnreachableException(),
    };

    private async Task Begin(ReconciliationRun run, CancellationToken ct)
    {
        string attempt = Guid.NewGuid().ToString("N");
        try
        {
            int rows = await Extract(run, attempt, ct);
            log.BooksExtracted(run.RunId, rows);
        }
        catch (UnreadableBookException unreadable) when (!ct.IsCancellationRequested)
        {
            await GiveUp(run, unreadable, ct);
            return;
        }

        // The state comes before the messages: a run whose shards may be at work is never extracted again, and so never given up.
        if (await store.TrySaveRun(run with { State = RunState.Matching, Attempt = attempt }, ct) is not null)
        {
            await Ask(run, ct);
            return;
        }

        if (await store.FindRun(run.RunId, ct) is { State: RunState.Closed or RunState.Incomplete })
        {
            await store.DeleteRows(run.RunId, ct);
        }
    }

    private async Task Ask(ReconciliationRun run, CancellationToken ct)
    {
        for (int shard = 0; shard < run.ShardCount; shard++)
        {
            await queue.Send(ReconciliationQueues.ReconcileShard, new ReconcileShard(run.RunId, ReconcileStage.Match, shard), null, ct);
        }
    }

    private async Task<int> Extract(ReconciliationRun run, string attempt, CancellationToken ct)
    {
        var keys = new BookKeys();
        var writer = new RowWriter(store, run, attempt);
        await foreach (ContractedDeal deal in Salesforce.Of(contracted.Deals(ct), ct))
        {
            SoldContract sold = DealReading.Read(deal, billingZone);
            await writer.Add(keys.Of(sold), BookRowKinds.Deal, sold.OpportunityId, sold, ct);
        }

        await Subscriptions(keys, writer, ct);
        await Invoices(keys, writer, ct);
        await writer.Flush(ct);
        return writer.Written;
    }

    // A schedule may start while the books are read. Read before the subscriptions, it is in one stream or in both, never in neither;
    // where it is in both, its subscription counts.
    private async Task Subscriptions(BookKeys keys, RowWriter writer, CancellationToken ct)
    {
        var pending = new Dictionary<string, BilledSchedule>(StringComparer.Ordinal);
        await foreach (BilledSchedule schedule in Stripe.Of(billed.PendingSchedules(ct), ct))
        {
            pending[schedule.Id] = schedule;
        }

        await foreach (BilledSubscription subscription in Stripe.Of(billed.Subscriptions(ct), ct))
        {
            BilledSubscription whole = subscription with { Phases = subscription.Phases.IsDefault ? [] : subscription.Phases };
            await writer.Add(keys.Of(subscription), BookRowKinds.Subscription, subscription.Id, whole, ct);
            pending.Remove(subscription.ScheduleId ?? string.Empty);
        }

        foreach (BilledSchedule schedule in pending.Values)
        {
            await writer.Add(keys.Of(schedule), BookRowKinds.Schedule, schedule.Id, schedule, ct);
        }
    }

    // Credit notes are few and name only their invoice: they are read first and stored beside it.
    private async Task Invoices(BookKeys keys, RowWriter writer, CancellationToken ct)
    {
        var notes = new Dictionary<string, List<BilledCreditNote>>(StringComparer.Ordinal);
        await foreach (BilledCreditNote note in Stripe.Of(billed.CreditNotes(ct), ct))
        {
            (notes.TryGetValue(note.InvoiceId, out List<BilledCreditNote>? known) ? known : notes[note.InvoiceId] = []).Add(note);
        }

        await foreach (Invoice invoice in Stripe.Of(billed.Invoices(ct), ct))
        {
            string key = keys.Of(invoice);
            await writer.Add(key, BookRowKinds.Invoice, invoice.Id, WithoutPerson(invoice), ct);
            foreach (BilledCreditNote note in notes.GetValueOrDefault(invoice.Id) ?? [])
            {
                await writer.Add(key, BookRowKinds.CreditNote, note.Id, note, ct);
            }
        }
    }

    // Matching needs no person, so none is stored.
    private static Invoice WithoutPerson(Invoice invoice) => invoice with { CustomerEmail = null, CustomerName = null, HostedUrl = null };

    // Only who ends the run may say so and remove its rows: the same message handled twice may have been luckier elsewhere.
    private async Task GiveUp(ReconciliationRun run, UnreadableBookException unreadable, CancellationToken ct)
    {
        var incomplete = run with { State = RunState.Incomplete, ClosedAt = Instant.FromDateTimeOffset(time.GetUtcNow()) };
        if (await store.TrySaveRun(incomplete, ct) is not null)
        {
            await Abandon(run, unreadable.Book, ct);
            log.RunIncomplete(unreadable, run.RunId, unreadable.Book);
        }
    }

    /// <param name="book">Which book broke off; <c>unknown</c> where a stopped attempt is completed.</param>
    private async Task Abandon(ReconciliationRun run, string book, CancellationToken ct)
    {
        string payload = CanonicalJson.Of(new { run = run.RunId, book });
        await audit.Append(new AuditEntry($"{run.RunId}-incomplete", "ExtractBooks", "reconciliation.incomplete", run.RunId, payload), ct);
        await store.DeleteRows(run.RunId, ct);
    }

    private sealed class RowWriter(IReconciliationStore store, ReconciliationRun run, string attempt)
    {
        private const int BatchSize = 500;
        private readonly List<BookRow> _batch = [];

        public int Written { get; private set; }

        public async Task Add<T>(string key, string kind, string id, T record, CancellationToken ct)
        {
            _batch.Add(new BookRow(BookKeys.ShardOf(key, run.ShardCount), key, kind, id, BookJson.Write(record)));
            if (_batch.Count == BatchSize)
            {
                await Flush(ct);
            }
        }

        public async Task Flush(CancellationToken ct)
        {
            if (_batch.Count > 0)
            {
                await store.SaveRows(run.RunId, attempt, [.. _batch], ct);
                Written += _batch.Count;
                _batch.Clear();
            }
        }
    }
}

/// <summary>Values of <see cref="BookRow.Kind"/>.</summary>
public static class BookRowKinds
{
    public const string CreditNote = "credit-note";
    public const string Deal = "deal";
    public const string Invoice = "invoice";
    public const string Schedule = "schedule";
    public const string Subscription = "subscription";
}
