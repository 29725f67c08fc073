using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>Writes the output of <c>hub document</c>.</summary>
public static class DocumentReport
{
    /// <summary>Indented JSON; the same checks give the same text.</summary>
    /// <param name="opportunityId">As the source gave it.</param>
    /// <param name="document">Name of the file.</param>
    public static string Json(string opportunityId, string document, ImmutableArray<TermCheck> checks)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, PlanJson.Format with { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("opportunityId", opportunityId);
            json.WriteString("document", document);
            json.WriteStartArray("terms");
            foreach (TermCheck check in checks)
            {
                Write(json, check);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>agrees, differs, not-found or not-compared.</summary>
    public static string Name(TermOutcome outcome) => outcome switch
    {
        TermOutcome.Agrees => "agrees",
        TermOutcome.Differs => "differs",
        TermOutcome.NotFound => "not-found",
        _ => "not-compared",
    };

    private static void Write(Utf8JsonWriter json, TermCheck check)
    {
        json.WriteStartObject();
        json.WriteString("term", JsonNamingPolicy.CamelCase.ConvertName(check.Term.ToString()));
        json.WriteString("outcome", Name(check.Outcome));
        json.WriteString("document", check.Document);
        json.WriteString("deal", check.Deal);
        json.WriteString("object", check.Record.Object);
        json.WriteString("recordId", check.Record.Id);
        json.WriteString("field", check.Field);
        json.WriteString("reason", check.Reason);
        json.WriteStartArray("sentences");
        foreach (string sentence in check.Sentences)
        {
            json.WriteStringValue(sentence);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
