using Hub.Core.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Contracts;

/// <summary>What the Hub knows of an opportunity, and a push to look at it again.</summary>
public sealed class OpportunityFunctions(ViewOpportunity view, RequestSync sync)
{
    [Function("GetOpportunity")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "opportunities/{opportunityId}")] HttpRequest request,
        string opportunityId,
        CancellationToken ct) =>
        OpportunityHttp.View(opportunityId, view, ct);

    [Function("SyncOpportunity")]
    public Task<IResult> Sync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "opportunities/{opportunityId}/sync")] HttpRequest request,
        string opportunityId,
        CancellationToken ct) =>
        OpportunityHttp.Sync(request, opportunityId, sync, ct);
}
