using System.Text;
using Hub.Core.Reconciliation;
using Hub.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Hub.Functions.Reconciliation;

/// <summary>Runs over HTTP: 202 for a start, 400 for one with settings, 404 for an unknown run, discrepancies as JSON or CSV.</summary>
internal static class ReconciliationHttp
{
    public static async Task<IResult> Start(HttpRequest request, StartReconciliation start, CancellationToken ct)
    {
        if (await RequestBody.RefuseAny(request, "A reconciliation run", ct) is { } refused)
        {
            return refused;
        }

        string runId = await start.Handle("manual", null, ct);
        return Json.Result(new { runId, url = $"/api/reconciliations/{runId}" }, StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> Run(string runId, ReconciliationView view, CancellationToken ct) =>
        await view.Find(runId, ct) is { } run ? Results.Text(BookJson.Write(run), "application/json") : Unknown(runId);

    /// <summary>CSV where the caller asks for it (<c>?format=csv</c> or an Accept header with text/csv), else JSON.</summary>
    public static async Task<IResult> Discrepancies(HttpRequest request, string runId, ReconciliationView view, CancellationToken ct)
    {
        if (await view.Find(runId, ct) is null)
        {
            return Unknown(runId);
        }

        List<DiscrepancyReport> rows = [];
        await foreach (DiscrepancyReport row in view.Discrepancies(runId, ct))
        {
            rows.Add(row);
        }

        return WantsCsv(request)
            ? Results.Text(Csv(rows), "text/csv", Encoding.UTF8)
            : Results.Text(BookJson.Write(new { runId, discrepancies = rows }), "application/json");
    }

    private static bool WantsCsv(HttpRequest request) =>
        request.Query["format"] == "csv" || request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase);

    private static string Csv(IEnumerable<DiscrepancyReport> rows) =>
        rows.Aggregate(new StringBuilder(DiscrepancyCsv.Header), (text, row) => text.Append(DiscrepancyCsv.Line(row))).ToString();

    private static IResult Unknown(string runId) =>
        ApiProblem.Of(StatusCodes.Status404NotFound, $"There is no reconciliation run '{runId}'.");
}
