using System.Collections.Immutable;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Contracts;
using NodaTime.Text;

namespace Hub.AzureStorage.Contracts;

/// <summary>Table <c>Contract</c>: <c>hub|bucket(opportunity)</c>, <c>opportunity</c>.</summary>
public sealed class ContractRecords(StorageClients clients) : IContractRecords
{
    private readonly Table _table = clients.Table(TableNames.Contract);

    public async Task<ContractRecord?> Find(SalesforceId opportunityId, CancellationToken ct) =>
        await _table.Find(TableKey.Partition(opportunityId.Value), opportunityId.Value, ct) is { } row ? Read(row) : null;

    public async Task<ContractRecord?> TrySave(ContractRecord record, CancellationToken ct)
    {
        ETag? etag = await _table.TrySave(Row(record), record.ETag, ct);
        return etag is { } version ? record with { ETag = version.ToString() } : null;
    }

    private static TableEntity Row(ContractRecord record)
    {
        var row = new TableEntity(TableKey.Partition(record.OpportunityId.Value), record.OpportunityId.Value)
        {
            ["State"] = record.State.ToString(),
            ["Version"] = record.Version,
            ["DealSeen"] = record.DealSeen,
            ["ProcessedOn"] = record.ProcessedOn is { } date ? LocalDatePattern.Iso.Format(date) : null,
            ["ExtendOn"] = record.ExtendOn is { } day ? LocalDatePattern.Iso.Format(day) : null,
            ["BilledAccount"] = record.BilledAccount?.Value,
            ["Billing"] = record.Billing is null ? null : JsonSerializer.Serialize(record.Billing, HubJson.Options),
            ["Original"] = record.Original?.Value,
            ["Written"] = record.Written.IsEmpty ? null : string.Join(',', record.Written),
            ["Corrections"] = record.Corrections,
            ["SchemaV"] = 1,
        };
        row.Put("UpdatedAt", record.UpdatedAt);
        SplitText.Put(row, "Problems", JsonSerializer.Serialize(record.Problems, HubJson.Options));
        SplitText.Put(row, "Plan", record.Plan);
        SplitText.Put(row, "Amendments", record.Amendments.IsEmpty ? null : JsonSerializer.Serialize(record.Amendments.Select(Row), HubJson.Options));
        SplitText.Put(row, "Adjustments", record.Adjustments.IsEmpty ? null : JsonSerializer.Serialize(record.Adjustments, HubJson.Options));
        return row;
    }

    private static ContractRecord Read(TableEntity row) => new(
        SalesforceId.Parse(row.RowKey),
        row.GetEnum<ContractState>("State"),
        row.GetString("Version"),
        row.GetString("Billing") is { } billing ? JsonSerializer.Deserialize<AppliedBilling>(billing, HubJson.Options) : null,
        JsonSerializer.Deserialize<ImmutableArray<Problem>>(SplitText.Get(row, "Problems") ?? "[]", HubJson.Options),
        SplitText.Get(row, "Plan"),
        row.GetInstant("UpdatedAt"),
        row.ETag.ToString())
    {
        ProcessedOn = row.GetString("ProcessedOn") is { } date ? LocalDatePattern.Iso.Parse(date).Value : null,
        ExtendOn = row.GetString("ExtendOn") is { } day ? LocalDatePattern.Iso.Parse(day).Value : null,
        DealSeen = row.GetString("DealSeen"),
        Written = row.GetString("Written") is { } written ? [.. written.Split(',')] : [],
        Corrections = row.GetInt32("Corrections") ?? 0,
        BilledAccount = row.GetString("BilledAccount") is { } account ? SalesforceId.Parse(account) : null,
        Original = row.GetString("Original") is { } original ? SalesforceId.Parse(original) : null,
        Amendments = SplitText.Get(row, "Amendments") is { } amendments
            ? [.. JsonSerializer.Deserialize<AmendmentRow[]>(amendments, HubJson.Options)!.Select(Amendment)]
            : [],
        Adjustments = SplitText.Get(row, "Adjustments") is { } adjustments ? JsonSerializer.Deserialize<ImmutableArray<Adjustment>>(adjustments, HubJson.Options) : [],
    };

    private static AmendmentRow Row(AppliedAmendment amendment) => new(amendment.OpportunityId.Value, LocalDatePattern.Iso.Format(amendment.ProcessedOn), LocalDatePattern.Iso.Format(amendment.BillsFrom));

    private static AppliedAmendment Amendment(AmendmentRow row) => new(
        SalesforceId.Parse(row.OpportunityId), LocalDatePattern.Iso.Parse(row.ProcessedOn).Value, LocalDatePattern.Iso.Parse(row.BillsFrom).Value);

    private sealed record AmendmentRow(string OpportunityId, string ProcessedOn, string BillsFrom);
}
