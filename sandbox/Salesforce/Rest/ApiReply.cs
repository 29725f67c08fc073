using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>An answer of the REST API.</summary>
/// <param name="Body">Null: none.</param>
public sealed record ApiReply(int Status, JsonNode? Body = null)
{
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>A body that is no JSON; null: none.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>A body that is text; null: none.</summary>
    public string? Text { get; init; }

    /// <summary>Type of <see cref="Text"/>.</summary>
    public string ContentType { get; init; } = "application/json;charset=UTF-8";

    public bool Succeeded => Status < 300;

    public static ApiReply Ok(JsonNode body) => new(200, body);

    public static ApiReply NoContent { get; } = new(204);

    /// <summary>The error shape of everything but collection rows and OAuth.</summary>
    public static ApiReply Refused(SalesforceError error)
    {
        var body = new JsonObject { ["message"] = error.Message, ["errorCode"] = error.Code };
        if (!error.Fields.IsEmpty)
        {
            body["fields"] = Names(error);
        }

        return new ApiReply(error.Status, new JsonArray(body));
    }

    /// <summary>The error shape of one row of a collection call.</summary>
    public static JsonObject RefusedRow(SalesforceError error) => new()
    {
        ["success"] = false,
        ["errors"] = new JsonArray(new JsonObject { ["statusCode"] = error.Code, ["message"] = error.Message, ["fields"] = Names(error) }),
    };

    /// <param name="created">Whether an upsert created the record; null outside upserts.</param>
    public static JsonObject Saved(string id, bool? created = null)
    {
        var row = new JsonObject { ["id"] = id, ["success"] = true, ["errors"] = new JsonArray() };
        if (created is { } flag)
        {
            row["created"] = flag;
        }

        return row;
    }

    private static JsonArray Names(SalesforceError error) => new([.. error.Fields.Select(field => (JsonNode)field)]);
}
