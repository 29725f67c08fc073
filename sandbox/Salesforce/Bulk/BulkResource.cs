using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Rest;

namespace Hub.Sandbox.Salesforce.Bulk;

/// <summary>Bulk API 2.0, the query half: <c>/jobs/query</c>.</summary>
internal sealed class BulkResource(BulkJobs jobs)
{
    private const int OldestVersion = 47;

    public ApiReply Handle(ApiRequest request, string[] rest)
    {
        if (int.Parse(request.Version.AsSpan(1, 2), CultureInfo.InvariantCulture) < OldestVersion)
        {
            throw new RefusedException("NOT_FOUND", "The requested resource does not exist", 404);
        }

        return (request.Method, rest) switch
        {
            ("POST", []) => Create(request),
            ("GET", []) => List(request),
            (_, []) => Router.NotAllowed(request, "GET,POST"),
            ("GET", [var id]) => ApiReply.Ok(jobs.Find(id).Details()),
            ("PATCH", [var id]) => Abort(request, id),
            ("DELETE", [var id]) => Delete(id),
            (_, [_]) => Router.NotAllowed(request, "GET,PATCH,DELETE"),
            ("GET", [var id, "results"]) => Results(request, id),
            (_, [_, "results"]) => Router.NotAllowed(request, "GET"),
            _ => throw new RefusedException("NOT_FOUND", "The requested resource does not exist", 404),
        };
    }

    private ApiReply Create(ApiRequest request)
    {
        JsonObject body = request.Body;
        string operation = Text(body, "operation") ?? "";
        if (operation is not ("query" or "queryAll") || Text(body, "query") is not { } query)
        {
            throw new RefusedException("API_ERROR", "operation must be query or queryAll, and query must be given");
        }

        if ((Text(body, "contentType") ?? "CSV") != "CSV")
        {
            throw new RefusedException("API_ERROR", "contentType must be CSV");
        }

        return ApiReply.Ok(jobs.Create(request.Version, operation, query, BulkFormat.Read(Text(body, "columnDelimiter"), Text(body, "lineEnding"))).Summary());
    }

    private ApiReply List(ApiRequest request)
    {
        bool ours = request.Parameter("jobType") is null or "V2Query";
        return ApiReply.Ok(new JsonObject
        {
            ["done"] = true,
            ["records"] = new JsonArray([.. ours ? jobs.All().Select(job => (JsonNode)job.Details()) : []]),
            ["nextRecordsUrl"] = null,
        });
    }

    private ApiReply Abort(ApiRequest request, string id)
    {
        JsonObject body = request.Body;
        return body.Count == 1 && Text(body, "state") == BulkStates.Aborted
            ? ApiReply.Ok(jobs.Abort(id).Summary())
            : throw new RefusedException("API_ERROR", "Only {\"state\": \"Aborted\"} may be sent to a query job");
    }

    private ApiReply Delete(string id)
    {
        jobs.Delete(id);
        return ApiReply.NoContent;
    }

    private ApiReply Results(ApiRequest request, string id)
    {
        int? most = request.Parameter("maxRecords") is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
            : throw new RefusedException("API_ERROR", "maxRecords must be a positive number");

        // "null" is what the last page's header says; sent back it names no page.
        return jobs.Page(id, request.Parameter("locator"), most) is not { } page ? ApiReply.NoContent : new ApiReply(200)
        {
            Text = page.Csv(),
            ContentType = "text/csv; charset=UTF-8",
            Headers = ImmutableDictionary<string, string>.Empty
                .Add("Sforce-Locator", page.Next ?? "null")
                .Add("Sforce-NumberOfRecords", page.Rows.Length.ToString(CultureInfo.InvariantCulture)),
        };
    }

    private static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
