using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>What the outbound-message endpoint answers.</summary>
public abstract record ReceiveOutboundOutcome
{
    private ReceiveOutboundOutcome()
    {
    }

    /// <summary>Every hint is on the queue; <paramref name="Acknowledgement"/> ends Salesforce's repetitions.</summary>
    public sealed record Acknowledged(string Acknowledgement) : ReceiveOutboundOutcome;

    /// <summary>Nothing was enqueued; no acknowledgement, so that a person sees the message fail in Salesforce.</summary>
    public sealed record Refused(OutboundMessageRefusal Refusal, string Reason) : ReceiveOutboundOutcome;
}

/// <summary>Takes in a push from Salesforce: the message is a hint, the record is read again when the hint is handled.</summary>
public sealed class ReceiveOutboundMessage(IOutboundMessages messages, IQueueSender queue, TimeProvider time, ILogger<ReceiveOutboundMessage> log)
{
    public async Task<ReceiveOutboundOutcome> Handle(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        switch (await messages.Read(body, ct))
        {
            case OutboundMessageOutcome.Accepted(var notifications):
                foreach (OutboundNotification hint in notifications.Where(notification => notification.Object == "Opportunity"))
                {
                    await queue.Send(ContractQueues.ContractSync, Hint(hint), null, ct);
                }

                return new ReceiveOutboundOutcome.Acknowledged(messages.Acknowledgement);

            case OutboundMessageOutcome.Refused(var refusal, var reason):
                log.OutboundMessageRefused(refusal, reason);
                return new ReceiveOutboundOutcome.Refused(refusal, reason);

            case var other:
                throw new InvalidOperationException($"Unknown outcome {other.GetType().Name}.");
        }
    }

    private ContractChanged Hint(OutboundNotification notification) =>
        new(notification.RecordId.Value, "outbound-message", Instant.FromDateTimeOffset(time.GetUtcNow()));
}
