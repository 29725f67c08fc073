using Hub.Core.StripeEvents;
using Hub.Stripe;
using Microsoft.Extensions.Options;
using NodaTime;
using Stripe;

namespace Hub.Adapters.Tests.Stripe;

public sealed class StripeWebhookTests
{
    private const string Secret = "whsec_test";
    private const string Body =
        """{"id":"evt_1","object":"event","api_version":"2026-07-29.dahlia","created":1792022400,"type":"invoice.paid","data":{"object":{"id":"in_1","object":"invoice"}}}""";

    private static readonly Instant Now = Instant.FromUnixTimeSeconds(1792022405);

    [Fact]
    public void A_signed_event_is_verified_and_its_envelope_read()
    {
        WebhookOutcome outcome = Verify(Body, Sign(Body));

        var verified = Assert.IsType<WebhookOutcome.Verified>(outcome);
        Assert.Equal(new InboxEvent("evt_1", "invoice.paid", "in_1", Instant.FromUtc(2026, 10, 15, 0, 0), Now, null), verified.Event);
    }

    [Fact]
    public void Any_of_several_signatures_may_match() =>
        Assert.IsType<WebhookOutcome.Verified>(Verify(Body, Sign(Body).Replace(",v1=", $",v1={new string('0', 64)},v1=", StringComparison.Ordinal)));

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void A_signature_is_good_for_300_seconds_in_both_directions(int seconds, bool accepted) =>
        Assert.Equal(accepted, Verify(Body, Sign(Body, Now - Duration.FromSeconds(seconds))) is WebhookOutcome.Verified);

    // Nothing of the credit note itself is kept; what it did to its invoice is.
    [Fact]
    public void An_event_about_a_credit_note_is_about_its_invoice()
    {
        string note = Body.Replace("invoice.paid", "credit_note.created", StringComparison.Ordinal).Replace("\"id\":\"in_1\"", "\"id\":\"cn_1\",\"invoice\":\"in_1\"", StringComparison.Ordinal);

        Assert.Equal("in_1", Assert.IsType<WebhookOutcome.Verified>(Verify(note, Sign(note))).Event.ObjectId);
    }

    [Fact]
    public void An_altered_body_a_missing_header_and_a_foreign_secret_are_refused()
    {
        Refused(Verify(Body.Replace("in_1", "in_2", StringComparison.Ordinal), Sign(Body)));
        Refused(Verify(Body, null));
        Refused(Verify(Body, $"t=1,v1={EventUtility.ComputeSignature("whsec_other", "1", Body)}"));
        Refused(Verify(Body, "rubbish"));
    }

    [Fact]
    public void Another_api_train_is_refused()
    {
        string other = Body.Replace("dahlia", "clover", StringComparison.Ordinal);

        Refused(Verify(other, Sign(other)));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"object":"v2.core.event","id":"evt_1"}""")]
    [InlineData("""{"object":"event","api_version":"2026-07-29.dahlia"}""")]
    [InlineData("""{"object":"event","api_version":"2026-07-29.dahlia","id":"evt_1","type":"x","data":{}}""")]
    public void A_signed_body_that_is_no_event_is_refused_without_quoting_it(string body)
    {
        WebhookOutcome.Refused refused = Refused(Verify(body, Sign(body)));

        Assert.DoesNotContain("evt_1", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_preview_has_no_id_and_an_unknown_object_has_one()
    {
        string upcoming = Body.Replace("\"id\":\"in_1\",", "", StringComparison.Ordinal);
        string unknown = Body.Replace("\"object\":\"invoice\"", "\"object\":\"new.thing\"", StringComparison.Ordinal);

        Assert.Equal("", Assert.IsType<WebhookOutcome.Verified>(Verify(upcoming, Sign(upcoming))).Event.ObjectId);
        Assert.Equal("in_1", Assert.IsType<WebhookOutcome.Verified>(Verify(unknown, Sign(unknown))).Event.ObjectId);
    }

    private static WebhookOutcome Verify(string body, string? signature) =>
        new StripeWebhook(Options.Create(new StripeOptions { WebhookSecret = Secret })).Verify(body, signature, Now);

    private static WebhookOutcome.Refused Refused(WebhookOutcome outcome) => Assert.IsType<WebhookOutcome.Refused>(outcome);

    private static string Sign(string body, Instant? at = null)
    {
        string time = (at ?? Now).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $"t={time},v1={EventUtility.ComputeSignature(Secret, time, body)}";
    }
}
