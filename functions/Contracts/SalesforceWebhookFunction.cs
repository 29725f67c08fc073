using Hub.Core.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Contracts;

/// <summary>Where Salesforce posts outbound messages; the function key in the address is the secret, the org id the second check.</summary>
public sealed class SalesforceWebhookFunction(ReceiveOutboundMessage handler)
{
    [Function("SalesforceWebhook")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "webhooks/salesforce")] HttpRequest request, CancellationToken ct) =>
        SalesforceWebhookHttp.Answer(request, handler, ct);
}
