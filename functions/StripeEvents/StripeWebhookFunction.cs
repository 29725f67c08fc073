using Hub.Core.StripeEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.StripeEvents;

/// <summary>Where Stripe posts its events; anonymous, because the signature is the proof.</summary>
public sealed class StripeWebhookFunction(ReceiveStripeEvent handler)
{
    [Function("StripeWebhook")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/stripe")] HttpRequest request, CancellationToken ct) =>
        StripeWebhookHttp.Answer(request, handler, ct);
}
