using Hub.Core.Readiness;
using Stripe;

namespace Hub.Stripe;

/// <summary>Whether Stripe answers and accepts the key.</summary>
internal sealed class StripeCheck(StripeApi api) : IDependencyCheck
{
    public string Name => "stripe";

    public async Task<string?> Check(CancellationToken ct)
    {
        try
        {
            await api.Customers.ListAsync(new CustomerListOptions { Limit = 1 }, null, ct);
            return null;
        }
        catch (StripeCallException e)
        {
            return (int?)e.Status switch
            {
                null => "Stripe cannot be reached.",
                401 => "Stripe does not accept the API key.",
                403 => "The Stripe API key lacks a permission.",
                var status => $"Stripe answers {status}.",
            };
        }
    }
}
