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
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        return await handler.Handle(body, ct) switch
        {
            ReceiveOutboundOutcome.Acknowledged(var acknowledgement) => Results.Text(acknowledgement, "text/xml"),
            ReceiveOutboundOutcome.Refused(OutboundMessageRefusal.WrongOrganization, _) => Results.StatusCode(StatusCodes.Status403Forbidden),
            _ => Results.StatusCode(StatusCodes.Status400BadRequest),
        };
    }
}
