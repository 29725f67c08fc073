using Microsoft.Extensions.Logging;

namespace Hub.Core.Collections;

internal static partial class Log
{
    [LoggerMessage(EventId = 4000, Level = LogLevel.Information, Message = "{Looked} open invoices looked at, {Enqueued} reminders asked for")]
    public static partial void RemindersPlanned(this ILogger logger, int looked, int enqueued);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Reminder {InvoiceId}:{Step} ended: {State}")]
    public static partial void ReminderEnded(this ILogger logger, string invoiceId, string step, ReminderState state);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "Reminder {InvoiceId}:{Step} waits: {Reason}")]
    public static partial void ReminderWaits(this ILogger logger, string invoiceId, string step, string? reason);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "Reminder {InvoiceId}:{Step} dropped: reminders are off, or the invoice or the step is gone")]
    public static partial void ReminderDropped(this ILogger logger, string invoiceId, string step);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Error, Message = "Nobody can tell whether reminder {InvoiceId}:{Step} left; it is not repeated, a person must look")]
    public static partial void ReminderUnknown(this ILogger logger, string invoiceId, string step);

    [LoggerMessage(EventId = 4005, Level = LogLevel.Warning, Message = "Reminder {InvoiceId}:{Step} has no address to go to")]
    public static partial void NoAddress(this ILogger logger, string invoiceId, string step);
}
