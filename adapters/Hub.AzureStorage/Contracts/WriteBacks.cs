using System.Collections.Immutable;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.AzureStorage.Contracts;

/// <summary>
/// Table <c>WriteBack</c>, one partition: <c>l|object|id|part</c> remembers what was last handed over, <c>p|object|id|part</c> holds the values until
/// Salesforce has taken them, <c>turn</c> says who is writing.
/// </summary>
/// <remarks>
/// Both rows of a key change in one transaction, and fifty keys fit into one: that is why there is one partition. It takes 2,000 rows a second, far
/// more than Salesforce takes calls.
/// </remarks>
public sealed class WriteBacks(StorageClients clients) : IWriteBacks
{
    private const string TurnKey = "turn";

    // A transaction holds 4 MiB; a character takes up to 14 bytes in it, being escaped twice.
    private const int MostCharacters = 200_000;

    private readonly Table _table = clients.Table(TableNames.WriteBack);

    public async Task<ShownValues?> Find(WriteBackKey key, CancellationToken ct) => await _table.Find(TableKey.Tenant, Row('l', key), ct) is { } row
        ? new(key, row.GetString("Hash"), row.GetString("Refused"), row.ETag.ToString())
        : null;

    public async Task<ImmutableArray<OwedWriteBack>> Owe(IReadOnlyCollection<OwedWriteBack> rows, CancellationToken ct)
    {
        // A key that stands twice among the rows cannot be in one transaction; the second one is settled by itself.
        OwedWriteBack[] together = [.. rows.DistinctBy(row => row.Key)];
        var left = ImmutableArray.CreateBuilder<OwedWriteBack>();
        foreach (OwedWriteBack[] batch in Batches(together))
        {
            if (!await TryOwe(batch, ct))
            {
                left.AddRange(await OneByOne(batch, ct));
            }
        }

        return [.. left, .. await OneByOne([.. rows.Except(together)], ct)];
    }

    public async Task<ImmutableArray<PendingWriteBack>> Pending(string @object, int most, Instant now, CancellationToken ct)
    {
        string prefix = $"p|{@object}|";
        string filter = $"PartitionKey eq '{TableKey.Tenant}' and {TableKey.StartsWith("RowKey", prefix)}";
        var rows = ImmutableArray.CreateBuilder<PendingWriteBack>();
        await foreach (TableEntity row in _table.Query(filter, ct))
        {
            if (row.FindInstant("NotBefore") is { } due && due > now)
            {
                continue;
            }

            rows.Add(Read(row));
            if (rows.Count == most)
            {
                break;
            }
        }

        return rows.ToImmutable();
    }

    public async Task Settle(IReadOnlyCollection<SettledWriteBack> rows, CancellationToken ct)
    {
        foreach (SettledWriteBack[] batch in rows.Chunk(Transactions.Operations / 2))
        {
            if (await _table.TrySubmit([.. batch.SelectMany(Settled)], ct))
            {
                continue;
            }

            foreach (SettledWriteBack row in batch)
            {
                // False: other values are owed by now, or it is settled already.
                await _table.TrySubmit([.. Settled(row)], ct);
            }
        }
    }

    public async Task<WriteBackTurn?> TryBegin(Instant now, Instant until, CancellationToken ct)
    {
        TableEntity? held = await _table.Find(TableKey.Tenant, TurnKey, ct);
        if (held?.FindInstant("Until") is { } end && end > now)
        {
            return null;
        }

        var turn = new TableEntity(TableKey.Tenant, TurnKey);
        turn.Put("Until", until);
        return await _table.TrySave(turn, held?.ETag.ToString(), ct) is { } etag ? new(etag.ToString()) : null;
    }

    public Task End(WriteBackTurn turn, CancellationToken ct) => _table.TryReplace(new TableEntity(TableKey.Tenant, TurnKey), new ETag(turn.ETag), ct);

    // Both rows of a key must be in one transaction, whatever its size: the cut is made here, by keys.
    private static IEnumerable<OwedWriteBack[]> Batches(OwedWriteBack[] rows)
    {
        List<OwedWriteBack> batch = [];
        int characters = 0;
        foreach (OwedWriteBack row in rows)
        {
            int size = row.Fields.Sum(field => field.Value is string text ? text.Length : 0);
            if (batch.Count == Transactions.Operations / 2 || (batch.Count > 0 && characters + size > MostCharacters))
            {
                yield return [.. batch];
                (batch, characters) = ([], 0);
            }

            batch.Add(row);
            characters += size;
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }

    private Task<bool> TryOwe(IEnumerable<OwedWriteBack> rows, CancellationToken ct) => _table.TrySubmit([.. rows.SelectMany(Owed)], ct);

    private async Task<ImmutableArray<OwedWriteBack>> OneByOne(OwedWriteBack[] rows, CancellationToken ct)
    {
        var left = ImmutableArray.CreateBuilder<OwedWriteBack>();
        foreach (OwedWriteBack row in rows)
        {
            // The same values handed over by somebody else, or by this very call whose answer was lost, are handed over.
            if (!await TryOwe([row], ct) && (await Find(row.Key, ct))?.Hash != row.Hash)
            {
                left.Add(row);
            }
        }

        return left.ToImmutable();
    }

    private static IEnumerable<TableTransactionAction> Owed(OwedWriteBack owed)
    {
        var shown = new TableEntity(TableKey.Tenant, Row('l', owed.Key)) { ["Hash"] = owed.Hash, ["SchemaV"] = 1 };
        var pending = new TableEntity(TableKey.Tenant, Row('p', owed.Key)) { ["Hash"] = owed.Hash, ["Account"] = owed.Account, ["SchemaV"] = 1 };
        SplitText.Put(pending, "Fields", JsonSerializer.Serialize(owed.Fields));
        yield return owed.Replaces is { } before
            ? new(TableTransactionActionType.UpdateReplace, shown, new ETag(before))
            : new(TableTransactionActionType.Add, shown);
        yield return new(TableTransactionActionType.UpsertReplace, pending);
    }

    private static IEnumerable<TableTransactionAction> Settled(SettledWriteBack settled)
    {
        PendingWriteBack row = settled.Row;
        var pending = new TableEntity(TableKey.Tenant, Row('p', row.Key));
        if (settled.Again is { } again)
        {
            pending["Attempts"] = row.Attempts + 1;
            pending.Put("NotBefore", again);
            yield return new(TableTransactionActionType.UpdateMerge, pending, new ETag(row.ETag));
            yield break;
        }

        yield return new(TableTransactionActionType.Delete, pending, new ETag(row.ETag));
        if (settled.Refused is { } code)
        {
            yield return new(TableTransactionActionType.UpdateMerge, new TableEntity(TableKey.Tenant, Row('l', row.Key)) { ["Refused"] = code }, ETag.All);
        }
    }

    private static PendingWriteBack Read(TableEntity row)
    {
        string[] key = row.RowKey.Split('|');
        return new(
            new(key[1], key[2], key[3]), Fields(SplitText.Get(row, "Fields")!), row.GetString("Hash"), row.GetString("Account"), row.GetInt32("Attempts") ?? 0, row.ETag.ToString());
    }

    private static ImmutableSortedDictionary<string, object?> Fields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToImmutableSortedDictionary(field => field.Name, field => Value(field.Value), StringComparer.Ordinal);
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => value.GetDecimal(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => value.GetString(),
    };

    private static string Row(char kind, WriteBackKey key) => TableKey.Checked($"{kind}|{key.Object}|{key.Id}|{key.Part}");
}
