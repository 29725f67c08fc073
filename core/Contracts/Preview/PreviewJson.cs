using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Hub.Core.Contracts.Preview;

/// <summary>A preview as JSON: the entry of <c>hub plan</c>, and Stripe's opinion where it was asked for.</summary>
public static class PreviewJson
{
    /// <summary>One JSON object, indented.</summary>
    public static string Text(ContractPreview preview)
    {
        string? currency = preview.Deal.Opportunity.Text(SalesforceFields.CurrencyIsoCode)?.ToLowerInvariant();
        using JsonDocument entry = Entry(preview, currency);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, PlanJson.Format with { Indented = true }))
        {
            json.WriteStartObject();
            foreach (JsonProperty member in entry.RootElement.EnumerateObject())
            {
                member.WriteTo(json);
            }

            if (preview.Stripe is { } stripe)
            {
                Write(json, stripe);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonDocument Entry(ContractPreview preview, string? currency)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, PlanJson.Format))
        {
            PlanJson.Write(json, preview.Deal.Opportunity.Id, preview.Outcome, currency, preview.Steps);
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter json, StripeAgreement stripe)
    {
        json.WriteStartObject("stripePreview");
        if (stripe.Agrees is { } agrees)
        {
            json.WriteBoolean("agrees", agrees);
        }
        else
        {
            json.WriteNull("agrees");
        }

        json.WriteString("reason", stripe.Reason);
        json.WriteStartArray("differences");
        foreach (PricingDifference difference in stripe.Differences)
        {
            json.WriteStartObject();
            json.WriteString("product", difference.Product);
            json.WriteNumber("planned", difference.Planned.MinorUnits);
            json.WriteNumber("stripe", difference.Stripe.MinorUnits);
            json.WriteString("message", difference.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
