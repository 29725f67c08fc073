using Microsoft.Extensions.Logging;

namespace Hub.Core.StripeEvents;

internal static partial class Log
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "Stripe event {EventId} ({Type}) received: {Outcome}")]
    public static partial void EventReceived(this ILogger logger, string eventId, string type, string outcome);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "Webhook call refused: {Reason}")]
    public static partial void EventRefused(this ILogger logger, string reason);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "Stripe event {EventId} ({Type}): {Outcome}")]
    public static partial void EventApplied(this ILogger logger, string eventId, string type, string outcome);
}
