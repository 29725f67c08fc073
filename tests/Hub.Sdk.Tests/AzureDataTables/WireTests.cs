using System.Net;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Hub.Sdk.Tests.AzureDataTables;

public class WireTests
{
    private const string Format = "$format=application%2Fjson%3Bodata%3Dminimalmetadata";

    [Fact]
    public async Task Types_that_json_does_not_have_are_declared()
    {
        var wire = new Wire().Answer(HttpStatusCode.NoContent);
        var entity = new TableEntity("p", "r")
        {
            ["Total"] = 9007199254740993L,
            ["Count"] = 3,
            ["Ratio"] = 2d,
            ["Open"] = true,
            ["At"] = new DateTimeOffset(2026, 3, 9, 4, 30, 0, TimeSpan.FromHours(1)),
            ["Id"] = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
            ["Bytes"] = (byte[])[1, 2],
            ["Nothing"] = null,
        };

        await wire.Table().AddEntityAsync(entity, CancellationToken.None);

        Assert.Equal(
            string.Concat(
                """{"PartitionKey":"p","RowKey":"r","Total":"9007199254740993","Total@odata.type":"Edm.Int64","Count":3,""",
                """ "Ratio":2,"Ratio@odata.type":"Edm.Double","Open":true,"At":"2026-03-09T03:30:00.0000000Z","At@odata.type":"Edm.DateTime",""",
                """ "Id":"0f8fad5b-d9cb-469f-a165-70867728950e","Id@odata.type":"Edm.Guid","Bytes":"AQI=","Bytes@odata.type":"Edm.Binary","Nothing":null}""").Replace(" ", "", StringComparison.Ordinal),
            wire.Only.Body);
        Assert.Equal(("POST", $"/Hub?{Format}", "return-no-content"), (wire.Only.Method, wire.Only.Address.PathAndQuery, wire.Only.Headers["Prefer"]));
    }

