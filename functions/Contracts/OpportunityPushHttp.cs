using Hub.Core.Contracts;
using Hub.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Hub.Functions.Contracts;

/// <summary>The push's HTTP side.</summary>
internal static class OpportunityPushHttp
{
    /// <summary>202 once every id is on the queue; 400 or 413 when refused, and then none is.</summary>
    public static async Task<IResult> Answer(HttpRequest request, ReceiveOpportunityPush handler, CancellationToken ct)
    {
        if (await RequestBody.Read(request, ct) is not { } body)
        {
            return ApiProblem.TooLarge();
        }

        switch (OpportunityPush.Read(body))
        {
            case OpportunityPush.Accepted(var ids):
                await handler.Handle(ids, ct);
                return Json.Result(new { accepted = ids.Length, status = "queued" }, StatusCodes.Status202Accepted);
            case OpportunityPush.Refused(var reason):
                return ApiProblem.Of(StatusCodes.Status400BadRequest, reason);
            case var other:
                throw new InvalidOperationException($"Unknown outcome {other.GetType().Name}.");
        }
    }
}
