using Hub.Core.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Contracts;

/// <summary>Where a Salesforce flow, or any other machine, names opportunities to look at; the function key is the secret.</summary>
public sealed class OpportunityPushFunction(ReceiveOpportunityPush handler)
{
    [Function("PushOpportunities")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "salesforce/opportunities")] HttpRequest request, CancellationToken ct) =>
        OpportunityPushHttp.Answer(request, handler, ct);
}
