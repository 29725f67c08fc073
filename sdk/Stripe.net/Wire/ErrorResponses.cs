using System.Net;
using System.Text.Json;
using Stripe;

namespace Hub.Sdk.StripeWire;

/// <summary>Turns a response into an entity or into the exception that says why not.</summary>
internal static class ErrorResponses
{
    public static T Read<T>(StripeResponse response)
        where T : IStripeEntity
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw ToException(response);
        }

        try
        {
            var entity = StripeEntity.FromJson<T>(response.Content);
            entity.StripeResponse = response;
            return entity;
        }
        catch (JsonException)
        {
            throw Unreadable(response);
        }
    }

    public static StripeException ToException(StripeResponse response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Content);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("error", out var body)
                || body.ValueKind != JsonValueKind.Object)
            {
                return Unreadable(response);
            }

            var error = StripeError.FromJson(body.GetRawText());
            error.StripeResponse = response;
            return new StripeException(response.StatusCode, error, error.Message) { StripeResponse = response };
        }
        catch (JsonException)
        {
            return Unreadable(response);
        }
    }

    // The status and Request-Id identify the answer; a proxy's HTML page would only fill the log.
    private static StripeException Unreadable(StripeResponse response) =>
        new(response.StatusCode, null, $"Invalid response object from API: {(int)response.StatusCode}, {response.Content.Length} characters")
        {
            StripeResponse = response,
        };
}
