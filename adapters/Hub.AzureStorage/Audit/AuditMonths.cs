using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Audit;

namespace Hub.AzureStorage.Audit;

/// <summary>The months of a chain: a head names the month that follows it, so the chain has one end whatever the hosts' clocks say.</summary>
/// <remarks>
/// A month is left by writing <c>Next</c> on its head under the head's version: a writer who still holds the old version is refused. Only
/// then may the next month's head be inserted. The list of months is a hint for readers and for finding the end quickly.
/// </remarks>
internal sealed class AuditMonths(Table table)
{
    /// <summary>How far back a repeated event is looked for.</summary>
    private const int MonthsRemembered = 12;

    /// <summary>Oldest first; the last one may have no entry yet.</summary>
    public async Task<List<string>> Of(string chain, CancellationToken ct)
    {
        string filter = $"PartitionKey eq '{AuditRows.Months(chain)}' and {TableKey.StartsWith("RowKey", AuditRows.MonthPrefix)}";
        var months = new List<string>();
        await foreach (TableEntity row in table.Query(filter, ct, "RowKey"))
        {
            months.Add(row.RowKey[AuditRows.MonthPrefix.Length..]);
        }

        months.Sort(StringComparer.Ordinal);
        return months;
    }

    /// <summary>Where the next entry goes: the clock's month, or a later one where the chain is there already.</summary>
    public async Task<Tail> Tail(string chain, string clockMonth, CancellationToken ct)
    {
        List<string> months = await Of(chain, ct);
        TableEntity? head = await LastHead(chain, months, ct);
        if (head is null)
        {
            string first = await First(chain, clockMonth, ct);
            return new Tail(AuditRows.Partition(chain, first), first, Earlier(months, first), null, null);
        }

        while (true)
        {
            string month = MonthOf(head);
            string? next = head.GetString(AuditRows.Next);
            if (next is null && string.CompareOrdinal(month, clockMonth) >= 0)
            {
                return new Tail(head.PartitionKey, month, Earlier(months, month), AuditRows.ReadHead(chain, head), head.ETag);
            }

            if (next is null)
            {
                await Leave(chain, head, clockMonth, ct);
                head = await HeadOf(chain, month, ct) ?? throw new InvalidOperationException($"Audit chain {chain} has lost a head.");
            }
            else if (await HeadOf(chain, next, ct) is { } following)
            {
                head = following;
            }
            else
            {
                return new Tail(AuditRows.Partition(chain, next), next, Earlier([.. months, month], next), AuditRows.ReadHead(chain, head), null);
            }
        }
    }

    private static string MonthOf(TableEntity head) => head.PartitionKey.Split('|')[1];

    private static string[] Earlier(IEnumerable<string> months, string month) =>
        [.. months.Distinct().Where(other => other != month).Order(StringComparer.Ordinal).TakeLast(MonthsRemembered)];

    private async Task Leave(string chain, TableEntity head, string next, CancellationToken ct)
    {
        await List(chain, next, ct);
        head[AuditRows.Next] = next;
        await table.TryReplace(head, head.ETag, ct);
    }

    // Hosts that start an empty chain at the same time agree on the month through one row.
    private async Task<string> First(string chain, string month, CancellationToken ct)
    {
        var proposal = new TableEntity(AuditRows.Months(chain), AuditRows.FirstKey) { [AuditRows.FirstMonth] = month };
        string first = (await table.InsertOrFind(proposal, ct)).GetString(AuditRows.FirstMonth);
        await List(chain, first, ct);
        return first;
    }

    private Task List(string chain, string month, CancellationToken ct) =>
        table.Replace(new TableEntity(AuditRows.Months(chain), AuditRows.MonthPrefix + month), ct);

    private async Task<TableEntity?> LastHead(string chain, List<string> months, CancellationToken ct)
    {
        foreach (string month in Enumerable.Reverse(months))
        {
            if (await HeadOf(chain, month, ct) is { } head)
            {
                return head;
            }
        }

        return null;
    }

    private Task<TableEntity?> HeadOf(string chain, string month, CancellationToken ct) =>
        table.Find(AuditRows.Partition(chain, month), AuditRows.HeadKey, ct);
}
