using Hub.Core.Contracts;
using Stripe;

namespace Hub.Stripe;

/// <summary>Looks up the stored prices of a plan.</summary>
internal sealed class StoredPrices(StripeApi api)
{
    /// <summary>Those that still bill exactly what the plan says.</summary>
    public async Task<IReadOnlySet<string>> Fitting(BillingPlan plan, CancellationToken ct)
    {
        HashSet<string> fitting = new(StringComparer.Ordinal);
        foreach (string id in PriceReuse.Stored(plan).Select(item => item.PriceId!).Distinct(StringComparer.Ordinal))
        {
            if (await Find(id, ct) is { } price && PriceReuse.Fits(price, plan))
            {
                fitting.Add(id);
            }
        }

        return fitting;
    }

    private async Task<Price?> Find(string id, CancellationToken ct)
    {
        try
        {
            return await api.Prices.GetAsync(id, new PriceGetOptions { Expand = ["tiers"] }, null, ct);
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return null;
        }
    }
}
