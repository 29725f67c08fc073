using System.Collections.Immutable;

namespace Hub.Core.Contracts;

/// <summary>Reads the push messages that Salesforce sends when a flow or workflow fires. Implemented by Hub.Salesforce.</summary>
/// <remarks>A message is a hint that may be late, repeated or out of order: the records it names are read again before anything happens.</remarks>
public interface IOutboundMessages
{
    /// <summary>The answer that makes Salesforce stop repeating the message, as <c>text/xml</c>; send it only once the hints are on the queue.</summary>
    string Acknowledgement { get; }

    /// <summary>Reads a message with 1 to 100 notifications; hostile or foreign ones are refused, never thrown.</summary>
    /// <param name="body">The body as sent; whoever took it in has limited its length.</param>
    Task<OutboundMessageOutcome> Read(ReadOnlyMemory<byte> body, CancellationToken ct);
}

public enum OutboundMessageRefusal
{
    /// <summary>No outbound message: broken XML, a DTD, nested too deeply, wrong elements (400).</summary>
    Malformed,

    /// <summary>Sent for another org, or for none (403).</summary>
    WrongOrganization,
}

public abstract record OutboundMessageOutcome
{
    private OutboundMessageOutcome()
    {
    }

    /// <summary>Notifications in the order sent; one whose record was deleted meanwhile names none and is left out.</summary>
    public sealed record Accepted(ImmutableArray<OutboundNotification> Notifications) : OutboundMessageOutcome;

    public sealed record Refused(OutboundMessageRefusal Refusal, string Reason) : OutboundMessageOutcome;
}

/// <param name="Object">Salesforce object, such as <c>Opportunity</c>.</param>
public sealed record OutboundNotification(string Object, SalesforceId RecordId);
