using Hub.Core.Contracts;
using Hub.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Hub.Functions.Contracts;

/// <summary>The outbound-message endpoint's HTTP side: acknowledgement or status.</summary>
internal static class SalesforceWebhookHttp
{
    /// <summary>200 with the acknowledgement; 413, 400 or 403 when refused, without one.</summary>
    public static async Task<IResult> Answer(HttpRequest request, ReceiveOutboundMessage handler, CancellationToken ct)
    {
        if (await RequestBody.Read(request, ct) is not { } body)
        {
            return ApiProblem.TooLarge();
        }

        return await handler.Handle(body, ct) switch
        {
            ReceiveOutboundOutcome.Acknowledged(var acknowledgement) => Results.Text(acknowledgement, "text/xml"),
            ReceiveOutboundOutcome.Refused(OutboundMessageRefusal.WrongOrganization, var reason) => ApiProblem.Of(StatusCodes.Status403Forbidden, reason),
            ReceiveOutboundOutcome.Refused(_, var reason) => ApiProblem.Of(StatusCodes.Status400BadRequest, reason),
            var other => throw new InvalidOperationException($"Unknown outcome {other.GetType().Name}."),
        };
    }
}
