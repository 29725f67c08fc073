using System.Runtime.Serialization;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Hub.Testing;

namespace Hub.Sdk.Tests.AzureDataTables;

public class AzuriteTests
{
    [Fact]
    public async Task A_table_is_created_once_listed_and_deleted()
    {
        Azurite azurite = await Azurite.SharedAsync();
        var service = new TableServiceClient(azurite.ConnectionString);
        string name = NewName();

        Assert.Equal(name, (await service.CreateTableAsync(name, CancellationToken.None)).Value.Name);
        var again = await Assert.ThrowsAsync<RequestFailedException>(() => service.CreateTableAsync(name, CancellationToken.None));
        Assert.Equal((409, "TableAlreadyExists"), (again.Status, again.ErrorCode));
        Assert.Equal(409, (await service.CreateTableIfNotExistsAsync(name, CancellationToken.None)).GetRawResponse().Status);
        Assert.Equal([name], await Names(service.QueryAsync(table => table.Name == name, cancellationToken: CancellationToken.None)));

        await service.DeleteTableAsync(name, CancellationToken.None);
        Assert.Equal(404, (await service.DeleteTableAsync(name, CancellationToken.None)).Status);
        Assert.Empty(await Names(service.QueryAsync($"TableName eq '{name}'", cancellationToken: CancellationToken.None)));
    }

    [Fact]
    public async Task An_entity_is_inserted_once()
    {
        TableClient table = await NewTable();
        var entity = new TableEntity("o'neil", "row|1 ü%") { ["A"] = "x" };

        Response added = await table.AddEntityAsync(entity, CancellationToken.None);
        var again = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(entity, CancellationToken.None));

