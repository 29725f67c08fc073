using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Contracts.Preview;
using Hub.Core.Money;
using Stripe;

namespace Hub.Stripe;

/// <summary>What a sync would send, and Stripe's own price of the first invoice; creates nothing.</summary>
internal sealed class StripePreview(StripeApi api) : IStripePreview
{
    private readonly StoredPrices _prices = new(api);

    public async Task<ImmutableArray<PlannedStep>> Steps(BillingPlan plan, CancellationToken ct) =>
        new StripePlannedSteps().For(plan, BillingSnapshot.Empty with { ReusablePrices = [.. await _prices.Fitting(plan, ct)] });

    public async Task<StripePricing> Price(BillingPlan plan, CancellationToken ct)
    {
        switch (PreviewRequest.For(plan, await Steps(plan, ct)))
        {
            case PreviewRequest.Possible(var parameters):
                return await Priced(plan.Currency, parameters, ct);
            case PreviewRequest.Impossible(var reason):
                return new StripePricing.NotPriced(reason);
            default:
                throw new InvalidOperationException("Unknown kind of request.");
        }
    }

    // A refusal is an answer here: the plan may name a coupon or a product that Stripe does not have yet.
    private async Task<StripePricing> Priced(Currency currency, System.Text.Json.JsonElement parameters, CancellationToken ct)
    {
        try
        {
            BaseOptions options = StepParams.ToOptions(parameters, inPath: null);
            return Read(currency, await api.RequestAsync<Invoice>(HttpMethod.Post, "/v1/invoices/create_preview", options, new RequestOptions(), ct));
        }
        catch (StripeCallException refusal) when (refusal.IsRefusal)
        {
            return new StripePricing.NotPriced(
                $"Stripe does not price it: {refusal.Code ?? refusal.Type ?? "no reason given"}{(refusal.Param is { } param ? $" for {param}" : "")}.");
        }
    }

    private static StripePricing Read(Currency currency, Invoice invoice)
    {
        if (!string.Equals(invoice.Currency, currency.StripeCode, StringComparison.Ordinal))
        {
            return new StripePricing.NotPriced($"Stripe priced it in {invoice.Currency} instead of {currency.StripeCode}.");
        }

        // A preview has no address under which its further lines could be read.
        bool complete = invoice.Lines is { HasMore: false } && invoice.Lines.Data.All(line => line.Pricing?.PriceDetails?.Product is not null);
        return new StripePricing.Priced(
            new Amount(invoice.Total, currency),
            new Amount(invoice.TotalExcludingTax ?? invoice.Total, currency),
            complete ? Products(invoice, currency) : null);
    }

    private static ImmutableSortedDictionary<string, Amount> Products(Invoice invoice, Currency currency) => invoice.Lines.Data
        .GroupBy(line => line.Pricing.PriceDetails.Product, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(
            product => product.Key,
            product => new Amount(product.Sum(line => line.Amount - (line.DiscountAmounts ?? []).Sum(taken => taken.Amount)), currency),
            StringComparer.Ordinal);
}
