using Hub.Sandbox.Kernel;

namespace Hub.Sandbox.Salesforce.Bulk;

/// <summary>What tests do to query jobs behind the API's back: <c>POST /sandbox/salesforce/bulk</c>.</summary>
/// <remarks>
/// <c>waitSeconds</c> and <c>runSeconds</c> of jobs created from now on (sandbox time), <c>fail</c>: how many of them fail,
/// <c>pageSize</c>: most rows of a page, <c>expireLocators</c>: true makes those handed out so far invalid.
/// </remarks>
public sealed class BulkControl(BulkJobs jobs)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/sandbox/salesforce/bulk", (Delegate)Change);

    private async Task<IResult> Change(HttpContext context)
    {
        var (change, refusal) = await ControlApi.Read<BulkChange>(context);
        if (change is null)
        {
            return refusal!;
        }

        jobs.Waiting = change.WaitSeconds is { } wait ? TimeSpan.FromSeconds(wait) : jobs.Waiting;
        jobs.Running = change.RunSeconds is { } run ? TimeSpan.FromSeconds(run) : jobs.Running;
        jobs.Failing = change.Fail ?? jobs.Failing;
        jobs.PageSize = change.PageSize ?? jobs.PageSize;
        if (change.ExpireLocators)
        {
            jobs.ExpireLocators();
        }

        return Results.Ok(new { jobs = jobs.All().Select(job => new { job.Id, job.State }) });
    }

    private sealed record BulkChange
    {
        public int? WaitSeconds { get; init; }

        public int? RunSeconds { get; init; }

        public int? Fail { get; init; }

        public int? PageSize { get; init; }

        public bool ExpireLocators { get; init; }
    }
}
