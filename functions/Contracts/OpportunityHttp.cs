using System.Text.Json;
using Hub.Core.Audit;
using Hub.Core.Contracts;
using Hub.Functions.Http;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Hub.Functions.Contracts;

/// <summary>Opportunities over HTTP: ids checked, plan and payloads as JSON rather than as text.</summary>
internal static class OpportunityHttp
{
    /// <summary>200 with the view, 400 for an id that is none, 404 for one the Hub has not handled.</summary>
    public static async Task<IResult> View(string text, ViewOpportunity view, CancellationToken ct)
    {
        if (!SalesforceId.TryParse(text, out SalesforceId id))
        {
            return NoId(text);
        }

        return await view.Handle(id, ct) is { } found
            ? Json.Result(Shown(found))
            : ApiProblem.Of(StatusCodes.Status404NotFound, $"The Hub has not handled opportunity {id} yet.");
    }

    /// <summary>202 once the request is on the queue, 400 for an id that is none or a body that says something.</summary>
    public static async Task<IResult> Sync(HttpRequest request, string text, RequestSync sync, CancellationToken ct)
    {
        if (!SalesforceId.TryParse(text, out SalesforceId id))
        {
            return NoId(text);
        }

        if (await RequestBody.RefuseAny(request, "A sync", ct) is { } refused)
        {
            return refused;
        }

        await sync.Handle(id, ct);
        return Json.Result(new { opportunityId = id.Value, status = "queued" }, StatusCodes.Status202Accepted);
    }

    internal static IResult NoId(string text) =>
        ApiProblem.Of(StatusCodes.Status400BadRequest, $"'{text}' is no Salesforce record id (15 or 18 letters and digits).");

    private static object Shown(OpportunityView view) => new
    {
        view.OpportunityId,
        view.State,
        view.Version,
        view.Billing,
        view.Findings,
        Plan = Parsed(view.Plan),
        History = view.History.Select(Shown),
    };

    private static HistoryEntry Shown(ChainedEntry entry) =>
        new(entry.Time, entry.Entry.Actor, entry.Entry.Action, Parsed(entry.Entry.Payload), entry.Chain, entry.Seq, entry.Hash);

    private static JsonElement? Parsed(string? json) => json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);

    private sealed record HistoryEntry(Instant Time, string Actor, string Action, JsonElement? Payload, string Chain, long Seq, string Hash);
}
