using Microsoft.Extensions.Logging;

namespace Hub.Core.Audit;

internal static partial class Log
{
    [LoggerMessage(EventId = 7000, Level = LogLevel.Critical, Message = "Audit chain {Chain} is broken at entry {Seq}: {Kind}")]
    public static partial void ChainBroken(this ILogger logger, string chain, long? seq, string kind);
}
