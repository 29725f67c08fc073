using Hub.Sandbox.Salesforce.Records;

namespace Hub.Sandbox.Salesforce.Outbound;

/// <summary>A notification waiting for its acknowledgement.</summary>
/// <param name="Id">Notification id, the same in every attempt.</param>
/// <param name="Record">The opportunity as of the event.</param>
/// <param name="QueuedAt">Server time of the event; a day later the message is dropped.</param>
public sealed record OutboundMessage(string Id, Row Record, DateTimeOffset QueuedAt)
{
    /// <summary>Attempts so far without acknowledgement.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next attempt is due, server time.</summary>
    public DateTimeOffset NextAttempt { get; init; } = QueuedAt;
}
