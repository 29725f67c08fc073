using Hub.Core.Contracts.Preview;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hub.Functions.Contracts;

/// <summary>What an opportunity will be billed, before it is; for programs, and for people through a link.</summary>
public sealed class PreviewFunctions(PreviewContract preview, IOptions<PreviewOptions> options, TimeProvider time, ILogger<PreviewFunctions> log)
{
    [Function("PreviewOpportunity")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "opportunities/{opportunityId}/preview")] HttpRequest request,
        string opportunityId,
        CancellationToken ct) =>
        new PreviewHttp(preview, options.Value, time, log).Preview(request, opportunityId, ct);

    [Function("LinkPreview")]
    public Task<IResult> Link(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "opportunities/{opportunityId}/preview-links")] HttpRequest request,
        string opportunityId,
        CancellationToken ct) =>
        new PreviewHttp(preview, options.Value, time, log).Link(request, opportunityId, ct);

    [Function("OpenPreview")]
    public Task<IResult> Open(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "previews/{token}")] HttpRequest request,
        string token,
        CancellationToken ct) =>
        new PreviewHttp(preview, options.Value, time, log).Open(request, token, ct);
}
