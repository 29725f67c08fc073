using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Money;
using Hub.Stripe;
using Stripe;

namespace Hub.Adapters.Tests.Stripe;

public sealed class PriceReuseTests
{
    private const string Seat =
        """{"id":"price_7","active":true,"currency":"usd","product":"prod_seat","billing_scheme":"per_unit","unit_amount_decimal":"30000","recurring":{"interval":"year","interval_count":1,"usage_type":"licensed"}}""";

    private const string Tiered =
        """{"id":"price_8","active":true,"currency":"usd","product":"prod_seat","billing_scheme":"tiered","tiers_mode":"graduated","tiers":[{"up_to":50,"unit_amount_decimal":"1200"},{"up_to":null,"unit_amount_decimal":"950"}],"recurring":{"interval":"month","interval_count":12,"usage_type":"licensed"}}""";

    [Fact]
    public void An_identical_price_fits() => Assert.True(Fits(Seat, Plans.Seats));

    [Fact]
    public void Twelve_months_are_a_year() => Assert.True(Fits(Seat, Plans.Seats with { Interval = new(IntervalUnit.Month, 12) }));

    [Theory]
    [InlineData("\"active\":true", "\"active\":false")]
    [InlineData("\"currency\":\"usd\"", "\"currency\":\"eur\"")]
    [InlineData("prod_seat", "prod_other")]
    [InlineData("\"30000\"", "\"30000.5\"")]
    [InlineData("\"interval_count\":1", "\"interval_count\":2")]
    [InlineData("licensed", "metered")]
    [InlineData("\"recurring\":{", "\"unused\":{")]
    public void Any_difference_calls_for_a_new_price(string part, string other) =>
        Assert.False(Fits(Seat.Replace(part, other, StringComparison.Ordinal), Plans.Seats));

    [Fact]
    public void Tiers_must_be_equal_one_by_one()
    {
        PhaseItem item = Plans.Seats with { UnitAmount = null, Tiers = new(TiersMode.Graduated, [new(50, 1200), new(null, 950)]) };

        Assert.True(Fits(Tiered, item));
        Assert.False(Fits(Tiered, item with { Tiers = item.Tiers! with { Mode = TiersMode.Volume } }));
        Assert.False(Fits(Tiered, item with { Tiers = item.Tiers! with { Tiers = [new(50, 1200), new(null, 951)] } }));
        Assert.False(Fits(Tiered, item with { Tiers = item.Tiers! with { Tiers = [new(null, 1200)] } }));
    }

    [Fact]
    public void A_metered_price_fits_on_its_own_meter_only()
    {
        string metered = Seat.Replace("licensed\"", "metered\",\"meter\":\"mtr_1\"", StringComparison.Ordinal);
        PhaseItem item = Plans.Seats with { Usage = true, Quantity = null, MeterId = "mtr_1" };

        Assert.True(Fits(metered, item));
        Assert.False(Fits(metered, item with { MeterId = "mtr_2" }));
    }

    [Fact]
    public void A_stored_price_is_reusable_only_when_every_item_that_names_it_agrees()
    {
        JsonElement[] prices = [JsonDocument.Parse(Seat).RootElement, JsonDocument.Parse(Tiered).RootElement];
        PhaseItem item = Plans.Seats with { PriceId = "price_7" };

        Assert.Contains("price_7", PriceReuse.Among(Plans.OfSchedule(Plans.With(item)), prices));
        Assert.DoesNotContain("price_7", PriceReuse.Among(Plans.OfSchedule(Plans.With(item, item with { UnitAmount = 1 })), prices));
    }

    private static bool Fits(string price, PhaseItem item) => PriceReuse.Fits(Price.FromJson(price), item, Currency.Usd);
}
