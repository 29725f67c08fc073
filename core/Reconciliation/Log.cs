using Microsoft.Extensions.Logging;

namespace Hub.Core.Reconciliation;

internal static partial class Log
{
    [LoggerMessage(EventId = 5000, Level = LogLevel.Information, Message = "Reconciliation run {RunId} started by {Trigger}")]
    public static partial void RunStarted(this ILogger logger, string runId, string trigger);

    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "Run {RunId}: {Rows} rows of both books laid out")]
    public static partial void BooksExtracted(this ILogger logger, string runId, int rows);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Error, Message = "Run {RunId} is incomplete: the book of {Book} could not be read to the end; nothing is opened or closed")]
    public static partial void RunIncomplete(this ILogger logger, Exception exception, string runId, string book);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Information, Message = "Run {RunId}, shard {Shard}: {Contracts} contracts compared, {Discrepancies} discrepancies")]
    public static partial void ShardMatched(this ILogger logger, string runId, int shard, int contracts, int discrepancies);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Error, Message = "Run {RunId}: the differences of contract {ContractKey} do not add up to billed minus expected")]
    public static partial void FootBroken(this ILogger logger, string runId, string contractKey);

    [LoggerMessage(EventId = 5005, Level = LogLevel.Information, Message = "Run {RunId} closed: {Contracts} contracts, {WithRows} with discrepancies")]
    public static partial void RunClosed(this ILogger logger, string runId, int contracts, int withRows);

    [LoggerMessage(EventId = 5006, Level = LogLevel.Error, Message = "Run {RunId} closed with a failed foot test: its differences do not explain billed minus expected")]
    public static partial void FootFailed(this ILogger logger, string runId);
}
