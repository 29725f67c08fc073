using System.Net;
using Hub.Core.Contracts;

namespace Hub.Adapters.Tests.Stripe;

public sealed class TaxRateTests
{
    [Fact]
    public async Task An_active_rate_is_known_from_then_on()
    {
        BillingSnapshot read = await Read("txr_1", HttpStatusCode.OK, """{"id":"txr_1","object":"tax_rate","active":true,"percentage":19.5,"inclusive":true}""");

        Assert.Equal(new TaxRate("txr_1", 19.5m, Inclusive: true), read.TaxRate);
        Assert.False(read.TaxRateRefused);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, """{"id":"txr_1","object":"tax_rate","active":false,"percentage":20,"inclusive":false}""")]
    [InlineData(HttpStatusCode.NotFound, """{"error":{"type":"invalid_request_error","code":"resource_missing","param":"id"}}""")]
    public async Task A_rate_that_is_archived_or_not_there_is_refused(HttpStatusCode status, string body)
    {
        BillingSnapshot read = await Read("txr_1", status, body);

        Assert.Null(read.TaxRate);
        Assert.True(read.TaxRateRefused);
    }

    [Fact]
    public async Task An_account_without_a_rate_costs_no_call()
    {
        BillingSnapshot read = await Read(null, HttpStatusCode.InternalServerError, "{}");

        Assert.Same(BillingSnapshot.Empty, read);
    }

    private static Task<BillingSnapshot> Read(string? id, HttpStatusCode status, string body)
    {
        var fuse = new Fuse();
        var stripe = new FakeStripe(fuse) { Intercept = request => request.RequestUri!.AbsolutePath == "/v1/tax_rates/txr_1" ? (status, body) : null };
        return Adapter.Billing(stripe, new FakeEffects(fuse)).WithTaxRate(BillingSnapshot.Empty, id, CancellationToken.None);
    }
}
