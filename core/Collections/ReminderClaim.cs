using Hub.Core.Invoices;
using NodaTime;

namespace Hub.Core.Collections;

/// <summary>How a claim in the ledger tells its owner apart from a later attempt, also where the clock stands still.</summary>
public static class ReminderClaim
{
    private const string HandedBack = "handed back: ";

    /// <summary>Deterministic id of the message at the mail provider.</summary>
    public static string OperationId(string invoiceId, string step) => $"reminder-{invoiceId}-{step}";

    /// <param name="token">Names this attempt; anything that no other attempt has.</param>
    public static ReminderEntry New(Invoice invoice, string step, string token, Instant now) => new(
        invoice.CustomerId, invoice.Id, step, ReminderState.Claimed, OperationId(invoice.Id, step), token, now, null);

    /// <summary>The claim after its owner found, before handing anything over, that the step must wait.</summary>
    public static ReminderEntry HandBack(ReminderEntry entry, string reason) => entry with { Reason = HandedBack + reason };

    /// <summary>True when it is certain that nothing was handed to the mail provider under this claim.</summary>
    public static bool IsHandedBack(ReminderEntry entry) =>
        entry.State == ReminderState.Claimed && entry.Reason?.StartsWith(HandedBack, StringComparison.Ordinal) == true;
}
