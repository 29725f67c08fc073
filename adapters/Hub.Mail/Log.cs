using Microsoft.Extensions.Logging;

namespace Hub.Mail;

/// <summary>Event ids 13000–13999. Never an address, a name or a text.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 13001, Level = LogLevel.Information, Message = "Message {OperationId} handed over with template {Template}")]
    public static partial void Accepted(this ILogger logger, string operationId, string template);

    [LoggerMessage(EventId = 13002, Level = LogLevel.Warning, Message = "Message {OperationId} refused for good")]
    public static partial void Refused(this ILogger logger, string operationId);
}
