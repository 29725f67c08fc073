using Hub.Core.StripeEvents;
using Hub.Core.Tests.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Hub.Core.Tests.StripeEvents;

public class ReceiveStripeEventTests
{
    private static readonly Instant Now = Instant.FromUtc(2027, 1, 2, 3, 4);
    private readonly Faults _faults = new();
    private readonly InMemoryInbox _inbox;
    private readonly InMemoryQueue _queue;

    public ReceiveStripeEventTests() => (_inbox, _queue) = (new InMemoryInbox(_faults), new InMemoryQueue(_faults));

    [Fact]
    public async Task A_verified_event_is_stored_then_enqueued()
    {
        Assert.IsType<ReceiveOutcome.Accepted>(await Receive("evt_1"));
        Assert.Equal(["evt_1"], _inbox.Events.Keys);
        Assert.Equal([new StripeEventReceived("evt_1")], _queue.Sent.Select(sent => sent.Message));
    }

    [Fact]
    public async Task A_repeat_of_an_event_that_still_waits_is_enqueued_again()
    {
        await Receive("evt_1");

        Assert.IsType<ReceiveOutcome.Duplicate>(await Receive("evt_1", Now + Duration.FromMinutes(1)));
        Assert.Equal(2, _queue.Sent.Count);
        Assert.Equal(Now, _inbox.Events["evt_1"].ReceivedAt);
    }

    [Fact]
    public async Task A_repeat_of_an_applied_event_is_answered_and_enqueues_nothing()
    {
        await Receive("evt_1");
        await _inbox.MarkApplied("evt_1", Now, CancellationToken.None);

        Assert.IsType<ReceiveOutcome.Duplicate>(await Receive("evt_1"));
        Assert.Single(_queue.Sent);
    }

    [Fact]
    public async Task A_refused_call_leaves_no_trace()
    {
        ReceiveOutcome outcome = await Receive(null);

        Assert.Equal(new ReceiveOutcome.Refused("wrong signature"), outcome);
        Assert.Empty(_inbox.Events);
        Assert.Empty(_queue.Sent);
    }

    [Fact]
    public async Task A_crash_between_storing_and_enqueuing_is_mended_by_the_next_delivery()
    {
        _faults.CrashAfter = 1;
        await Assert.ThrowsAsync<CrashException>(() => Receive("evt_1"));
        Assert.Empty(_queue.Sent);

        await Receive("evt_1");
        Assert.Single(_queue.Sent);
    }

    private Task<ReceiveOutcome> Receive(string? eventId, Instant? at = null) => new ReceiveStripeEvent(
        new Webhook(eventId), _inbox, _queue, new HandClock(at ?? Now), NullLogger<ReceiveStripeEvent>.Instance).Handle("{}", "t=1", CancellationToken.None);

    private sealed class Webhook(string? eventId) : IStripeWebhook
    {
        public WebhookOutcome Verify(string body, string? signature, Instant now) => eventId is null
            ? new WebhookOutcome.Refused("wrong signature")
            : new WebhookOutcome.Verified(new InboxEvent(eventId, "invoice.paid", "in_1", now, now, null));
    }
}
