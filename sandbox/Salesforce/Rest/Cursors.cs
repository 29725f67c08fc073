using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Kernel;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>Query results that are handed out page by page. A locator lives two days of sandbox time.</summary>
public sealed class Cursors(SandboxClock clock, SalesforceSettings settings)
{
    private const int SmallestPage = 200;
    private const int LargestPage = 2_000;
    private static readonly TimeSpan Life = TimeSpan.FromDays(2);
    private readonly ConcurrentDictionary<string, Cursor> open = new(StringComparer.Ordinal);
    private long opened;

    /// <summary>Rows per page, for tests that want to see paging with few rows; null: as the caller asks.</summary>
    public int? ForcedPageSize { get; set; } = settings.PageSize;

    /// <summary>The first page of a result.</summary>
    public JsonObject First(ApiRequest request, ImmutableArray<JsonObject> records, int total)
    {
        if (records.Length <= PageSize(request))
        {
            return Page(request, null, records, total, 0);
        }

        var locator = RecordIds.Create("0r8", Interlocked.Increment(ref opened));
        open[locator] = new Cursor(records, total, clock.Now);
        return Page(request, locator, records, total, 0);
    }

    /// <summary>A further page.</summary>
    /// <param name="locator">Last segment of a <c>nextRecordsUrl</c>: locator and offset.</param>
    /// <exception cref="RefusedException">Unknown or too old.</exception>
    public JsonObject Further(ApiRequest request, string locator)
    {
        var dash = locator.LastIndexOf('-');
        var id = dash < 0 ? locator : locator[..dash];
        if (dash < 0
            || !int.TryParse(locator[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            || !open.TryGetValue(id, out var cursor)
            || clock.Now - cursor.OpenedAt > Life
            || offset >= cursor.Records.Length)
        {
            throw new RefusedException("INVALID_QUERY_LOCATOR", "invalid query locator");
        }

        return Page(request, id, cursor.Records, cursor.Total, offset);
    }

    private JsonObject Page(ApiRequest request, string? locator, ImmutableArray<JsonObject> records, int total, int offset)
    {
        var end = Math.Min(records.Length, offset + PageSize(request));
        var done = end == records.Length;
        var page = new JsonObject { ["totalSize"] = total, ["done"] = done };
        if (!done)
        {
            page["nextRecordsUrl"] = string.Create(CultureInfo.InvariantCulture, $"{request.Root}/query/{locator}-{end}");
        }

        page["records"] = new JsonArray([.. records[offset..end].Select(record => record.DeepClone())]);
        return page;
    }

    private int PageSize(ApiRequest request)
    {
        var asked = int.TryParse(request.Option("Sforce-Query-Options", "batchSize"), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? Math.Clamp(size, SmallestPage, LargestPage)
            : LargestPage;
        return Math.Min(asked, ForcedPageSize ?? asked);
    }

    private sealed record Cursor(ImmutableArray<JsonObject> Records, int Total, DateTimeOffset OpenedAt);
}
