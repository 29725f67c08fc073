using System.Text.Json;
using Hub.Host.CustomHandler;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Tests.CustomHandler;

public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("""{"Data":{"queueItem":"\"text\""}}""", "text")]
    [InlineData("""{"Data":{"queueItem":"text"}}""", "text")]
    [InlineData("""{"Data":{"queueItem":"{\"a\":1}"}}""", """{"a":1}""")]
    [InlineData("""{"Data":{"queueItem":{"a":1}}}""", """{"a":1}""")]
    [InlineData("""{"Data":{"queueItem":12}}""", "12")]
    [InlineData("""{"Data":{"queueItem":"12"}}""", "12")]
    [InlineData("""{"Data":{"queueItem":"\"\\\"quoted\\\"\""}}""", "\"quoted\"")]
    [InlineData("""{"Data":{"queueItem":"\"open"}}""", "\"open")]
    [InlineData("""{"Data":{"queueItem":"\"a\" and \"b\""}}""", "\"a\" and \"b\"")]
    [InlineData("""{"data":{"QUEUEITEM":"\"any case\""}}""", "any case")]
    [InlineData("""{"Data":{"message":"\"another name\""}}""", "another name")]
    [InlineData("""{"Data":{"queueItem":""}}""", "")]
    public void Text_is_read_however_often_it_was_quoted(string envelope, string expected) =>
        Assert.Equal(expected, Envelope.Text(Value(envelope, "queueItem")));

    [Fact]
    public void Bytes_arrive_as_base64() =>
        Assert.Equal([0x00, 0xFF, 0x10], Envelope.Body(Value("""{"Data":{"queueItem":"AP8Q"}}""", "queueItem"), binary: true).ToArray());

    [Fact]
    public void Text_that_looks_like_base64_stays_text() =>
        Assert.Equal("test", Envelope.Body(Value("""{"Data":{"queueItem":"\"test\""}}""", "queueItem"), binary: false).ToString());

    [Fact]
    public void A_timer_is_read_with_its_status()
    {
        // As captured from the host's own client.
        const string captured = """
            {"Data":{"timer":{"Schedule":{"AdjustForDST":true},
              "ScheduleStatus":{"Last":"2026-01-31T09:55:00+00:00","Next":"2026-01-31T10:05:00+00:00","LastUpdated":"2026-01-31T09:55:00+00:00"},"IsPastDue":false}},
             "Metadata":{"sys":{"MethodName":"DetectClosedWon","UtcNow":"2026-01-31T10:05:00Z","RandGuid":"7b1f8a7e-6a55-4c39-a7a8-0d4fb86b0a52"}}}
            """;

        TimerInfo timer = Envelope.Timer(Value(captured, "timer"));

        Assert.False(timer.IsPastDue);
        Assert.Equal(new DateTime(2026, 1, 31, 9, 55, 0, DateTimeKind.Utc), timer.ScheduleStatus?.Last);
        Assert.Equal(new DateTime(2026, 1, 31, 10, 5, 0, DateTimeKind.Utc), timer.ScheduleStatus?.Next);
    }

    [Theory]
    [InlineData("""{"Data":{"timer":{"Schedule":{},"ScheduleStatus":null,"IsPastDue":true}}}""")]
    [InlineData("""{"Data":{"timer":{"IsPastDue":"true"}}}""")]
    [InlineData("""{"Data":{"timer":"{\"IsPastDue\":true}"}}""")]
    public void A_timer_without_monitoring_has_no_status(string envelope)
    {
        TimerInfo timer = Envelope.Timer(Value(envelope, "timer"));

        Assert.True(timer.IsPastDue);
        Assert.Null(timer.ScheduleStatus);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Data":"text"}""")]
    [InlineData("""{"Data":{"one":1,"two":2}}""")]
    public void An_envelope_without_the_trigger_is_refused(string envelope) =>
        Assert.Throws<FormatException>(() => Value(envelope, "queueItem"));

    private static JsonElement Value(string envelope, string binding)
    {
        using JsonDocument document = JsonDocument.Parse(envelope);
        return Envelope.TriggerValue(document.RootElement, binding).Clone();
    }
}
