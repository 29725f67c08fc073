using Microsoft.Extensions.Logging;

namespace Hub.Salesforce;

/// <summary>Event ids 11000–11999. Never a token, a query text, a record's values or a person.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 11001, Level = LogLevel.Information, Message = "Salesforce sign-in for org {OrgId} at {Host}")]
    public static partial void SignedIn(this ILogger logger, string orgId, string host);

    [LoggerMessage(EventId = 11002, Level = LogLevel.Warning, Message = "Salesforce clock differs from this host's by {SkewSeconds} s")]
    public static partial void ClockSkew(this ILogger logger, long skewSeconds);

    [LoggerMessage(EventId = 11003, Level = LogLevel.Warning, Message = "Salesforce {Resource} answered {Code}; attempt {Attempt} repeats in {DelayMs} ms")]
    public static partial void Retrying(this ILogger logger, string resource, string code, int attempt, long delayMs);

    [LoggerMessage(EventId = 11004, Level = LogLevel.Error, Message = "Salesforce daily API allowance is used up; calls stay off until {Until}")]
    public static partial void LimitReached(this ILogger logger, DateTimeOffset until);

    [LoggerMessage(EventId = 11005, Level = LogLevel.Warning, Message = "Salesforce field {Object}.{Field} does not exist or is not visible; it is read as empty")]
    public static partial void FieldDropped(this ILogger logger, string @object, string field);

    [LoggerMessage(EventId = 11020, Level = LogLevel.Information, Message = "Salesforce query job {JobId} created")]
    public static partial void BulkCreated(this ILogger logger, string jobId);

    [LoggerMessage(EventId = 11021, Level = LogLevel.Information, Message = "Salesforce query job {JobId}: {State}")]
    public static partial void BulkState(this ILogger logger, string jobId, string state);

    [LoggerMessage(EventId = 11007, Level = LogLevel.Information, Message = "Salesforce query restarted after its last row: {Code}")]
    public static partial void QueryRestarted(this ILogger logger, string code);

    [LoggerMessage(EventId = 11008, Level = LogLevel.Warning, Message = "Salesforce field {Object}.{Field} does not exist or is not visible; it is not written")]
    public static partial void FieldNotWritten(this ILogger logger, string @object, string field);
}
