using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;
using Microsoft.Extensions.Logging;

namespace Hub.Salesforce;

/// <summary>Updates records through sObject Collections, up to 200 in a call, and sorts each row's outcome. Source: Salesforce REST API, sObject Collections.</summary>
/// <remarks>
/// An update sets values, so repeating it is harmless. Rows keep the caller's order across calls and are grouped by object inside one, so
/// that the rows of one account travel together: parallel calls for one account lock each other out.
/// </remarks>
internal sealed class CollectionWriter(SalesforceHttp http, TimeProvider time, ILogger<CollectionWriter> log)
{
    private const int LargestCall = 200;

    public async Task<ImmutableArray<WriteBackResult>> Write(IReadOnlyList<WriteBack> writeBacks, CancellationToken ct)
    {
        var results = new WriteBackResult[writeBacks.Count];
        foreach (int[] rows in Calls(writeBacks))
        {
            await WriteCall(writeBacks, rows, results, ct);
        }

        return [.. results];
    }

    /// <summary>Row numbers per call; a record named twice goes into two calls, because one call refuses duplicates.</summary>
    private static IEnumerable<int[]> Calls(IReadOnlyList<WriteBack> writeBacks)
    {
        List<int> call = [];
        HashSet<SalesforceId> ids = [];
        for (int row = 0; row < writeBacks.Count; row++)
        {
            if (call.Count == LargestCall || ids.Contains(writeBacks[row].Id))
            {
                yield return Grouped(call);
                call.Clear();
                ids.Clear();
            }

            call.Add(row);
            ids.Add(writeBacks[row].Id);
        }

        if (call.Count > 0)
        {
            yield return Grouped(call);
        }

        int[] Grouped(List<int> rows) => [.. rows.OrderBy(row => writeBacks[row].Object, StringComparer.Ordinal)];
    }

    private async Task WriteCall(IReadOnlyList<WriteBack> writeBacks, int[] rows, WriteBackResult[] results, CancellationToken ct)
    {
        for (int attempt = 1; rows.Length > 0; attempt++)
        {
            ImmutableArray<SalesforceError?> outcome = await Send([.. rows.Select(row => writeBacks[row])], ct);
            List<int> locked = [];
            foreach ((int row, SalesforceError? error) in rows.Zip(outcome))
            {
                if (error is not null && FailureKinds.OfRow(error) is FailureKind.RowLocked or FailureKind.Transient or FailureKind.Concurrency)
                {
                    locked.Add(row);
                }
                else
                {
                    results[row] = Result(writeBacks[row], error);
                }
            }

            rows = [.. locked];
            await WaitBefore(attempt, rows.Length, ct);
        }
    }

    private async Task WaitBefore(int attempt, int rows, CancellationToken ct)
    {
        if (rows > 0 && attempt >= Waits.Attempts)
        {
            throw new SalesforceException(SalesforceFailure.Transient, "ROWS_BUSY", $"Salesforce kept {rows} rows locked or closed to writing; the write-back is repeated later.");
        }

        if (rows > 0)
        {
            TimeSpan delay = Waits.Before(FailureKind.RowLocked, attempt - 1, Random.Shared.NextDouble());
            log.Retrying("composite/sobjects", "ROWS_BUSY", attempt, (long)delay.TotalMilliseconds);
            await Task.Delay(delay, time, ct);
        }
    }

    private WriteBackResult Result(WriteBack writeBack, SalesforceError? error)
    {
        if (error is null)
        {
            return new WriteBackResult.Written();
        }

        log.WriteBackRefused(writeBack.Object, writeBack.Id.Value, error.Code);
        return new WriteBackResult.Refused(error.Code, error.Message);
    }

    /// <summary>One error or null per row, in order.</summary>
    private async Task<ImmutableArray<SalesforceError?>> Send(ImmutableArray<WriteBack> rows, CancellationToken ct)
    {
        byte[] body = Body(rows);
        JsonElement json = (await http.Send(new(HttpMethod.Patch, $"{http.Root}/composite/sobjects", "composite/sobjects", body), ct)).Json();
        JsonElement[] answers = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [];
        return answers.Length == rows.Length
            ? [.. answers.Select(ErrorOf)]
            : throw new SalesforceException(
                SalesforceFailure.Transient, "ROW_COUNT", $"Salesforce answered {answers.Length} rows to {rows.Length}; the write-back is repeated later.");
    }

    private static SalesforceError? ErrorOf(JsonElement answer)
    {
        bool written = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("success", out JsonElement success) && success.ValueKind == JsonValueKind.True;
        if (written)
        {
            return null;
        }

        ImmutableArray<SalesforceError> errors =
            answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("errors", out JsonElement list) ? SalesforceErrors.FromJson(list) : [];
        return errors.FirstOrDefault() ?? new("UNKNOWN", "Salesforce gave no reason.", []);
    }

    private static byte[] Body(ImmutableArray<WriteBack> rows)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("allOrNone", false);
            json.WriteStartArray("records");
            foreach (WriteBack row in rows)
            {
                WriteRow(json, row);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteRow(Utf8JsonWriter json, WriteBack row)
    {
        json.WriteStartObject();
        json.WriteStartObject("attributes");
        json.WriteString("type", row.Object);
        json.WriteEndObject();
        json.WriteString("id", row.Id.Value);
        foreach ((string field, object? value) in row.Fields)
        {
            json.WritePropertyName(field);
            WriteValue(json, field, value);
        }

        json.WriteEndObject();
    }

    /// <summary>null clears a field; only absent ones stay as they are.</summary>
    private static void WriteValue(Utf8JsonWriter json, string field, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            default: throw new InvalidOperationException($"Field {field} has a value of type {value.GetType().Name}; only text, number, boolean and null go to Salesforce.");
        }
    }
}
