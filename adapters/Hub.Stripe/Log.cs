using Microsoft.Extensions.Logging;

namespace Hub.Stripe;

/// <summary>Event ids 12000–12999. Never a key, a request's parameters, an event's payload or a person.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 12001, Level = LogLevel.Warning, Message = "Stripe {Resource} answered {Status}; repeat {Attempt} in {DelayMs} ms")]
    public static partial void Repeating(this ILogger logger, string resource, int status, int attempt, long delayMs);

    [LoggerMessage(EventId = 12002, Level = LogLevel.Information, Message = "Stripe {Operation} created {Id}")]
    public static partial void Created(this ILogger logger, string operation, string id);

    [LoggerMessage(EventId = 12003, Level = LogLevel.Information, Message = "Stripe {Operation} had already created {Id}")]
    public static partial void FoundAgain(this ILogger logger, string operation, string id);

    [LoggerMessage(EventId = 12004, Level = LogLevel.Error, Message = "Stripe refused {Operation}: {Code} {Param}, request {RequestId}")]
    public static partial void StepRefused(this ILogger logger, string operation, string code, string param, string requestId);

    [LoggerMessage(EventId = 12005, Level = LogLevel.Warning, Message = "Stripe has no search for customers ({Code}, request {RequestId}); nobody is suggested before a customer is created")]
    public static partial void NoSearch(this ILogger logger, string code, string requestId);
}
