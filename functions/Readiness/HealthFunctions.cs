using Hub.Core.Readiness;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Readiness;

/// <summary>Whether the process answers (<c>health</c>) and whether the Hub can do its work (<c>ready</c>).</summary>
public sealed class HealthFunctions(ReadinessView view)
{
    /// <summary>Anonymous and cheap: touches no dependency.</summary>
    [Function("Health")]
    public static IResult Health([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        Results.Ok(new { status = "ok" });

    /// <summary>200 when ready, 503 with the reasons in words when not.</summary>
    [Function("Ready")]
    public async Task<IResult> Ready(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "ready")] HttpRequest request, CancellationToken ct) =>
        ReadinessHttp.Answer(await view.Handle(ct));
}
