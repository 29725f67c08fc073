using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Auth;
using Hub.Sandbox.Salesforce.Outbound;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Rest;
using Hub.Sandbox.Salesforce.Schema;
using Hub.Sandbox.Salesforce.Soql;

namespace Hub.Sandbox.Salesforce.Control;

/// <summary>What tests and the demo do to the org behind the API's back.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>POST /sandbox/salesforce/records</c> <c>{"Account":[…]}</c>: inserts or replaces raw records, ids as given; no value is judged, unknown fields are refused.</item>
/// <item><c>GET …/records/{object}</c>: every record, deleted ones included. <c>PATCH …/records/{object}/{id}</c>: edits as a sales-ops user, read-only fields too. <c>DELETE</c>: moves to the recycle bin.</item>
/// <item><c>POST …/undelete</c> <c>{"id"}</c>, <c>POST …/merge</c> <c>{"object","master","loser"}</c>, <c>POST …/reset</c>, <c>GET …/changes</c>.</item>
/// <item><c>POST …/limits</c> <c>{"max","used"}</c>, <c>POST …/paging</c> <c>{"pageSize"}</c>, <c>POST …/tokens/expire</c>.</item>
/// <item><c>POST …/refusals</c> <c>{"object","code","message","times"}</c>: the next API writes of that object fail so; <c>DELETE</c> forgets them.</item>
/// <item><c>GET …/outbound</c>, <c>POST …/outbound/deliver</c>: messages waiting; try them all now.</item>
/// </list>
/// </remarks>
public sealed class SalesforceControl(Org org, Outbox outbox, Tokens tokens, Usage usage, Cursors cursors)
{
    private const string Records = "/services/data/v67.0/sobjects";

    public void Map(IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/sandbox/salesforce");
        control.MapPost("/records", context => Answer(context, Insert));
        control.MapGet("/records/{type}", context => Answer(context, _ => Dump(TypeOf(context))));
        control.MapPatch("/records/{type}/{id}", context => Answer(context, body => Edit(TypeOf(context), Route(context, "id"), body)));
        control.MapDelete("/records/{type}/{id}", context => Answer(context, _ => Bin(TypeOf(context), Route(context, "id"))));
        control.MapPost("/undelete", context => Answer(context, Undelete));
        control.MapPost("/merge", context => Answer(context, Merge));
        control.MapPost("/reset", context => Answer(context, _ => Reset()));
        control.MapGet("/changes", context => Answer(context, _ => Changes()));
        control.MapPost("/limits", context => Answer(context, Limits));
        control.MapPost("/paging", context => Answer(context, Paging));
        control.MapPost("/refusals", context => Answer(context, Plant));
        control.MapDelete("/refusals", context => Answer(context, _ => Unplant()));
        control.MapPost("/tokens/expire", context => Answer(context, _ => Expire()));
        control.MapGet("/outbound", context => Answer(context, _ => Waiting()));
        control.MapPost("/outbound/deliver", Deliver);
    }

    private async Task Deliver(HttpContext context)
    {
        var acknowledged = await outbox.DeliverAll(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new { acknowledged, waiting = org.Data.Outbound.Count }, context.RequestAborted);
    }

    private static async Task Answer(HttpContext context, Func<JsonObject, JsonNode> work)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        try
        {
            var answer = work(text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject());
            await context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
        }
        catch (Exception refused) when (refused is RefusedException or JsonException or InvalidOperationException or FormatException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = refused.Message }, context.RequestAborted);
        }
    }

    private static string Route(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    private static SObjectType TypeOf(HttpContext context) => QueryRun.TypeOf(Route(context, "type"));

    private JsonObject Insert(JsonObject body) => org.Write(Org.SalesOpsUser, null, transaction => RawRecords.Insert(transaction, body));

    private JsonArray Dump(SObjectType type) => new(
        [.. org.Data.Rows(type).Values.Select(row => (JsonNode)RecordResource.Shown(row, type.Fields.Select(field => field.Name), Records))]);

    private JsonObject Edit(SObjectType type, string id, JsonObject body)
    {
        var row = org.Write(Org.SalesOpsUser, null, transaction => RecordWrites.Override(transaction, type, id, body));
        outbox.Kick();
        return RecordResource.Shown(row, type.Fields.Select(field => field.Name), Records);
    }

    private JsonObject Bin(SObjectType type, string id) => org.Write(Org.SalesOpsUser, null, transaction =>
    {
        RecordWrites.Delete(transaction, type, id);
        return new JsonObject { ["deleted"] = id };
    });

    private JsonObject Undelete(JsonObject body) => org.Write(Org.SalesOpsUser, null, transaction => new JsonObject
    {
        ["undeleted"] = Undeletion.Run(transaction, Text(body, "id")).Id,
    });

    private JsonObject Merge(JsonObject body) => org.Write(Org.SalesOpsUser, null, transaction =>
    {
        var (type, master, loser) = (QueryRun.TypeOf(Text(body, "object")), Text(body, "master"), Text(body, "loser"));
        RecordWrites.Merge(transaction, type, master, loser);
        return new JsonObject { ["master"] = master };
    });

    private JsonObject Reset()
    {
        org.Reset();
        return [];
    }

    private JsonArray Changes() => new([.. org.Data.Changes.Select(change => (JsonNode)new JsonObject
    {
        ["at"] = FieldValues.InstantText(change.At),
        ["object"] = change.Record,
        ["id"] = change.Id,
        ["kind"] = change.Kind,
        ["client"] = change.Client,
        ["user"] = change.UserId,
        ["fields"] = new JsonArray([.. change.Fields.Select(field => (JsonNode)field)]),
    })]);

    private JsonNode Limits(JsonObject body)
    {
        usage.Set((int?)body["max"], (int?)body["used"]);
        return usage.Limits();
    }

    private JsonObject Paging(JsonObject body)
    {
        cursors.ForcedPageSize = (int?)body["pageSize"];
        return new JsonObject { ["pageSize"] = cursors.ForcedPageSize };
    }

    private JsonObject Plant(JsonObject body)
    {
        var error = new SalesforceError(Text(body, "code"), (string?)body["message"] ?? "planted");
        org.Refusals.Add(QueryRun.TypeOf(Text(body, "object")), error, (int?)body["times"] ?? 1);
        return [];
    }

    private JsonObject Unplant()
    {
        org.Refusals.Clear();
        return [];
    }

    private JsonObject Expire()
    {
        tokens.RevokeAll();
        return [];
    }

    private JsonArray Waiting() => new([.. org.Data.Outbound.Select(message => (JsonNode)new JsonObject
    {
        ["id"] = message.Id,
        ["record"] = message.Record.Id,
        ["attempts"] = message.Attempts,
    })]);

    private static string Text(JsonObject body, string name) => (string?)body[name] ?? throw new FormatException($"{name} is missing.");
}
