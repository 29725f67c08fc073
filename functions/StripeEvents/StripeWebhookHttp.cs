using Hub.Core.StripeEvents;
using Hub.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Hub.Functions.StripeEvents;

/// <summary>The webhook's HTTP side: size limit, raw body, status.</summary>
internal static class StripeWebhookHttp
{
    /// <summary>200 when the event is stored and enqueued (or was before), 400 when refused, 413 above 1 MiB.</summary>
    public static async Task<IResult> Answer(HttpRequest request, ReceiveStripeEvent handler, CancellationToken ct)
    {
        if (await RequestBody.ReadText(request, ct) is not { } body)
        {
            return ApiProblem.TooLarge();
        }

        return await handler.Handle(body, request.Headers["Stripe-Signature"], ct) switch
        {
            ReceiveOutcome.Refused(var reason) => ApiProblem.Of(StatusCodes.Status400BadRequest, reason),
            ReceiveOutcome.Duplicate => Results.Ok(new { received = true, duplicate = true }),
            _ => Results.Ok(new { received = true }),
        };
    }
}