        Assert.Equal((409, "EntityAlreadyExists"), (again.Status, again.ErrorCode));
        TableEntity stored = (await table.GetEntityAsync<TableEntity>("o'neil", "row|1 ü%", cancellationToken: CancellationToken.None)).Value;
        Assert.Equal("x", stored.GetString("A"));
        Assert.Equal(added.Headers.ETag, stored.ETag);
        Assert.NotNull(stored.Timestamp);
    }

    [Fact]
    public async Task Of_two_writers_who_read_the_same_version_one_is_refused()
    {
        TableClient table = await NewTable();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["N"] = 1 }, CancellationToken.None);
        TableEntity first = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: CancellationToken.None)).Value;
        TableEntity second = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: CancellationToken.None)).Value;

        first["N"] = 2;
        await table.UpdateEntityAsync(first, first.ETag, TableUpdateMode.Replace, CancellationToken.None);
        second["N"] = 3;
        var late = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(second, second.ETag, TableUpdateMode.Replace, CancellationToken.None));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (late.Status, late.ErrorCode));
        Assert.Equal(2, (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: CancellationToken.None)).Value.GetInt32("N"));
        await table.UpdateEntityAsync(second, ETag.All, TableUpdateMode.Replace, CancellationToken.None);
        Assert.Equal(3, (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: CancellationToken.None)).Value.GetInt32("N"));
    }

    [Fact]
    public async Task Merge_keeps_and_replace_drops_what_is_not_mentioned()
    {
        TableClient table = await NewTable();
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, TableUpdateMode.Merge, CancellationToken.None);

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 3 }, TableUpdateMode.Merge, CancellationToken.None);
        TableEntity merged = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: CancellationToken.None)).Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 4 }, TableUpdateMode.Replace, CancellationToken.None);
        TableEntity replaced = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: CancellationToken.None)).Value;

        Assert.Equal((1, 3), (merged.GetInt32("A"), merged.GetInt32("B")));
        Assert.Equal((null, 4), (replaced.GetInt32("A"), replaced.GetInt32("B")));
    }

    [Fact]
    public async Task What_is_missing_is_told_apart_from_an_error()
    {
        TableClient table = await NewTable();

        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "none", cancellationToken: CancellationToken.None)).HasValue);
        var missing = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "none", cancellationToken: CancellationToken.None));
        var update = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "none"), ETag.All, cancellationToken: CancellationToken.None));
        Response delete = await table.DeleteEntityAsync("p", "none", cancellationToken: CancellationToken.None);

        Assert.Equal((404, "ResourceNotFound"), (missing.Status, missing.ErrorCode));
        Assert.Equal(404, update.Status);
        Assert.Equal(404, delete.Status);
    }

    [Fact]
    public async Task Pages_are_followed_to_the_end_of_the_answer()
    {
        TableClient table = await NewTable();
        await table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(i => Add("p", $"{i:D3}", i)), CancellationToken.None);
        await table.SubmitTransactionAsync(Enumerable.Range(100, 30).Select(i => Add("p", $"{i:D3}", i)), CancellationToken.None);

        var sizes = new List<int>();
        await foreach (Page<TableEntity> page in table.QueryAsync<TableEntity>(e => e.PartitionKey == "p", maxPerPage: 50, cancellationToken: CancellationToken.None).AsPages())
        {
            sizes.Add(page.Values.Count);
        }

        List<TableEntity> filtered = await All(table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and N ge {95L} and N lt {105L}"), maxPerPage: 3, select: ["RowKey"], CancellationToken.None));

        Assert.Equal([50, 50, 30], sizes);
        Assert.Equal(Enumerable.Range(95, 10).Select(i => $"{i:D3}"), filtered.Select(row => row.RowKey));
        Assert.All(filtered, row => Assert.False(row.ContainsKey("N")));
    }

    [Fact]
    public async Task A_transaction_writes_all_or_nothing_and_names_the_operation_that_failed()
    {
        TableClient table = await NewTable();
        await table.AddEntityAsync(new TableEntity("p", "taken"), CancellationToken.None);

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync([Add("p", "a", 1), Add("p", "b", 2), Add("p", "taken", 3)], CancellationToken.None));

        Assert.Equal((409, "EntityAlreadyExists", 2), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Equal(["taken"], (await All(table.QueryAsync<TableEntity>(cancellationToken: CancellationToken.None))).Select(row => row.RowKey));
    }

    [Fact]
    public async Task A_transaction_knows_every_kind_of_operation_and_answers_each()
    {
        TableClient table = await NewTable();
        await table.SubmitTransactionAsync([.. ((string[])["merge", "replace", "delete", "up-merge", "up-replace"]).Select(row => Add("p'1", row, 1))], CancellationToken.None);
        ETag etag = (await table.GetEntityAsync<TableEntity>("p'1", "merge", cancellationToken: CancellationToken.None)).Value.ETag;

        Response<IReadOnlyList<Response>> answer = await table.SubmitTransactionAsync(
            [
                Add("p'1", "added ü", 2),
                new(TableTransactionActionType.UpdateMerge, new TableEntity("p'1", "merge") { ["M"] = 2 }, etag),
                new(TableTransactionActionType.UpdateReplace, new TableEntity("p'1", "replace") { ["M"] = 2 }, ETag.All),
                new(TableTransactionActionType.Delete, new TableEntity("p'1", "delete")),
                new(TableTransactionActionType.UpsertMerge, new TableEntity("p'1", "up-merge") { ["M"] = 2 }),
                new(TableTransactionActionType.UpsertReplace, new TableEntity("p'1", "up-replace") { ["M"] = 2 }),
            ],
            CancellationToken.None);

        Assert.Equal([204, 204, 204, 204, 204, 204], answer.Value.Select(part => part.Status));
        Assert.Equal((await table.GetEntityAsync<TableEntity>("p'1", "added ü", cancellationToken: CancellationToken.None)).Value.ETag, answer.Value[0].Headers.ETag);
        var rows = (await All(table.QueryAsync<TableEntity>(cancellationToken: CancellationToken.None))).ToDictionary(row => row.RowKey, row => (row.GetInt64("N"), row.GetInt32("M")));
        Assert.Equal(
            new Dictionary<string, (long?, int?)> { ["added ü"] = (2, null), ["merge"] = (1, 2), ["replace"] = (null, 2), ["up-merge"] = (1, 2), ["up-replace"] = (null, 2) },
            rows);
    }

    [Fact]
    public async Task A_stale_version_refuses_the_whole_transaction()
    {
        TableClient table = await NewTable();
        Response head = await table.AddEntityAsync(new TableEntity("p", "h") { ["N"] = 1 }, CancellationToken.None);
        await table.UpsertEntityAsync(new TableEntity("p", "h") { ["N"] = 2 }, cancellationToken: CancellationToken.None);

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [Add("p", "e", 1), new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "h") { ["N"] = 3 }, head.Headers.ETag!.Value)],
            CancellationToken.None));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (failure.Status, failure.ErrorCode));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "e", cancellationToken: CancellationToken.None)).HasValue);
    }

    [Fact]
    public async Task A_transaction_of_no_operations_is_refused_here()
    {
        TableClient table = await NewTable();

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([], CancellationToken.None));
    }

    [Fact]
    public async Task A_class_with_typed_properties_is_stored_and_read_back()
    {
        TableClient table = await NewTable();
        var order = new Order
        {
            PartitionKey = "p",
            RowKey = "r",
            Lines = 3,
            Total = long.MaxValue,
            Ratio = 0.1,
            Open = true,
            At = new DateTimeOffset(2026, 3, 9, 4, 30, 0, TimeSpan.Zero).AddTicks(1234567),
            On = new DateTime(2026, 3, 9, 0, 0, 0, DateTimeKind.Utc),
            Id = Guid.NewGuid(),
            Bytes = [0, 255],
            State = OrderState.Paid,
            Renamed = "stored",
            Ignored = "not stored",
        };

        await table.AddEntityAsync(order, CancellationToken.None);
        Order read = (await table.GetEntityAsync<Order>("p", "r", cancellationToken: CancellationToken.None)).Value;
        TableEntity raw = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: CancellationToken.None)).Value;

        Assert.Equal((3, long.MaxValue, 0.1, true), (read.Lines, read.Total, read.Ratio, read.Open));
        Assert.Equal((order.At, order.On, order.Id, OrderState.Paid), (read.At, read.On, read.Id, read.State));
        Assert.Equal([0, 255], read.Bytes);
        Assert.Equal((null, null, null, null), (read.Missing, read.MaybeTotal, read.MaybeAt, read.Ignored));
        Assert.Equal(("Paid", "stored", false), (raw.GetString("State"), raw.GetString("other_name"), raw.ContainsKey("Ignored")));
        Assert.Equal((raw.ETag, raw.Timestamp), (read.ETag, read.Timestamp));
    }

    [Fact]
    public async Task A_wrong_key_is_refused_by_the_emulator_so_signing_is_checked_there()
    {
        Azurite azurite = await Azurite.SharedAsync();
        var service = new TableServiceClient(azurite.TableEndpoint, new TableSharedKeyCredential(Azurite.AccountName, "AAAA"));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => service.CreateTableAsync(NewName(), CancellationToken.None));

        Assert.Equal(403, failure.Status);
    }

    private static TableTransactionAction Add(string partition, string row, long number) =>
        new(TableTransactionActionType.Add, new TableEntity(partition, row) { ["N"] = number });

    private static string NewName() => $"T{Guid.NewGuid():N}";

    private static async Task<TableClient> NewTable()
    {
        Azurite azurite = await Azurite.SharedAsync();
        TableClient table = new TableServiceClient(azurite.TableEndpoint, new TableSharedKeyCredential(Azurite.AccountName, Azurite.Key)).GetTableClient(NewName());
        await table.CreateIfNotExistsAsync(CancellationToken.None);
        return table;
    }

    private static async Task<List<T>> All<T>(AsyncPageable<T> pages)
        where T : notnull
    {
        var all = new List<T>();
        await foreach (T item in pages)
        {
            all.Add(item);
        }

        return all;
    }

    private static async Task<List<string>> Names(AsyncPageable<TableItem> tables) => [.. (await All(tables)).Select(table => table.Name)];

    private enum OrderState
    {
        Open,
        Paid,
    }

    private sealed class Order : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int Lines { get; set; }

        public long Total { get; set; }

        public long? MaybeTotal { get; set; }

        public double Ratio { get; set; }

        public bool Open { get; set; }

        public DateTimeOffset At { get; set; }

        public DateTimeOffset? MaybeAt { get; set; }

        public DateTime On { get; set; }

        public Guid Id { get; set; }

        public byte[]? Bytes { get; set; }

        public OrderState State { get; set; }

        public string? Missing { get; set; }

        [DataMember(Name = "other_name")]
        public string? Renamed { get; set; }

        [IgnoreDataMember]
        public string? Ignored { get; set; }
    }
}
