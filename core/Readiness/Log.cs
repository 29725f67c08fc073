using Microsoft.Extensions.Logging;

namespace Hub.Core.Readiness;

internal static partial class Log
{
    [LoggerMessage(EventId = 6000, Level = LogLevel.Error, Message = "{Count} message(s) in {Queue}")]
    public static partial void PoisonFound(this ILogger logger, string queue, int count);
}