    [Fact]
    public async Task Version_and_time_stamp_read_before_are_not_written_back()
    {
        var wire = new Wire()
            .Answer(HttpStatusCode.OK, """{"odata.metadata":"m","odata.etag":"W/\"1\"","PartitionKey":"p","RowKey":"r","Timestamp":"2026-01-02T03:04:05.1234567Z","A":"x"}""")
            .Answer(HttpStatusCode.NoContent);
        TableClient table = wire.Table();

        TableEntity read = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: CancellationToken.None)).Value;
        await table.UpdateEntityAsync(read, read.ETag, TableUpdateMode.Replace, CancellationToken.None);

        Assert.Equal(DateTimeOffset.Parse("2026-01-02T03:04:05.1234567Z", null), read.Timestamp);
        Assert.Equal("""{"PartitionKey":"p","RowKey":"r","A":"x"}""", wire.Requests[1].Body);
        Assert.Equal(("PUT", "W/\"1\""), (wire.Requests[1].Method, wire.Requests[1].Headers["If-Match"]));
    }

    [Fact]
    public async Task A_local_date_is_refused_because_the_service_stores_UTC()
    {
        var entity = new TableEntity("p", "r") { ["At"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local) };

        await Assert.ThrowsAsync<NotSupportedException>(() => new Wire().Table().AddEntityAsync(entity, CancellationToken.None));
    }

    [Fact]
    public async Task An_upsert_carries_no_condition_and_its_mode_is_the_verb()
    {
        var wire = new Wire().Answer(HttpStatusCode.NoContent).Answer(HttpStatusCode.NoContent);

        await wire.Table().UpsertEntityAsync(new TableEntity("p", "r"), TableUpdateMode.Merge, CancellationToken.None);
        await wire.Table().UpsertEntityAsync(new TableEntity("p", "r"), TableUpdateMode.Replace, CancellationToken.None);

        Assert.Equal(["PATCH", "PUT"], wire.Requests.Select(sent => sent.Method));
        Assert.All(wire.Requests, sent => Assert.DoesNotContain("If-Match", sent.Headers.Keys));
    }

    [Fact]
    public async Task An_update_without_a_version_is_refused_before_it_is_sent()
    {
        var wire = new Wire();

        await Assert.ThrowsAsync<ArgumentException>(() => wire.Table().UpdateEntityAsync(new TableEntity("p", "r"), default, cancellationToken: CancellationToken.None));

        Assert.Empty(wire.Requests);
    }

    [Fact]
    public async Task Quotes_in_keys_are_doubled_and_the_key_is_encoded_once()
    {
        var wire = new Wire().Answer(HttpStatusCode.NotFound);

        var found = await wire.Table().GetEntityIfExistsAsync<TableEntity>("o'n|1", "50%+", ["A", "B"], CancellationToken.None);

        Assert.False(found.HasValue);
        Assert.Equal($"/Hub(PartitionKey='o%27%27n%7C1',RowKey='50%25%2B')?{Format}&$select=A%2CB", wire.Only.Address.PathAndQuery);
        Assert.Throws<InvalidOperationException>(() => found.Value);
    }

    [Fact]
    public async Task A_query_goes_on_after_an_empty_page_until_the_service_hands_out_no_token()
    {
        var wire = new Wire()
            .Answer(HttpStatusCode.OK, """{"value":[]}""", ("x-ms-continuation-NextPartitionKey", "1!8!cA--"), ("x-ms-continuation-NextRowKey", "1!4!cg--"))
            .Answer(HttpStatusCode.OK, """{"value":[{"PartitionKey":"p","RowKey":"r1"}]}""", ("x-ms-continuation-NextPartitionKey", "1!8!cQ--"))
            .Answer(HttpStatusCode.OK, """{"value":[{"PartitionKey":"q","RowKey":"r2"}]}""");

        var rows = new List<string>();
        await foreach (TableEntity row in wire.Table().QueryAsync<TableEntity>("A eq 'x y'", 2, ["RowKey"], CancellationToken.None))
        {
            rows.Add(row.RowKey);
        }

        Assert.Equal(["r1", "r2"], rows);
        string query = $"/Hub()?{Format}&$top=2&$select=RowKey&$filter=A%20eq%20%27x%20y%27";
        Assert.Equal(
            [query, $"{query}&NextPartitionKey=1%218%21cA--&NextRowKey=1%214%21cg--", $"{query}&NextPartitionKey=1%218%21cQ--"],
            wire.Requests.Select(sent => sent.Address.PathAndQuery));
    }

    [Fact]
    public async Task A_query_can_be_resumed_at_a_pages_token()
    {
        var wire = new Wire().Answer(HttpStatusCode.OK, """{"value":[]}""");

        await foreach (Page<TableEntity> page in wire.Table().QueryAsync<TableEntity>(cancellationToken: CancellationToken.None).AsPages("1!8!cA-- 1!4!cg--", 5))
        {
            Assert.Null(page.ContinuationToken);
        }

        Assert.Equal($"/Hub()?{Format}&$top=5&NextPartitionKey=1%218%21cA--&NextRowKey=1%214%21cg--", wire.Only.Address.PathAndQuery);
    }

    [Fact]
    public async Task A_cancelled_enumeration_stops_before_the_next_page()
    {
        using var stop = new CancellationTokenSource();
        var wire = new Wire().Answer(HttpStatusCode.OK, """{"value":[{"PartitionKey":"p","RowKey":"r"}]}""", ("x-ms-continuation-NextPartitionKey", "x"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (TableEntity row in wire.Table().QueryAsync<TableEntity>(cancellationToken: CancellationToken.None).WithCancellation(stop.Token))
            {
                await stop.CancelAsync();
            }
        });

        Assert.Single(wire.Requests);
    }

    [Fact]
    public async Task The_services_error_code_and_message_reach_the_caller()
    {
        var wire = new Wire().Answer(HttpStatusCode.PreconditionFailed, """{"odata.error":{"code":"UpdateConditionNotSatisfied","message":{"lang":"en-US","value":"Changed."}}}""");

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() =>
            wire.Table().UpdateEntityAsync(new TableEntity("p", "r"), new ETag("W/\"1\""), cancellationToken: CancellationToken.None));

        Assert.Equal(412, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied);
        Assert.StartsWith("Changed.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_that_is_not_the_services_own_is_still_a_failed_request()
    {
        var wire = new Wire().Answer(HttpStatusCode.Forbidden, "<html>no</html>");

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => wire.Table().AddEntityAsync(new TableEntity("p", "r"), CancellationToken.None));

        Assert.Equal((403, null), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task A_table_being_deleted_is_not_taken_for_one_that_exists()
    {
        var wire = new Wire()
            .Answer(HttpStatusCode.Conflict, """{"odata.error":{"code":"TableAlreadyExists","message":{"value":"There."}}}""")
            .Answer(HttpStatusCode.Conflict, """{"odata.error":{"code":"TableBeingDeleted","message":{"value":"Wait."}}}""");

        Response<TableItem> existing = await wire.Table().CreateIfNotExistsAsync(CancellationToken.None);
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => wire.Table().CreateIfNotExistsAsync(CancellationToken.None));

        Assert.Equal((409, "Hub"), (existing.GetRawResponse().Status, existing.Value.Name));
        Assert.Equal("TableBeingDeleted", failure.ErrorCode);
    }

    [Fact]
    public async Task A_throttled_request_is_retried_as_the_options_say()
    {
        var wire = new Wire().Answer(HttpStatusCode.ServiceUnavailable).Answer(HttpStatusCode.InternalServerError).Answer(HttpStatusCode.NoContent);
        var table = new TableClient(new Uri("https://acct.table.core.windows.net"), "Hub", new TableSharedKeyCredential("acct", "a2V5"), wire.Options(retries: 2));

        Response response = await table.UpsertEntityAsync(new TableEntity("p", "r"), cancellationToken: CancellationToken.None);

        Assert.Equal((204, 3), (response.Status, wire.Requests.Count));
    }
}
