using Azure;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Audit;
using NodaTime;

namespace Hub.AzureStorage.Audit;

/// <summary>Appends to the chains of table <c>AuditChain</c>: entry, event row and head in one transaction.</summary>
/// <remarks>
/// The head's version decides between hosts: one of them appends, the others read the new head and try again. Inside one process a
/// gate for each chain lets appends wait in line instead, and the head is remembered between them. An event's row makes its repetition
/// a no-op, also when the answer to a transaction was lost.
/// </remarks>
public sealed class AuditLog(StorageClients clients, TimeProvider time) : IAuditLog, IDisposable
{
    /// <summary>Tries per entry; between hosts one of them always succeeds, so this many losses in a row mean something else is wrong.</summary>
    private const int Attempts = 40;

    private const int LongestPayload = 32 * 1024;
    private readonly Table _table = clients.Table(TableNames.AuditChain);
    private readonly AuditMonths _months = new(clients.Table(TableNames.AuditChain));
    private readonly Dictionary<string, Gate> _gates = AuditChains.All.ToDictionary(chain => chain, _ => new Gate());

    public async Task Append(AuditEntry entry, CancellationToken ct)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(entry.Payload) > LongestPayload)
        {
            throw new ArgumentException($"The payload of audit event {entry.EventId} is longer than {LongestPayload} bytes.", nameof(entry));
        }

        string chain = AuditChains.ChainOf(entry.Subject);
        Gate gate = _gates[chain];
        await gate.Turn.WaitAsync(ct);
        try
        {
            await Append(chain, gate, entry, ct);
        }
        finally
        {
            gate.Turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (Gate gate in _gates.Values)
        {
            gate.Turn.Dispose();
        }
    }

    private async Task Append(string chain, Gate gate, AuditEntry entry, CancellationToken ct)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
            Tail tail = await TailOf(chain, gate, AuditRows.Month(now), ct);
            if (await IsRecorded(chain, tail.Earlier, entry.EventId, ct) || await TryAppend(tail, gate, AuditHash.Next(tail.Head, entry, now), ct))
            {
                return;
            }

            gate.Tail = null;
            if (await _table.Find(tail.Partition, AuditRows.EventKey(entry.EventId), ct) is not null)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 * (attempt + 1))), time, ct);
        }

        throw new InvalidOperationException($"Audit chain {chain} was taken by others {Attempts} times in a row.");
    }

    private async Task<Tail> TailOf(string chain, Gate gate, string month, CancellationToken ct) =>
        gate.Tail is { Version: not null } remembered && string.CompareOrdinal(remembered.Month, month) >= 0
            ? remembered
            : gate.Tail = await _months.Tail(chain, month, ct);

    /// <summary>False where another host was first, or the event is there already.</summary>
    private async Task<bool> TryAppend(Tail tail, Gate gate, ChainedEntry entry, CancellationToken ct)
    {
        var head = new ChainHead(entry.Chain, entry.Seq, entry.Hash);
        TableEntity row = AuditRows.Head(tail.Partition, head);
        try
        {
            IReadOnlyList<Response> answers = await _table.Submit(
                [
                    new(TableTransactionActionType.Add, AuditRows.Entry(tail.Partition, entry)),
                    new(TableTransactionActionType.Add, AuditRows.Event(tail.Partition, entry)),
                    tail.Version is { } version ? new(TableTransactionActionType.UpdateReplace, row, version) : new(TableTransactionActionType.Add, row),
                ],
                ct);
            gate.Tail = tail with { Head = head, Version = answers[2].Headers.ETag };
            return true;
        }
        catch (TableTransactionFailedException refused) when (refused.Status is 409 or 412)
        {
            return false;
        }
    }

    // An event row is in the month it was written in. Within a month the transaction itself sees it; a repetition in a later month
    // (a message that waited, or was put back from a poison queue) is found here.
    private async Task<bool> IsRecorded(string chain, IReadOnlyList<string> earlier, string eventId, CancellationToken ct)
    {
        TableEntity?[] found = await Task.WhenAll(earlier.Select(month => _table.Find(AuditRows.Partition(chain, month), AuditRows.EventKey(eventId), ct)));
        return found.Any(row => row is not null);
    }

    private sealed class Gate
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public Tail? Tail { get; set; }
    }
}
