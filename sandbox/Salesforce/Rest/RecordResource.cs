using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Schema;
using Hub.Sandbox.Salesforce.Soql;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>Single records: by id, by external id, and what changed in a span.</summary>
internal sealed class RecordResource(Org org)
{
    public ApiReply Create(ApiRequest request, SObjectType type)
    {
        var body = request.Body;
        var row = org.Write(Org.IntegrationUser, request.Client, transaction => RecordWrites.Create(transaction, type, body));
        return new ApiReply(201, ApiReply.Saved(row.Id)) { Headers = Location(request, row) };
    }

    public ApiReply ById(ApiRequest request, SObjectType type, string id) => request.Method switch
    {
        "GET" => Get(request, RecordWrites.Existing(org.Data, type, id)),
        "PATCH" => Patch(request, type, id),
        "DELETE" => Delete(request, type, id),
        _ => Router.NotAllowed(request, "HEAD,GET,PATCH,DELETE"),
    };

    /// <summary>The bytes a field holds, as they are.</summary>
    public ApiReply Bytes(SObjectType type, string id, Field field) => RecordWrites.Existing(org.Data, type, id).Text(field.Name) is { } data
        ? new ApiReply(200) { Bytes = Convert.FromBase64String(data) }
        : throw new RefusedException("NOT_FOUND", "The requested resource does not exist", 404);

    /// <summary>A record addressed by an external id; several matches answer 300 with their addresses and change nothing.</summary>
    public ApiReply ByKey(ApiRequest request, SObjectType type, string key, string value)
    {
        var field = Upserts.Key(type, key);

        // Values that end like a server-side include never reach the API.
        if (value.Length == 0 || value.EndsWith(".inc", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException("NOT_FOUND", "The requested resource does not exist", 404);
        }

        var holders = UniqueKeys.Holders(org.Data, type, field, FieldValues.Read(field, value));
        return (request.Method, holders) switch
        {
            ("GET" or "PATCH" or "DELETE", { Count: > 1 }) => Ambiguous(request, type, holders),
            ("PATCH", _) => Upsert(request, type, field, value),
            ("GET" or "DELETE", []) => throw new RefusedException("NOT_FOUND", "The requested resource does not exist", 404),
            ("GET" or "DELETE", [var id]) => ById(request, type, id),
            _ => Router.NotAllowed(request, "HEAD,GET,PATCH,DELETE"),
        };
    }

    /// <summary>Ids by SystemModstamp: changed and alive, or deleted.</summary>
    public ApiReply Replicated(ApiRequest request, SObjectType type, bool deleted)
    {
        var (start, end) = (Instant(request, "start"), Instant(request, "end"));
        if (end <= start)
        {
            throw new RefusedException("INVALID_REPLICATION_DATE", "startDate before endDate");
        }

        var rows = org.Data.Rows(type).Values
            .Where(row => row.IsDeleted == deleted && row["SystemModstamp"] is DateTimeOffset stamp && stamp >= start && stamp < end);
        var covered = FieldValues.InstantText(end < org.Now ? end : org.Now);
        return ApiReply.Ok(deleted
            ? new JsonObject
            {
                ["deletedRecords"] = new JsonArray([.. rows.Select(row => (JsonNode)new JsonObject
                {
                    ["id"] = row.Id,
                    ["deletedDate"] = FieldValues.InstantText((DateTimeOffset)row["SystemModstamp"]!),
                })]),
                ["earliestDateAvailable"] = FieldValues.InstantText(org.Now.AddDays(-15)),
                ["latestDateCovered"] = covered,
            }
            : new JsonObject { ["ids"] = new JsonArray([.. rows.Select(row => (JsonNode)row.Id)]), ["latestDateCovered"] = covered });
    }

    private static ApiReply Get(ApiRequest request, Row row)
    {
        if (request.Date("If-Modified-Since") is { } since && row["LastModifiedDate"] is DateTimeOffset changed && changed <= since)
        {
            return new ApiReply(304);
        }

        var names = request.Parameter("fields")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return ApiReply.Ok(Shown(row, names ?? [.. row.Type.Fields.Select(field => field.Name)], $"{request.Root}/sobjects"));
    }

    internal static JsonObject Shown(Row row, IEnumerable<string> names, string recordPath)
    {
        var record = RecordShape.Head(row, recordPath);
        foreach (var name in names)
        {
            var field = row.Type.Find(name) ?? throw new RefusedException(
                "INVALID_FIELD", $"No such column '{name}' on entity '{row.Type.Name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.");
            record[field.Name] = FieldValues.Write(row, field, recordPath);
        }

        return record;
    }

    private ApiReply Patch(ApiRequest request, SObjectType type, string id)
    {
        var body = request.Body;
        var unless = request.Date("If-Unmodified-Since");
        return org.Write(Org.IntegrationUser, request.Client, transaction =>
        {
            var current = RecordWrites.Existing(transaction.Data, type, id);
            if (unless is { } date && current["LastModifiedDate"] is DateTimeOffset changed && changed > date)
            {
                return new ApiReply(412);
            }

            RecordWrites.Update(transaction, type, id, body);
            return ApiReply.NoContent;
        });
    }

    private ApiReply Delete(ApiRequest request, SObjectType type, string id) => org.Write(Org.IntegrationUser, request.Client, transaction =>
    {
        RecordWrites.Delete(transaction, type, id);
        return ApiReply.NoContent;
    });

    private ApiReply Upsert(ApiRequest request, SObjectType type, Field key, string value)
    {
        var body = request.Body;
        var (row, created) = org.Write(Org.IntegrationUser, request.Client, transaction =>
            Upserts.Run(transaction, type, key, value, body, request.Flag("updateOnly")));
        var saved = ApiReply.Saved(row.Id, created);
        return created ? new ApiReply(201, saved) { Headers = Location(request, row) } : ApiReply.Ok(saved);
    }

    private static ApiReply Ambiguous(ApiRequest request, SObjectType type, IEnumerable<string> ids) => new(300, new JsonArray(
        [.. ids.Select(id => (JsonNode)$"{request.Root}/sobjects/{type.Name}/{id}")]));

    private static ImmutableDictionary<string, string> Location(ApiRequest request, Row row) =>
        ImmutableDictionary<string, string>.Empty.Add("Location", $"{request.Root}/sobjects/{row.Type.Name}/{row.Id}");

    private static DateTimeOffset Instant(ApiRequest request, string name) =>
        request.Parameter(name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw new RefusedException("MISSING_ARGUMENT", name);
}
