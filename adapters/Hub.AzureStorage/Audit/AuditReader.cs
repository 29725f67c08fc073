using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Audit;

namespace Hub.AzureStorage.Audit;

/// <summary>Reads the chains of table <c>AuditChain</c>, page by page, oldest month first.</summary>
public sealed class AuditReader(StorageClients clients) : IAuditReader
{
    private readonly Table _table = clients.Table(TableNames.AuditChain);
    private readonly AuditMonths _months = new(clients.Table(TableNames.AuditChain));

    public IAsyncEnumerable<ChainedEntry> History(string subject, CancellationToken ct) =>
        Entries(AuditChains.ChainOf(subject), $" and Subject eq '{TableKey.Quoted(subject)}'", ct);

    public IAsyncEnumerable<ChainedEntry> Chain(string chain, CancellationToken ct) => Entries(chain, string.Empty, ct);

    public async Task<ChainHead?> Head(string chain, CancellationToken ct)
    {
        List<string> months = await _months.Of(chain, ct);
        foreach (string month in Enumerable.Reverse(months))
        {
            if (await _table.Find(AuditRows.Partition(chain, month), AuditRows.HeadKey, ct) is { } row)
            {
                return AuditRows.ReadHead(chain, row);
            }
        }

        return null;
    }

    private async IAsyncEnumerable<ChainedEntry> Entries(string chain, string condition, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (string month in await _months.Of(chain, ct))
        {
            string filter = $"PartitionKey eq '{AuditRows.Partition(chain, month)}' and {TableKey.StartsWith("RowKey", "e|")}{condition}";
            await foreach (TableEntity row in _table.Query(filter, ct))
            {
                yield return AuditRows.Read(row);
            }
        }
    }
}
