using System.Globalization;
using System.Text.Json;

namespace Hub.Cli.Demo;

/// <summary>The differences people make by hand while the story plays; the reconciliation at its end must find each of them.</summary>
internal sealed class Planted(SandboxClient world, int seed)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Plays what happens on the day; true when a Salesforce record changed.</summary>
    public async Task<bool> Play(int day, CancellationToken ct)
    {
        switch (day)
        {
            case 30:
                await EditQuantity(ct);
                return false;
            case 40:
                await world.StripeDelete("/v1/subscriptions/" + Id(await Pick(_ => true, ct)), ct);
                return false;
            case 50:
                await world.EditRecord("Opportunity", Contract(await Pick(_ => true, ct)), new { StageName = "Negotiation/Review" }, ct);
                return true;
            case 60:
                await world.Erase(Id(await Pick(_ => true, ct)), ct);
                return false;
            case 70:
                await CreateOrphan(ct);
                return false;
            default:
                return false;
        }
    }

    private async Task EditQuantity(CancellationToken ct)
    {
        JsonElement subscription = await Pick(IsMonthly, ct);
        JsonElement item = Items(subscription)[0];
        await world.StripePost("/v1/subscriptions/" + Id(subscription), new Dictionary<string, string>
        {
            ["items[0][id]"] = Id(item),
            ["items[0][quantity]"] = (item.GetProperty("quantity").GetInt64() + 5).ToString(CultureInfo.InvariantCulture),
            ["proration_behavior"] = "none",
        }, ct);
    }

    private async Task CreateOrphan(CancellationToken ct)
    {
        JsonElement product = (await world.StripeList("/v1/products", ct)).OrderBy(Id, StringComparer.Ordinal).First();
        JsonElement customer = await world.StripePost("/v1/customers", new Dictionary<string, string>
        {
            ["name"] = "Walk-in customer",
            ["email"] = $"walk-in.{seed}@example.com",
        }, ct);
        await world.StripePost("/v1/subscriptions", new Dictionary<string, string>
        {
            ["customer"] = Id(customer),
            ["collection_method"] = "send_invoice",
            ["days_until_due"] = "30",
            ["items[0][price_data][currency]"] = "usd",
            ["items[0][price_data][product]"] = Id(product),
            ["items[0][price_data][unit_amount]"] = "4900",
            ["items[0][price_data][recurring][interval]"] = "month",
        }, ct);
    }

    /// <summary>The first running contract, by opportunity id, that fits and that no other difference uses.</summary>
    private async Task<JsonElement> Pick(Func<JsonElement, bool> fits, CancellationToken ct)
    {
        JsonElement picked = (await world.StripeList("/v1/subscriptions?status=active", ct))
            .Where(subscription => Contract(subscription).Length > 0 && !_used.Contains(Contract(subscription)) && fits(subscription))
            .OrderBy(Contract, StringComparer.Ordinal)
            .First();
        _used.Add(Contract(picked));
        return picked;
    }

    private static bool IsMonthly(JsonElement subscription) => Items(subscription) is [{ } item]
        && item.GetProperty("price").GetProperty("recurring").GetProperty("interval").GetString() == "month"
        && item.GetProperty("price").GetProperty("recurring").GetProperty("interval_count").GetInt32() == 1;

    private static List<JsonElement> Items(JsonElement subscription) => [.. subscription.GetProperty("items").GetProperty("data").EnumerateArray()];

    private static string Id(JsonElement element) => element.GetProperty("id").GetString()!;

    private static string Contract(JsonElement subscription) =>
        subscription.GetProperty("metadata").TryGetProperty("sf_opportunity_id", out JsonElement id) ? id.GetString()! : "";
}
