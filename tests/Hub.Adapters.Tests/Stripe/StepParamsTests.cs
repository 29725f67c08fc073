using System.Text.Json;
using Hub.Stripe;

namespace Hub.Adapters.Tests.Stripe;

public sealed class StepParamsTests
{
    [Fact]
    public void Flags_are_handed_to_the_sdk_as_the_text_Stripe_reads()
    {
        JsonElement request = JsonSerializer.SerializeToElement(new { auto_advance = false, automatic_tax = new { enabled = true } });

        IDictionary<string, object> parameters = StepParams.ToOptions(request, inPath: null).ExtraParams;

        Assert.Equal("false", parameters["auto_advance"]);
        Assert.Equal("true", Assert.IsType<Dictionary<string, object>>(parameters["automatic_tax"])["enabled"]);
    }
}
