using Microsoft.Extensions.Logging;

namespace Hub.Functions.Contracts;

internal static partial class Log
{
    [LoggerMessage(EventId = 1047, Level = LogLevel.Warning, Message = "{System} could not be read for a preview ({Code})")]
    public static partial void PreviewUnreadable(this ILogger logger, string system, string code, Exception e);
}
