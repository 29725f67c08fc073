using System.Security.Cryptography;
using System.Text;
using Stripe;

namespace Hub.Sdk.Tests.StripeNet;

public sealed class WebhookTests
{
    private const string Secret = "whsec_test";
    private const long Now = 1_767_225_600;
    private const string Body =
        """{"id":"evt_1","object":"event","api_version":"2026-06-30.dahlia","created":1767225600,"type":"invoice.paid","data":{"object":{"id":"in_1","object":"invoice","status":"paid"},"previous_attributes":{"status":"open"}}}""";

    [Fact]
    public void A_signature_is_the_hex_HMAC_of_time_and_body()
    {
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{Now}.{Body}")));

        Assert.Equal(expected, EventUtility.ComputeSignature(Secret, "1767225600", Body));
    }

    [Fact]
    public void A_signed_event_is_read_with_its_object()
    {
        var stripeEvent = EventUtility.ConstructEvent(Body, Header(), Secret, 300, Now);

        Assert.Equal(EventTypes.InvoicePaid, stripeEvent.Type);
        Assert.Equal("paid", Assert.IsType<Invoice>(stripeEvent.Data.Object).Status);
        Assert.Equal("open", (string)stripeEvent.Data.PreviousAttributes.status);
        Assert.Equal("in_1", (string)stripeEvent.Data.RawObject.id);
    }

    [Fact]
    public void Any_of_two_signatures_may_match_while_the_secret_is_rotated()
    {
        var header = $"t={Now},v1={new string('0', 64)},v0=ignored,v1={EventUtility.ComputeSignature(Secret, "1767225600", Body)}";

        Assert.Equal("evt_1", EventUtility.ConstructEvent(Body, header, Secret, 300, Now).Id);
    }

    [Fact]
    public void Another_secret_is_refused() =>
        Assert.Throws<StripeException>(() => EventUtility.ConstructEvent(Body, Header(), "whsec_other", 300, Now));

    [Fact]
    public void An_altered_byte_is_refused() =>
        Assert.Throws<StripeException>(() => EventUtility.ConstructEvent(Body.Replace("in_1", "in_2", StringComparison.Ordinal), Header(), Secret, 300, Now));

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void The_tolerance_is_300_seconds_in_both_directions(int age, bool accepted)
    {
        var error = Record.Exception(() => EventUtility.ConstructEvent(Body, Header(), Secret, 300, Now + age));

        Assert.Equal(accepted, error is null);
    }

    [Fact]
    public void Another_version_train_is_refused_unless_asked_for()
    {
        var other = Body.Replace("2026-06-30.dahlia", "2025-09-30.clover", StringComparison.Ordinal);
        var header = $"t={Now},v1={EventUtility.ComputeSignature(Secret, "1767225600", other)}";

        Assert.Throws<StripeException>(() => EventUtility.ConstructEvent(other, header, Secret, 300, Now));
        Assert.Equal("evt_1", EventUtility.ConstructEvent(other, header, Secret, 300, Now, throwOnApiVersionMismatch: false).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("v1=abc")]
    [InlineData("t=1767225600")]
    public void A_header_without_time_or_signature_is_refused(string header) =>
        Assert.Throws<StripeException>(() => EventUtility.ConstructEvent(Body, header, Secret, 300, Now));

    [Fact]
    public void An_event_about_an_unknown_object_keeps_its_raw_form()
    {
        var stripeEvent = EventUtility.ParseEvent(
            """{"id":"evt_2","object":"event","api_version":"2026-07-29.dahlia","data":{"object":{"id":"x_1","object":"new.thing"}}}""");

        Assert.Null(stripeEvent.Data.Object);
        Assert.Equal("x_1", (string)stripeEvent.Data.RawObject.id);
        Assert.Null(stripeEvent.Data.RawObject.absent);
    }

    private static string Header() => $"t={Now},v1={EventUtility.ComputeSignature(Secret, "1767225600", Body)}";
}
