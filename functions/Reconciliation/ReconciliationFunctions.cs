using Hub.Core.Reconciliation;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Reconciliation;

/// <summary>Starts runs and shows what they found.</summary>
public sealed class ReconciliationFunctions(StartReconciliation start, ReconciliationView view)
{
    [Function("CreateReconciliation")]
    public Task<IResult> Create([HttpTrigger(AuthorizationLevel.Function, "post", Route = "reconciliations")] HttpRequest request, CancellationToken ct) =>
        ReconciliationHttp.Start(request, start, ct);

    [Function("GetReconciliation")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "reconciliations/{runId}")] HttpRequest request, string runId, CancellationToken ct) =>
        ReconciliationHttp.Run(runId, view, ct);

    [Function("GetDiscrepancies")]
    public Task<IResult> Discrepancies(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "reconciliations/{runId}/discrepancies")] HttpRequest request,
        string runId,
        CancellationToken ct) =>
        ReconciliationHttp.Discrepancies(request, runId, view, ct);
}
