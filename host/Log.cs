namespace Hub.Host;

/// <summary>The host's log entries; event ids 9000 to 9999.</summary>
internal static partial class Log
{
    private static readonly Func<ILogger, string, string, IDisposable?> Invocation =
        LoggerMessage.DefineScope<string, string>("function {Function} invocation {InvocationId}");

    public static IDisposable? InvocationScope(this ILogger log, string function, string invocationId) => Invocation(log, function, invocationId);

    [LoggerMessage(EventId = 9001, Level = LogLevel.Error, Message = "Function {Function} failed, invocation {InvocationId}")]
    public static partial void FunctionFailed(this ILogger log, Exception failure, string function, string invocationId);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Information, Message = "Host started in {Mode} mode with {Functions} functions, {Disabled} switched off")]
    public static partial void HostStarted(this ILogger log, string mode, int functions, int disabled);

    [LoggerMessage(EventId = 9003, Level = LogLevel.Information, Message = "Stopping: no new work is taken, {Running} invocations may finish within {Bound}")]
    public static partial void Draining(this ILogger log, int running, TimeSpan bound);

    [LoggerMessage(EventId = 9004, Level = LogLevel.Warning, Message = "Stopping: {Running} invocations did not finish in time and are cancelled")]
    public static partial void DrainEnded(this ILogger log, int running);

    [LoggerMessage(EventId = 9005, Level = LogLevel.Information, Message = "Function keys for local use are kept in {File}")]
    public static partial void KeysKept(this ILogger log, string file);

    [LoggerMessage(EventId = 9006, Level = LogLevel.Error, Message = "A listener of {Function} ended unexpectedly")]
    public static partial void ListenerEnded(this ILogger log, Exception failure, string function);

    [LoggerMessage(EventId = 9101, Level = LogLevel.Warning, Message = "Queue {Queue} could not be read: {Reason}")]
    public static partial void QueueUnreadable(this ILogger log, string queue, string reason);

    [LoggerMessage(EventId = 9102, Level = LogLevel.Warning, Message = "Message {MessageId} of queue {Queue} moved to the poison queue after {DequeueCount} attempts: {Reason}")]
    public static partial void MessagePoisoned(this ILogger log, string queue, string messageId, long dequeueCount, string reason);

    [LoggerMessage(EventId = 9103, Level = LogLevel.Warning, Message = "Message {MessageId} of queue {Queue} could not be settled and will be seen again: {Reason}")]
    public static partial void MessageUnsettled(this ILogger log, string queue, string messageId, string reason);

    [LoggerMessage(EventId = 9104, Level = LogLevel.Warning, Message = "Message {MessageId} of queue {Queue} could not be kept invisible: {Reason}")]
    public static partial void RenewalFailed(this ILogger log, string queue, string messageId, string reason);

    [LoggerMessage(EventId = 9201, Level = LogLevel.Information, Message = "Timer {Function} is next due at {Next:O}")]
    public static partial void TimerArmed(this ILogger log, string function, DateTimeOffset next);

    [LoggerMessage(EventId = 9202, Level = LogLevel.Warning, Message = "Timer {Function} could not reach its record: {Reason}")]
    public static partial void TimerRecordUnreachable(this ILogger log, string function, string reason);

    [LoggerMessage(EventId = 9203, Level = LogLevel.Warning, Message = "Timer {Function} lost its lease while running; another host may run it too")]
    public static partial void TimerLeaseLost(this ILogger log, string function);

    [LoggerMessage(EventId = 9301, Level = LogLevel.Error, Message = "A call of function {Function} could not be read: {Reason}")]
    public static partial void EnvelopeUnreadable(this ILogger log, string function, string reason);

    [LoggerMessage(EventId = 9401, Level = LogLevel.Warning, Message = "The followed clock did not answer: {Reason}")]
    public static partial void ClockUnreachable(this ILogger log, string reason);
}
