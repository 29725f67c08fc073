namespace Hub.Sandbox.Stripe;

/// <summary>What the simulator logs.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 90_001, Level = LogLevel.Error, Message = "The sandbox failed to play {Operation}")]
    public static partial void Bug(this ILogger logger, Exception exception, string operation);

    [LoggerMessage(EventId = 90_002, Level = LogLevel.Error, Message = "A round of webhook deliveries broke off")]
    public static partial void RoundFailed(this ILogger logger, Exception exception);
}
