using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Soql;

namespace Hub.Sandbox.Salesforce.Bulk;

/// <summary>States a query job goes through.</summary>
public static class BulkStates
{
    public const string UploadComplete = "UploadComplete";
    public const string InProgress = "InProgress";
    public const string JobComplete = "JobComplete";
    public const string Failed = "Failed";
    public const string Aborted = "Aborted";
}

/// <summary>One query job as the service keeps it.</summary>
/// <param name="StartsAt">When the service takes it out of the queue.</param>
/// <param name="EndsAt">When it is complete, or fails.</param>
/// <param name="Fails">Whether it was chosen to fail.</param>
public sealed record BulkJob(
    string Id, string Operation, Query Query, string Version, BulkFormat Format, DateTimeOffset CreatedAt, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool Fails)
{
    public string State { get; init; } = BulkStates.UploadComplete;

    public DateTimeOffset ChangedAt { get; init; } = CreatedAt;

    /// <summary>Rows of the result, each a value per column; empty before completion.</summary>
    public ImmutableArray<ImmutableArray<string>> Rows { get; init; } = [];

    public bool IsRunning => State is BulkStates.UploadComplete or BulkStates.InProgress;

    /// <summary>What creating and aborting answer.</summary>
    public JsonObject Summary() => new()
    {
        ["id"] = Id,
        ["operation"] = Operation,
        ["object"] = QueryRun.TypeOf(Query.From).Name,
        ["createdById"] = Org.IntegrationUser,
        ["createdDate"] = FieldValues.InstantText(CreatedAt),
        ["systemModstamp"] = FieldValues.InstantText(ChangedAt),
        ["state"] = State,
        ["concurrencyMode"] = "Parallel",
        ["contentType"] = "CSV",
        ["apiVersion"] = JsonNode.Parse(Version[1..]),
        ["lineEnding"] = Format.LineEnding,
        ["columnDelimiter"] = Format.Delimiter,
    };

    /// <summary>What asking for one job answers. A failed job carries no reason.</summary>
    public JsonObject Details()
    {
        JsonObject details = Summary();
        details["jobType"] = "V2Query";
        details["numberRecordsProcessed"] = Rows.Length;
        details["retries"] = 0;
        details["totalProcessingTime"] = (long)(IsRunning ? TimeSpan.Zero : ChangedAt - StartsAt).TotalMilliseconds;
        details["isPkChunkingSupported"] = true;
        return details;
    }
}

/// <param name="Delimiter">Name such as <c>COMMA</c>.</param>
/// <param name="LineEnding"><c>LF</c> or <c>CRLF</c>.</param>
public sealed record BulkFormat(string Delimiter, string LineEnding)
{
    private static readonly ImmutableDictionary<string, char> Delimiters = new Dictionary<string, char>
    {
        ["BACKQUOTE"] = '`', ["CARET"] = '^', ["COMMA"] = ',', ["PIPE"] = '|', ["SEMICOLON"] = ';', ["TAB"] = '\t',
    }.ToImmutableDictionary();

    /// <exception cref="RefusedException">A name the service does not know.</exception>
    public static BulkFormat Read(string? delimiter, string? lineEnding)
    {
        var format = new BulkFormat(delimiter ?? "COMMA", lineEnding ?? "LF");
        return Delimiters.ContainsKey(format.Delimiter) && format.LineEnding is "LF" or "CRLF"
            ? format
            : throw new RefusedException("API_ERROR", string.Create(CultureInfo.InvariantCulture, $"Unknown delimiter {format.Delimiter} or line ending {format.LineEnding}"));
    }

    /// <summary>One line: every value in quotes, quotes doubled, a missing value as two quotes.</summary>
    public string Line(IEnumerable<string> values) =>
        string.Join(Delimiters[Delimiter], values.Select(value => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + (LineEnding == "CRLF" ? "\r\n" : "\n");
}
