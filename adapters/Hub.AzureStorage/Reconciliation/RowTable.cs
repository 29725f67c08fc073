using System.Runtime.CompilerServices;
using System.Text;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Reconciliation;

namespace Hub.AzureStorage.Reconciliation;

/// <summary>Table <c>ReconRow</c>: <c>run|attempt|shard</c>, <c>contract!kind!id</c>, and <c>contract!kind!id!part</c> where a record needs several rows.</summary>
/// <remarks>The separator is smaller than any character of an id, so that rows sort by contract key, then kind, then id, whatever their lengths.</remarks>
internal sealed class RowTable(Table table)
{
    // An entity holds 1 MiB; even text that JSON escapes to six times its length stays below that.
    private const int CharactersPerRow = 128_000;

    public Task Save(string runId, string attempt, IReadOnlyList<BookRow> rows, CancellationToken ct) => table.SubmitAll(
        rows.DistinctLast(row => (row.Shard, row.ContractKey, row.Kind, row.Id))
            .SelectMany(row => Entities(Partition(runId, attempt, row.Shard), row))
            .Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)),
        ct);

    public async IAsyncEnumerable<BookRow> OfShard(string runId, string attempt, int shard, [EnumeratorCancellation] CancellationToken ct)
    {
        Partial? open = null;
        await foreach (TableEntity row in table.Query($"PartitionKey eq '{Partition(runId, attempt, shard)}'", ct))
        {
            if (row.GetInt32("Part") == 0)
            {
                ThrowIfOpen(open);
                open = new Partial(row);
            }
            else
            {
                open?.Add(row);
            }

            if (open is { IsWhole: true })
            {
                yield return open.Row(shard);
                open = null;
            }
        }

        ThrowIfOpen(open);
    }

    public async Task Delete(string runId, CancellationToken ct)
    {
        string filter = TableKey.StartsWith("PartitionKey", $"{TableKey.Checked(runId)}|");
        await foreach (Azure.Page<TableEntity> page in table.Query(filter, ct, "PartitionKey", "RowKey").AsPages())
        {
            await table.DeleteAll(page.Values, ct);
        }
    }

    private static string Partition(string runId, string attempt, int shard) => $"{TableKey.Checked(runId)}|{TableKey.Checked(attempt)}|{shard:D4}";

    // A record left out would look like one that does not exist.
    private static void ThrowIfOpen(Partial? open)
    {
        if (open is not null)
        {
            throw new InvalidOperationException($"The stored {open.Kind} {open.Id} is not whole.");
        }
    }

    private static IEnumerable<TableEntity> Entities(string partition, BookRow row)
    {
        string key = $"{TableKey.Escaped(row.ContractKey)}!{row.Kind}!{TableKey.Escaped(row.Id)}";
        string[] parts = [.. SplitText.Cut(row.Json, CharactersPerRow)];
        foreach ((int index, string part) in parts.Index())
        {
            var entity = new TableEntity(partition, TableKey.Checked(index == 0 ? key : $"{key}!{index:D3}")) { ["Part"] = index };
            if (index == 0)
            {
                entity["Parts"] = parts.Length;
                entity["Contract"] = row.ContractKey;
                entity["Kind"] = row.Kind;
                entity["Id"] = row.Id;
            }

            SplitText.Put(entity, "Json", part);
            yield return entity;
        }
    }

    /// <summary>A record whose rows are being read; a part beyond the first row's count is left from a longer version and ignored.</summary>
    private sealed class Partial(TableEntity first)
    {
        private readonly StringBuilder _json = new(SplitText.Get(first, "Json"));
        private int _parts = 1;

        public string Kind => first.GetString("Kind");

        public string Id => first.GetString("Id");

        public bool IsWhole => _parts == first.GetInt32("Parts");

        public void Add(TableEntity row)
        {
            _json.Append(SplitText.Get(row, "Json"));
            _parts++;
        }

        public BookRow Row(int shard) => new(shard, first.GetString("Contract"), Kind, Id, _json.ToString());
    }
}
