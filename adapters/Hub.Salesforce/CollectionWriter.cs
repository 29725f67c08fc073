using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;
using Microsoft.Extensions.Logging;

namespace Hub.Salesforce;

/// <summary>Writes records through sObject Collections, up to 200 in a call, and sorts each row's outcome. Source: Salesforce REST API, sObject Collections.</summary>
/// <remarks>
/// Updates and upserts set values, so repeating them is harmless. Rows keep the caller's order across calls, so that the rows of one account
/// travel together, and are grouped by object inside one. A call refused as a whole is sent in halves, until the row that spoils it stands alone.
/// Nothing is waited for here but the call itself: a row that is locked is the caller's to bring again.
/// </remarks>
internal sealed class CollectionWriter(SalesforceHttp http, OrgSchema schema, ILogger<CollectionWriter> log)
{
    private const int LargestCall = 200;
    private readonly ConcurrentDictionary<(string Object, string Field), bool> _dropped = new();

    public async Task<ImmutableArray<WriteBackResult>> Write(IReadOnlyList<WriteBack> writeBacks, CancellationToken ct)
    {
        var results = new WriteBackResult[writeBacks.Count];
        foreach (int[] rows in Calls(writeBacks))
        {
            await Call([.. rows.Select(row => writeBacks[row])], rows, results, ct);
        }

        return [.. results];
    }

    /// <summary>Row numbers per call; a record named twice goes into two calls, because one call refuses duplicates. Upserts have a resource of their own per object.</summary>
    private static IEnumerable<int[]> Calls(IReadOnlyList<WriteBack> writeBacks)
    {
        foreach (IGrouping<(string?, string?), int> resource in Enumerable.Range(0, writeBacks.Count)
            .GroupBy(row => (writeBacks[row].ExternalId, writeBacks[row].ExternalId is null ? null : writeBacks[row].Object)))
        {
            List<int> call = [];
            HashSet<string> ids = new(StringComparer.Ordinal);
            foreach (int row in resource)
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

            yield return Grouped(call);
        }

        int[] Grouped(List<int> rows) => [.. rows.OrderBy(row => writeBacks[row].Object, StringComparer.Ordinal)];
    }

    private async Task Call(ImmutableArray<WriteBack> rows, int[] places, WriteBackResult[] results, CancellationToken ct)
    {
        SalesforceReply reply = await Send(rows, ct);
        if (reply.Failure is null)
        {
            foreach ((int place, WriteBackResult result) in places.Zip(Results(rows, reply.Json())))
            {
                results[place] = result;
            }
        }
        else if (!IsAboutRows(reply))
        {
            throw http.Exception(reply);
        }
        else if (rows.Length > 1)
        {
            int half = rows.Length / 2;
            await Call(rows[..half], places[..half], results, ct);
            await Call(rows[half..], places[half..], results, ct);
        }
        else
        {
            results[places[0]] = Result(rows[0], reply.Errors[0]);
        }
    }

    // Where the org or its rights are wrong, every row would be refused.
    private static bool IsAboutRows(SalesforceReply reply) => reply.Failure is FailureKind.Refused or FailureKind.Gone
        || (reply.Failure == FailureKind.Configuration && reply.Errors[0].Code is "INVALID_FIELD" or "INVALID_TYPE" or "MALFORMED_ID");

    private async Task<SalesforceReply> Send(ImmutableArray<WriteBack> rows, CancellationToken ct)
    {
        string resource = rows[0].ExternalId is { } key ? $"composite/sobjects/{rows[0].Object}/{key}" : "composite/sobjects";
        byte[] body = Body(rows, await Fields(rows, ct));
        return await http.TrySend(new(HttpMethod.Patch, $"{http.Root}/{resource}", "composite/sobjects", body), ct);
    }

    private async Task<Dictionary<string, FrozenSet<string>?>> Fields(ImmutableArray<WriteBack> rows, CancellationToken ct)
    {
        Dictionary<string, FrozenSet<string>?> fields = [];
        foreach (string @object in rows.Select(row => row.Object).Distinct())
        {
            fields[@object] = await schema.Described(@object, ct);
        }

        return fields;
    }

    private static IEnumerable<WriteBackResult> Results(ImmutableArray<WriteBack> rows, JsonElement json)
    {
        JsonElement[] answers = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [];
        return answers.Length == rows.Length
            ? rows.Zip(answers, (row, answer) => Result(row, ErrorOf(answer)))
            : throw new SalesforceException(
                SalesforceFailure.Transient, "ROW_COUNT", $"Salesforce answered {answers.Length} rows to {rows.Length}; the write-back is repeated later.");
    }

    private static WriteBackResult Result(WriteBack row, SalesforceError? error) => error switch
    {
        null => new WriteBackResult.Written(),
        _ when FailureKinds.OfRow(error) is FailureKind.RowLocked or FailureKind.Transient or FailureKind.Concurrency => new WriteBackResult.Busy(error.Code),
        _ => new WriteBackResult.Refused(error.Code, error.Message),
    };

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

    private byte[] Body(ImmutableArray<WriteBack> rows, Dictionary<string, FrozenSet<string>?> fields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("allOrNone", false);
            json.WriteStartArray("records");
            foreach (WriteBack row in rows)
            {
                WriteRow(json, row, fields[row.Object]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <param name="known">The object's fields; null where describe tells nothing, and then Salesforce judges.</param>
    private void WriteRow(Utf8JsonWriter json, WriteBack row, FrozenSet<string>? known)
    {
        json.WriteStartObject();
        json.WriteStartObject("attributes");
        json.WriteString("type", row.Object);
        json.WriteEndObject();
        json.WriteString(row.ExternalId ?? "id", row.Id);
        foreach ((string field, object? value) in row.Fields)
        {
            if (known?.Contains(field) == false)
            {
                Dropped(row.Object, field);
                continue;
            }

            json.WritePropertyName(field);
            WriteValue(json, field, value);
        }

        json.WriteEndObject();
    }

    // An org with an older package, or one with a single currency, still gets the rest.
    private void Dropped(string @object, string field)
    {
        if (_dropped.TryAdd((@object, field), true))
        {
            log.FieldNotWritten(@object, field);
        }
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
