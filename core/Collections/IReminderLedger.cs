using NodaTime;

namespace Hub.Core.Collections;

/// <summary>What became of each dunning step of each invoice; the row is what makes a reminder leave at most once. Implemented by Hub.AzureStorage (table Reminder).</summary>
public interface IReminderLedger
{
    /// <summary>Inserts the claim (state <see cref="ReminderState.Claimed"/>), or returns the entry that is there already.</summary>
    Task<ReminderEntry> Claim(ReminderEntry claim, CancellationToken ct);

    /// <summary>Replaces the entry; false when somebody else changed it first.</summary>
    Task<bool> TrySave(ReminderEntry entry, CancellationToken ct);

    /// <summary>All entries of one invoice.</summary>
    Task<IReadOnlyList<ReminderEntry>> OfInvoice(string customerId, string invoiceId, CancellationToken ct);
}

public enum ReminderState
{
    /// <summary>Reserved; whether the message left is settled by asking the mail provider with the operation id.</summary>
    Claimed,
    Sent,
    Superseded,
    Expired,
    Cancelled,
    NotApplicable,

    /// <summary>Handed to a provider that cannot say whether it sent: a person decides, the Hub does not repeat it.</summary>
    Unknown,
}

/// <param name="OperationId">Deterministic id of the message at the mail provider.</param>
/// <param name="Reason">Why a step ended without a message; for superseded the key of the step that took its place.</param>
public sealed record ReminderEntry(
    string CustomerId,
    string InvoiceId,
    string Step,
    ReminderState State,
    string? OperationId,
    string? Reason,
    Instant At,
    string? ETag);
