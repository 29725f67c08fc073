using System.Collections.Immutable;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>What is owed, in memory, under the same conditions as in storage.</summary>
internal sealed class InMemoryWriteBacks : IWriteBacks
{
    private int _etag;

    /// <summary>Called after each effect.</summary>
    public Action Effect { get; set; } = () => { };

    /// <summary>Called before anything is handed over.</summary>
    public Action? BeforeOwe { get; set; }

    public Dictionary<WriteBackKey, ShownValues> Shown { get; } = [];

    public Dictionary<WriteBackKey, (OwedWriteBack Owed, int Attempts, Instant? NotBefore, string ETag)> Rows { get; } = [];

    public WriteBackTurn? Turn { get; set; }

    public Task<ShownValues?> Find(WriteBackKey key, CancellationToken ct) => Task.FromResult(Shown.GetValueOrDefault(key));

    public Task<ImmutableArray<OwedWriteBack>> Owe(IReadOnlyCollection<OwedWriteBack> rows, CancellationToken ct)
    {
        if (rows.Count > 0)
        {
            BeforeOwe?.Invoke();
        }

        ImmutableArray<OwedWriteBack> late = [.. rows.Where(row => !TryOwe(row))];
        if (rows.Count > 0)
        {
            Effect();
        }

        return Task.FromResult(late);
    }

    public Task<ImmutableArray<PendingWriteBack>> Pending(string @object, int most, Instant now, CancellationToken ct) => Task.FromResult<ImmutableArray<PendingWriteBack>>(
    [
        .. Rows.Where(row => row.Key.Object == @object && (row.Value.NotBefore is null || row.Value.NotBefore <= now)).OrderBy(row => row.Key.Id, StringComparer.Ordinal).Take(most)
            .Select(row => new PendingWriteBack(row.Key, row.Value.Owed.Fields, row.Value.Owed.Hash, row.Value.Owed.Account, row.Value.Attempts, row.Value.ETag)),
    ]);

    public Task Settle(IReadOnlyCollection<SettledWriteBack> rows, CancellationToken ct)
    {
        foreach (SettledWriteBack settled in rows.Where(settled => Rows.TryGetValue(settled.Row.Key, out var row) && row.ETag == settled.Row.ETag))
        {
            WriteBackKey key = settled.Row.Key;
            if (settled.Again is { } again)
            {
                Rows[key] = Rows[key] with { Attempts = settled.Row.Attempts + 1, NotBefore = again, ETag = $"p{++_etag}" };
                continue;
            }

            Rows.Remove(key);
            Shown[key] = settled.Refused is { } code ? Shown[key] with { Refused = code, ETag = $"l{++_etag}" } : Shown[key];
        }

        Effect();
        return Task.CompletedTask;
    }

    public Task<WriteBackTurn?> TryBegin(Instant now, Instant until, CancellationToken ct)
    {
        WriteBackTurn? turn = Turn is null ? new($"t{++_etag}") : null;
        Turn ??= turn;
        return Task.FromResult(turn);
    }

    public Task End(WriteBackTurn turn, CancellationToken ct)
    {
        Turn = Turn == turn ? null : Turn;
        return Task.CompletedTask;
    }

    private bool TryOwe(OwedWriteBack row)
    {
        ShownValues? shown = Shown.GetValueOrDefault(row.Key);
        if (shown?.ETag != row.Replaces)
        {
            return shown?.Hash == row.Hash;
        }

        Shown[row.Key] = new(row.Key, row.Hash, null, $"l{++_etag}");
        Rows[row.Key] = (row, 0, null, $"p{++_etag}");
        return true;
    }
}

internal sealed class InMemoryIssuedInvoices : IIssuedInvoices
{
    public List<(string Opportunity, IssuedInvoice Invoice)> Invoices { get; } = [];

    public Task<ImmutableArray<IssuedInvoice>> Of(SalesforceId opportunityId, CancellationToken ct) =>
        Task.FromResult<ImmutableArray<IssuedInvoice>>([.. Invoices.Where(entry => entry.Opportunity == opportunityId.Value).Select(entry => entry.Invoice)]);
}
