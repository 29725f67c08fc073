using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Invoices;

namespace Hub.AzureStorage.Invoices;

/// <summary>
/// Table <c>InvoiceState</c>: <c>hub|bucket(invoice)</c>, <c>i|invoice</c> holds the state;
/// <c>hub|bucket(opportunity)</c>, <c>o|opportunity|invoice</c> finds it from the contract.
/// </summary>
public sealed class InvoiceStates(StorageClients clients) : IInvoiceStates
{
    private const string ReadAt = "ReadAt";
    private readonly Table _table = clients.Table(TableNames.InvoiceState);

    public async Task<InvoiceState?> Find(string invoiceId, CancellationToken ct) => await FindRow(invoiceId, ct) is { } row ? Read(row) : null;

    public async Task<bool> TrySave(InvoiceState state, InvoiceState? known, CancellationToken ct)
    {
        TableEntity? stored = await FindRow(state.Invoice.Id, ct);
        if (stored?.GetInstant(ReadAt) != known?.ReadAt)
        {
            return false;
        }

        // The pointer first: one without a state is skipped, a state without a pointer would be lost from the contract's view.
        if (state.Invoice.OpportunityId is { } opportunity && stored?.GetString("OpportunityId") != opportunity)
        {
            await _table.Replace(new TableEntity(TableKey.Partition(opportunity), PointerKey(opportunity, state.Invoice.Id)), ct);
        }

        return await _table.TrySave(Row(state), stored?.ETag.ToString(), ct) is not null;
    }

    public async IAsyncEnumerable<InvoiceState> OfOpportunity(string opportunityId, [EnumeratorCancellation] CancellationToken ct)
    {
        string prefix = PointerKey(opportunityId, string.Empty);
        string filter = $"PartitionKey eq '{TableKey.Partition(opportunityId)}' and {TableKey.StartsWith("RowKey", prefix)}";
        await foreach (TableEntity pointer in _table.Query(filter, ct, "RowKey"))
        {
            // A pointer may be left from a time when the invoice named another contract.
            if (await Find(pointer.RowKey[prefix.Length..], ct) is { } state && state.Invoice.OpportunityId == opportunityId)
            {
                yield return state;
            }
        }
    }

    private static string StateKey(string invoiceId) => TableKey.Checked($"i|{invoiceId}");

    private static string PointerKey(string opportunityId, string invoiceId) => TableKey.Checked($"o|{opportunityId}|{invoiceId}");

    private static TableEntity Row(InvoiceState state)
    {
        var row = new TableEntity(TableKey.Partition(state.Invoice.Id), StateKey(state.Invoice.Id))
        {
            ["OpportunityId"] = state.Invoice.OpportunityId,
            ["Status"] = state.Invoice.Status.ToString(),
            ["SchemaV"] = 1,
        };
        row.Put(ReadAt, state.ReadAt);
        SplitText.Put(row, "Invoice", JsonSerializer.Serialize(state.Invoice, HubJson.Options));
        return row;
    }

    private static InvoiceState Read(TableEntity row) => new(
        JsonSerializer.Deserialize<Invoice>(SplitText.Get(row, "Invoice") ?? "null", HubJson.Options)
            ?? throw new InvalidOperationException($"Row {row.RowKey} holds no invoice."),
        row.GetInstant(ReadAt));

    private Task<TableEntity?> FindRow(string invoiceId, CancellationToken ct) =>
        _table.Find(TableKey.Partition(invoiceId), StateKey(invoiceId), ct);
}
