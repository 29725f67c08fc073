using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Hub.Salesforce;

/// <param name="All">Soft-deleted and archived rows too.</param>
internal sealed record SoqlQuery(string Object, string Text, bool All);

/// <param name="Next">Path of the next page; null after the last one. <c>done</c> is not asked: it may be missing.</param>
internal sealed record QueryPage(ImmutableArray<JsonElement> Records, string? Next);

/// <summary>Runs SOQL page by page; several statements with known ids share one call.</summary>
internal sealed class QueryClient(SalesforceHttp http)
{
    /// <summary>Salesforce takes at most five queries in a Composite request.</summary>
    private const int LargestComposite = 5;

    public string FirstPage(SoqlQuery query) => $"{http.Root}/{(query.All ? "queryAll" : "query")}?q={Soql.Encode(query.Text)}";

    /// <exception cref="SalesforceException">Also for an expired locator or a query that takes too long.</exception>
    public async Task<QueryPage> Page(string path, CancellationToken ct) => Page((await http.Send(Request(path), ct)).Json());

    /// <summary>The page, or the failure when it is one that a caller can work around: locator gone, query too large.</summary>
    public async Task<(QueryPage? Page, FailureKind? Failure)> TryPage(string path, CancellationToken ct)
    {
        SalesforceReply reply = await http.TrySend(Request(path), ct);
        return reply.Failure switch
        {
            null => (Page(reply.Json()), null),
            FailureKind.LocatorExpired or FailureKind.QueryTooLarge => (null, reply.Failure),
            _ => throw http.Exception(reply),
        };
    }

    /// <summary>All records of each query, in order of the queries.</summary>
    public async Task<ImmutableArray<ImmutableArray<JsonElement>>> Many(IReadOnlyList<SoqlQuery> queries, CancellationToken ct)
    {
        var results = ImmutableArray.CreateBuilder<ImmutableArray<JsonElement>>(queries.Count);
        foreach (SoqlQuery[] group in queries.Chunk(LargestComposite))
        {
            QueryPage?[] first = group.Length == 1 ? [null] : await Composite(group, ct);
            foreach ((SoqlQuery query, QueryPage? page) in group.Zip(first))
            {
                results.Add(await Rest(page ?? await Page(FirstPage(query), ct), ct));
            }
        }

        return results.MoveToImmutable();
    }

    /// <summary>First pages; null where a part did not succeed: it is asked again on its own, under the ordinary rules for errors and retries.</summary>
    private async Task<QueryPage?[]> Composite(SoqlQuery[] group, CancellationToken ct)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            allOrNone = false,
            compositeRequest = group.Select((query, index) => new { method = "GET", url = FirstPage(query), referenceId = Reference(index) }),
        });
        SalesforceReply reply = await http.TrySend(new(HttpMethod.Post, $"{http.Root}/composite", "composite", body), ct);
        if (reply.Failure is { } kind)
        {
            return kind == FailureKind.Gone ? new QueryPage?[group.Length] : throw http.Exception(reply);
        }

        JsonElement json = reply.Json();
        var parts = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("compositeResponse", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().ToArray()
            : [];
        return [.. group.Select((_, index) => PartOf(parts, Reference(index)))];
    }

    private static string Reference(int index) => $"q{index}";

    /// <summary>Parts come back in any order; the reference tells them apart.</summary>
    private static QueryPage? PartOf(JsonElement[] parts, string reference)
    {
        JsonElement part = parts.FirstOrDefault(candidate =>
            candidate.TryGetProperty("referenceId", out JsonElement id) && id.ValueKind == JsonValueKind.String && id.ValueEquals(reference));
        bool ok = part.ValueKind == JsonValueKind.Object
            && part.TryGetProperty("httpStatusCode", out JsonElement status) && status.TryGetInt32(out int code) && code == 200;
        return ok && part.TryGetProperty("body", out JsonElement body) ? Page(body) : null;
    }

    private async Task<ImmutableArray<JsonElement>> Rest(QueryPage first, CancellationToken ct)
    {
        if (first.Next is null)
        {
            return first.Records;
        }

        var records = first.Records.ToBuilder();
        await foreach (QueryPage page in Following(first, ct))
        {
            records.AddRange(page.Records);
        }

        return records.ToImmutable();
    }

    private async IAsyncEnumerable<QueryPage> Following(QueryPage first, [EnumeratorCancellation] CancellationToken ct)
    {
        for (QueryPage page = first; page.Next is { } next;)
        {
            page = await Page(next, ct);
            yield return page.Next != next ? page : throw new SalesforceException(
                SalesforceFailure.Transient, "PAGE_LOOP", "Salesforce's next page points at itself.");
        }
    }

    private static SalesforceRequest Request(string path) => new(HttpMethod.Get, path, "query");

    private static QueryPage Page(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("records", out JsonElement records) || records.ValueKind != JsonValueKind.Array)
        {
            throw new SalesforceException(SalesforceFailure.Transient, "NO_RECORDS", "Salesforce's query answer has no list of records.");
        }

        string? next = json.TryGetProperty("nextRecordsUrl", out JsonElement url) && url.ValueKind == JsonValueKind.String ? url.GetString() : null;
        return new([.. records.EnumerateArray()], next);
    }
}
