using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Event ids 1000–1999.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information, Message = "Detected {Count} changed opportunities between {From} and {To}; {Repeated} were known from the overlap")]
    public static partial void Detected(this ILogger logger, int count, Instant from, Instant to, int repeated);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "Another host moved watermark {Name} first; this poll enqueued nothing that gets lost")]
    public static partial void WatermarkMoved(this ILogger logger, string name);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Backfill since {Since}: {Queued} opportunities enqueued by this run, {Done} in all")]
    public static partial void BackfillFinished(this ILogger logger, LocalDate since, long queued, long done);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "Backfill begins again with a fresh list in place of query job {JobId}: {Reason}")]
    public static partial void BackfillListLost(this ILogger logger, string jobId, string reason);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Information, Message = "Contract {OpportunityId} billed as version {Version}")]
    public static partial void Applied(this ILogger logger, SalesforceId opportunityId, string version);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Information, Message = "Contract {OpportunityId} refused: {Codes}")]
    public static partial void Refused(this ILogger logger, SalesforceId opportunityId, string codes);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Information, Message = "Contract {OpportunityId} is on hold")]
    public static partial void OnHold(this ILogger logger, SalesforceId opportunityId);

    [LoggerMessage(EventId = 1013, Level = LogLevel.Debug, Message = "Contract {OpportunityId} is unchanged")]
    public static partial void Unchanged(this ILogger logger, SalesforceId opportunityId);

    [LoggerMessage(EventId = 1014, Level = LogLevel.Warning, Message = "Opportunity {OpportunityId} was reopened although Stripe bills it; billing goes on")]
    public static partial void Reopened(this ILogger logger, SalesforceId opportunityId);

    [LoggerMessage(EventId = 1015, Level = LogLevel.Warning, Message = "Opportunity {OpportunityId} cannot be read any more; billed: {Billed}")]
    public static partial void Gone(this ILogger logger, SalesforceId opportunityId, bool billed);

    [LoggerMessage(EventId = 1016, Level = LogLevel.Information, Message = "Contract {OpportunityId} is being applied in another version; looking again later")]
    public static partial void Busy(this ILogger logger, SalesforceId opportunityId);

    [LoggerMessage(EventId = 1046, Level = LogLevel.Information, Message = "Contract {OpportunityId} waits: its account's customer is being created for a deal in another currency")]
    public static partial void CustomerBeingCreated(this ILogger logger, SalesforceId opportunityId);

    [LoggerMessage(EventId = 1017, Level = LogLevel.Debug, Message = "Opportunity {OpportunityId} is not won; nothing to do")]
    public static partial void NotWon(this ILogger logger, SalesforceId opportunityId);

    [LoggerMessage(EventId = 1018, Level = LogLevel.Information, Message = "Amendment {OpportunityId} waits for contract {OriginalId} to be handled first")]
    public static partial void AwaitsOriginal(this ILogger logger, SalesforceId opportunityId, SalesforceId originalId);

    [LoggerMessage(EventId = 1020, Level = LogLevel.Warning, Message = "Salesforce refused the write-back on {Object} {RecordId}: {Code}")]
    public static partial void WriteBackRefused(this ILogger logger, string @object, string recordId, string code);

    [LoggerMessage(EventId = 1021, Level = LogLevel.Information, Message = "Salesforce was too busy for the write-back on {Object} {RecordId} ({Code}); it comes again")]
    public static partial void WriteBackBusy(this ILogger logger, string @object, string recordId, string code);

    [LoggerMessage(EventId = 1022, Level = LogLevel.Information, Message = "Written back: {Written}; refused: {Refused}; to come again: {Busy}")]
    public static partial void WrittenBack(this ILogger logger, int written, int refused, int busy);

    [LoggerMessage(EventId = 1023, Level = LogLevel.Warning, Message = "Salesforce has no object {Object}: what is owed to it waits until the Hub's package is installed")]
    public static partial void MirrorMissing(this ILogger logger, string @object);

    [LoggerMessage(EventId = 1024, Level = LogLevel.Warning, Message = "Contract {OpportunityId} of a batch is tried again alone: {Reason}")]
    public static partial void TriedAlone(this ILogger logger, SalesforceId opportunityId, string reason);

    [LoggerMessage(EventId = 1025, Level = LogLevel.Debug, Message = "Contract {OpportunityId} was changed by the Hub only")]
    public static partial void OwnChange(this ILogger logger, SalesforceId opportunityId);

    [LoggerMessage(EventId = 1040, Level = LogLevel.Information, Message = "Contracts with a proration, a credit or phases due: {Count}")]
    public static partial void AdjustmentsDue(this ILogger logger, int count);

    [LoggerMessage(EventId = 1041, Level = LogLevel.Information, Message = "Contract {OpportunityId}: adjustment {Key} issued as {StripeId}")]
    public static partial void Adjusted(this ILogger logger, SalesforceId opportunityId, string key, string stripeId);

    [LoggerMessage(EventId = 1045, Level = LogLevel.Information, Message = "Amendment {OpportunityId} waits until Stripe has issued the invoices of the day")]
    public static partial void BetweenDays(this ILogger logger, SalesforceId opportunityId);

    [LoggerMessage(EventId = 1042, Level = LogLevel.Warning, Message = "Contract {OpportunityId} was canceled in Stripe before adjustment {Key} took effect; it is not issued")]
    public static partial void AdjustmentWithheld(this ILogger logger, SalesforceId opportunityId, string key);

    [LoggerMessage(EventId = 1043, Level = LogLevel.Information, Message = "Contract {OpportunityId}: the invoice that adjustment {Key} credits is a draft; looking again later")]
    public static partial void AdjustmentTooEarly(this ILogger logger, SalesforceId opportunityId, string key);

    [LoggerMessage(EventId = 1044, Level = LogLevel.Information, Message = "Contract {OpportunityId} is not billed now; its adjustments wait for it")]
    public static partial void NothingToAdjust(this ILogger logger, SalesforceId opportunityId);

    [LoggerMessage(EventId = 1050, Level = LogLevel.Information, Message = "Signed document of opportunity {OpportunityId} compared: {Count} findings")]
    public static partial void DocumentChecked(this ILogger logger, SalesforceId opportunityId, int count);

    [LoggerMessage(EventId = 1030, Level = LogLevel.Warning, Message = "Outbound message refused ({Refusal}): {Reason}")]
    public static partial void OutboundMessageRefused(this ILogger logger, OutboundMessageRefusal refusal, string reason);
}
