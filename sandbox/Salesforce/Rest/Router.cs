using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Bulk;
using Hub.Sandbox.Salesforce.Schema;
using Hub.Sandbox.Salesforce.Soql;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>Finds the resource a call is for. Composite calls come back here for each of their parts.</summary>
public sealed class Router(Records.Org org, Cursors cursors, Usage usage, BulkJobs jobs)
{
    private static readonly string[] TopLevel = ["composite", "jobs", "limits", "query", "queryAll", "sobjects"];
    private readonly RecordResource records = new(org);
    private readonly CollectionResource collections = new(org);
    private readonly BulkResource bulk = new(jobs);

    /// <summary>Answers a call whose caller is known; a refusal becomes an answer here.</summary>
    public ApiReply Handle(ApiRequest request)
    {
        try
        {
            return ApiVersions.Problem(request.Version) is { } problem ? ApiReply.Refused(problem) : Dispatch(request);
        }
        catch (RefusedException refused)
        {
            return ApiReply.Refused(refused.Error);
        }
    }

    private ApiReply Dispatch(ApiRequest request) => request.Segments.AsSpan() switch
    {
        [] => Only("GET", request, Resources),
        ["limits"] => Only("GET", request, _ => ApiReply.Ok(usage.Limits(jobs.LeftToday))),
        ["query"] => Only("GET", request, call => Query(call, includeDeleted: false)),
        ["queryAll"] => Only("GET", request, call => Query(call, includeDeleted: true)),
        ["query" or "queryAll", var locator] => Only("GET", request, call => ApiReply.Ok(cursors.Further(call, locator))),
        ["composite", ..] => Composite(request),
        ["jobs", "query", .. var rest] => bulk.Handle(request, rest.ToArray()),
        ["sobjects"] => Only("GET", request, call => ApiReply.Ok(Describe.Global(call))),
        ["sobjects", var name, .. var rest] => OfObject(request, TypeOf(name), rest),
        _ => throw Missing(),
    };

    private ApiReply Composite(ApiRequest request) => request.Segments.AsSpan() switch
    {
        ["composite"] => Only("POST", request, call => CompositeResource.Run(call, this, org)),
        ["composite", "sobjects"] => collections.Rows(request),
        ["composite", "sobjects", var name] => collections.Read(request, TypeOf(name)),
        ["composite", "sobjects", var name, var key] => Only("PATCH", request, call => collections.Upsert(call, TypeOf(name), key)),
        _ => throw Missing(),
    };

    private ApiReply OfObject(ApiRequest request, SObjectType type, ReadOnlySpan<string> rest) => rest switch
    {
        [] when request.Method == "GET" => ApiReply.Ok(Describe.Basic(request, type)),
        [] => Only("POST", request, call => records.Create(call, type)),
        ["describe"] => Only("GET", request, call => ApiReply.Ok(Describe.Full(call, type))),
        ["updated"] => Only("GET", request, call => records.Replicated(call, type, deleted: false)),
        ["deleted"] => Only("GET", request, call => records.Replicated(call, type, deleted: true)),
        [var id] => records.ById(request, type, id),
        [var id, var name] when type.Find(name) is { Type: FieldType.Base64 } field => Only("GET", request, _ => records.Bytes(type, id, field)),
        [var key, var value] => records.ByKey(request, type, key, value),
        _ => throw Missing(),
    };

    private ApiReply Query(ApiRequest request, bool includeDeleted)
    {
        var text = request.Parameter("q") ?? throw Lexer.Malformed("A query string has to be specified");
        var result = QueryRun.Run(org.Data, Parser.Parse(text), includeDeleted, $"{request.Root}/sobjects");
        return ApiReply.Ok(cursors.First(request, result.Records, result.Total));
    }

    private static ApiReply Resources(ApiRequest request) => ApiReply.Ok(new JsonObject(
        TopLevel.Select(name => KeyValuePair.Create(name, (JsonNode?)$"{request.Root}/{name}"))));

    private static ApiReply Only(string method, ApiRequest request, Func<ApiRequest, ApiReply> answer) =>
        request.Method == method ? answer(request) : NotAllowed(request, method);

    internal static ApiReply NotAllowed(ApiRequest request, string allowed) => ApiReply.Refused(
        new SalesforceError("METHOD_NOT_ALLOWED", $"HTTP Method '{request.Method}' not allowed. Allowed are {allowed}") { Status = 405 });

    private static SObjectType TypeOf(string name) => OrgSchema.Find(name) ?? throw Missing();

    private static RefusedException Missing() => new("NOT_FOUND", "The requested resource does not exist", 404);
}
