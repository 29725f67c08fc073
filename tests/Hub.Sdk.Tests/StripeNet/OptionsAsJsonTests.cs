using System.Text.Json;
using System.Text.Json.Serialization;
using Stripe;

namespace Hub.Sdk.Tests.StripeNet;

/// <summary>Options print as nested JSON under Stripe's own parameter names; planned calls are shown that way.</summary>
public sealed class OptionsAsJsonTests
{
    private static readonly JsonSerializerOptions Format = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    [Fact]
    public void Nested_options_times_unions_and_decimals_print_as_Stripe_takes_them()
    {
        var options = new SubscriptionScheduleCreateOptions
        {
            Customer = "$1.id",
            StartDate = SubscriptionScheduleStartDate.Now,
            Metadata = new() { ["sf_opportunity_id"] = "006" },
            Phases =
            [
                new()
                {
                    EndDate = new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                    Items = [new() { Quantity = 2, PriceData = new() { Currency = "usd", UnitAmountDecimal = 12.50m } }],
                },
            ],
        };

        Assert.Equal(
            """{"customer":"$1.id","metadata":{"sf_opportunity_id":"006"},"phases":[{"end_date":1798761600,"items":[{"price_data":{"currency":"usd","unit_amount_decimal":"12.50"},"quantity":2}]}],"start_date":"now"}""",
            JsonSerializer.Serialize(options, Format));
    }

    [Fact]
    public void Paging_and_extra_parameters_print_too()
    {
        var options = new CustomerListOptions { Limit = 3, Created = new DateRangeOptions { LessThan = DateTime.UnixEpoch.AddSeconds(7) } };
        options.AddExtraParam("more", "yes");

        Assert.Equal("""{"created":{"lt":7},"limit":3,"more":"yes"}""", JsonSerializer.Serialize(options, Format));
    }
}
