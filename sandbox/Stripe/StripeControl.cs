using Hub.Sandbox.Kernel;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe;

/// <summary>The control routes of the Stripe simulator: what customers and accidents do, and what a test wants to see.</summary>
public static class StripeControl
{
    public static void Map(IEndpointRouteBuilder routes, StripeModule stripe)
    {
        routes.MapGet("/sandbox/stripe/state", () => Results.Ok(stripe.WithAccount(account => account.Store.Counts())));
        routes.MapPost("/sandbox/stripe/reset", () =>
        {
            stripe.Reset();
            return Results.NoContent();
        });
        routes.MapPost("/sandbox/stripe/invoices/{id}/payments", (string id, HttpContext context) => Pay(stripe, id, context));
        routes.MapDelete("/sandbox/stripe/subscriptions/{id}", (string id) => Erase(stripe, id));
        routes.MapGet("/sandbox/webhooks", () => Results.Ok(stripe.WebhookState()));
        routes.MapPost("/sandbox/webhooks/deliver", (HttpContext context, CancellationToken ct) => Deliver(stripe, context, ct));
    }

    // A bank transfer by the customer: part of what is due, all of it, or more.
    private static async Task<IResult> Pay(StripeModule stripe, string id, HttpContext context)
    {
        var (transfer, refusal) = await ControlApi.Read<Transfer>(context);
        if (transfer is null)
        {
            return refusal!;
        }

        return stripe.WithAccount(account =>
        {
            if (account.Store.Find("invoice", id) is not { } invoice)
            {
                return Results.NotFound(new { error = $"No invoice {id}." });
            }

            if (transfer.Amount <= 0 || invoice.Text("status") is not ("open" or "uncollectible"))
            {
                return ControlApi.Refuse($"A payment needs a positive amount and an open invoice; {id} is {invoice.Text("status")}.");
            }

            account.Invoices.Receive(invoice, transfer.Amount);
            return Results.Text(account.Show(invoice).ToJsonString(), "application/json");
        });
    }

    private static IResult Erase(StripeModule stripe, string id) => stripe.WithAccount(account =>
    {
        if (account.Store.Find("subscription", id) is not { } subscription)
        {
            return Results.NotFound(new { error = $"No subscription {id}." });
        }

        account.Subscriptions.Erase(subscription);
        if (subscription.Text("schedule") is { } schedule && account.Store.Find(schedule) is { } attached)
        {
            account.Store.Remove(attached);
        }

        return Results.NoContent();
    });

    private static async Task<IResult> Deliver(StripeModule stripe, HttpContext context, CancellationToken ct)
    {
        var (round, refusal) = await ControlApi.Read<Round>(context);
        return round is null ? refusal! : Results.Ok(await stripe.DeliverWebhooks(round.Duplicates, round.Shuffle, ct));
    }

    private sealed record Transfer
    {
        public long Amount { get; init; }
    }

    private sealed record Round
    {
        public bool Duplicates { get; init; }

        public int? Shuffle { get; init; }
    }
}
