using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hub.Core.Contracts;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Salesforce;

/// <param name="Rows">Values in the order of the columns; null for an empty one.</param>
/// <param name="Next">Locator of the next page; null after the last one.</param>
internal sealed record BulkPage(ImmutableArray<ImmutableArray<string?>> Rows, string? Next);

/// <summary>Query jobs of Bulk API 2.0. Source: Salesforce Bulk API 2.0 developer guide, query jobs.</summary>
/// <remarks>A job belongs to Salesforce until it has ended: running out of patience only stops the asking. Nothing here aborts or deletes a running job.</remarks>
internal sealed class BulkQuery(SalesforceHttp http, TimeProvider time, ILogger<BulkQuery> log)
{
    private const string Resource = "jobs/query";
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private string Jobs => $"{http.Root}/jobs/query";

    /// <summary>Creates a job over a statement without grouping, OFFSET, child queries or compound fields; returns its id.</summary>
    /// <remarks>Sent again when the answer is lost: a job too many reads the same rows and vanishes after a week.</remarks>
    public async Task<string> Create(SoqlQuery query, CancellationToken ct)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            operation = query.All ? "queryAll" : "query", query = query.Text, contentType = "CSV", columnDelimiter = "COMMA", lineEnding = "LF",
        });
        JsonElement job = (await http.Send(new(HttpMethod.Post, Jobs, Resource, body), ct)).Json();
        string id = Checked(Text(job, "id") ?? throw new SalesforceException(SalesforceFailure.Transient, "NO_JOB", "Salesforce created a query job without telling its id."));
        log.BulkCreated(id);
        return id;
    }

    /// <summary>Asks for the job until it has ended or <paramref name="patience"/> has been waited through.</summary>
    public async Task<BacklogJob> Wait(string id, TimeSpan patience, CancellationToken ct)
    {
        TimeSpan waited = TimeSpan.Zero;
        for (TimeSpan pause = FirstPause; ; pause = Min(pause * 2, LongestPause))
        {
            BacklogJob job = await State(id, ct);
            if (job is not BacklogJob.Running || waited >= patience)
            {
                log.BulkState(id, job.GetType().Name);
                return job;
            }

            pause = Min(pause, patience - waited);
            await Task.Delay(pause, time, ct);
            waited += pause;
        }
    }

    /// <summary>One page; null when Salesforce knows the job or the locator no more.</summary>
    public async Task<BulkPage?> Page(string id, string? locator, int most, ImmutableArray<string> columns, CancellationToken ct)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{Job(id)}/results?maxRecords={most}")
            + (locator is null ? "" : $"&locator={Uri.EscapeDataString(locator)}");
        SalesforceReply reply = await http.TrySend(new(HttpMethod.Get, path, Resource) { Accept = "text/csv" }, ct);
        switch (reply.Failure)
        {
            // unverified: how the real service words a locator it does not know; any refusal of one is taken for that.
            case FailureKind.Gone or FailureKind.LocatorExpired:
            case FailureKind.Refused when locator is not null:
                return null;
            case not null:
                throw http.Exception(reply);
        }

        ImmutableArray<ImmutableArray<string?>> rows = BulkCsv.Rows(reply.Bytes, columns);
        bool whole = long.TryParse(reply.Header("Sforce-NumberOfRecords"), NumberStyles.None, CultureInfo.InvariantCulture, out long told) && told == rows.Length;

        // The last page's header holds the word null. Without the header the page is none: more rows must not be passed over.
        return whole && reply.Header("Sforce-Locator") is { Length: > 0 } next
            ? new(rows, next == "null" ? null : next)
            : throw new SalesforceException(SalesforceFailure.Transient, "BULK_PAGE", "Salesforce's query job answered with an incomplete page.");
    }

    /// <summary>Deletes an ended job; refused or gone is as good.</summary>
    public async Task Remove(string id, CancellationToken ct)
    {
        if (await State(id, ct) is BacklogJob.Complete or BacklogJob.Failed)
        {
            await http.TrySend(new(HttpMethod.Delete, Job(id), Resource), ct);
        }
    }

    private async Task<BacklogJob> State(string id, CancellationToken ct)
    {
        SalesforceReply reply = await http.TrySend(new(HttpMethod.Get, Job(id), Resource), ct);
        if (reply.Failure == FailureKind.Gone)
        {
            return new BacklogJob.Gone();
        }

        JsonElement job = (reply.Failure is null ? reply : throw http.Exception(reply)).Json();
        return Text(job, "state") switch
        {
            "JobComplete" => new BacklogJob.Complete(Number(job, "numberRecordsProcessed")),
            "Failed" => new BacklogJob.Failed(Text(job, "errorMessage") ?? "Salesforce gave no reason"),
            "Aborted" => new BacklogJob.Failed("somebody aborted it in Salesforce"),
            "UploadComplete" or "InProgress" => new BacklogJob.Running(Text(job, "state")!),
            var other => throw new SalesforceException(SalesforceFailure.Transient, "BULK_STATE", $"Salesforce's query job has the unknown state '{other}'."),
        };
    }

    private string Job(string id) => $"{Jobs}/{Checked(id)}";

    // Stored ids and those of answers become part of an address.
    private static string Checked(string id) => SalesforceId.TryParse(id, out _) || (id.Length is > 0 and <= 64 && id.All(char.IsAsciiLetterOrDigit))
        ? id
        : throw new SalesforceException(SalesforceFailure.Refused, "BULK_JOB_ID", "A query job's id has characters that ids do not have.");

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? SalesforceJson.SafeText(value)
            : null;

    private static long Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal number) ? (long)number : 0;
}
