using System.Globalization;
using Hub.Sandbox.Kernel;
using Hub.Sandbox.Salesforce.Records;

namespace Hub.Sandbox.Seed;

/// <summary>Loads the story into the org, replacing what was there: <c>POST /sandbox/seed {"seed":1}</c>, or <c>--seed 1</c> at the start.</summary>
/// <remarks>
/// Stripe gets the products under the ids Salesforce knows them by, and a customer for each account billed before; the rest of it stays.
/// <c>GET /sandbox/seed/products</c> lists the products, for another implementation of Stripe.
/// </remarks>
public sealed class SeedControl(Org org, IServiceProvider services, IConfiguration configuration)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sandbox/seed", (Delegate)Seed);
        routes.MapGet("/sandbox/seed/products", () => Results.Ok(Products(Story.Of(1))));
        if (configuration["seed"] is { } seed)
        {
            Load(int.Parse(seed, CultureInfo.InvariantCulture));
        }
    }

    private async Task<IResult> Seed(HttpContext context)
    {
        var (body, refusal) = await ControlApi.Read<SeedBody>(context);
        return body is null ? refusal! : Results.Ok(Load(body.Seed));
    }

    private object Load(int seed)
    {
        var story = Story.Of(seed);
        FillStripe(story);
        org.Reset();
        org.Write(Org.SalesOpsUser, null, transaction => RawRecords.Insert(transaction, story.Tables));
        return new
        {
            seed,
            accounts = story.Tables["Account"]!.AsArray().Count,
            opportunities = story.Won.Length,
            products = Products(story),
            customers = story.Tables["Account"]!.AsArray().Count(account => account!["Hub_Stripe_Customer_Id__c"] is not null),
            refused = story.Refused,
        };
    }

    /// <summary>Creates the products, and a customer for the accounts that were billed before; their records then name it.</summary>
    private void FillStripe(Story story)
    {
        if (StripeBooks.Of(services) is not { } stripe)
        {
            return;
        }

        foreach (var product in story.Products)
        {
            stripe.AddProduct(product);
        }

        var emails = story.Tables["Contact"]!.AsArray().ToLookup(contact => (string?)contact!["AccountId"], contact => (string?)contact!["Email"]);
        foreach (var account in story.BilledBefore)
        {
            account["Hub_Stripe_Customer_Id__c"] = stripe.AddCustomer(account, emails[(string?)account["Id"]].FirstOrDefault());
        }
    }

    private static object[] Products(Story story) => [.. story.Products.Select(product => new { id = product.StripeId, name = product.Name })];

    private sealed record SeedBody
    {
        public int Seed { get; init; } = 1;
    }
}
