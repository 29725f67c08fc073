using Hub.Core.Collections;

namespace Hub.Core.Tests.Collections;

internal sealed class InMemoryLedger(Faults? faults = null) : IReminderLedger
{
    private int _version;

    public List<ReminderEntry> Rows { get; } = [];

    public Task<ReminderEntry> Claim(ReminderEntry claim, CancellationToken ct)
    {
        ReminderEntry? known = Rows.Find(row => row.InvoiceId == claim.InvoiceId && row.Step == claim.Step);
        if (known is null)
        {
            known = claim with { ETag = $"v{++_version}" };
            Rows.Add(known);
            faults?.After("claim");
        }

        return Task.FromResult(known);
    }

    public Task<bool> TrySave(ReminderEntry entry, CancellationToken ct)
    {
        int index = Rows.FindIndex(row => row.InvoiceId == entry.InvoiceId && row.Step == entry.Step);
        if (Rows[index].ETag != entry.ETag)
        {
            return Task.FromResult(false);
        }

        Rows[index] = entry with { ETag = $"v{++_version}" };
        faults?.After("ledger");
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<ReminderEntry>> OfInvoice(string customerId, string invoiceId, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<ReminderEntry>>([.. Rows.Where(row => row.InvoiceId == invoiceId && row.CustomerId == customerId)]);
}

/// <summary>A mail provider; <paramref name="keepsIds"/> tells whether it remembers operation ids, as plain SMTP does not.</summary>
internal sealed class InMemoryMailer(bool keepsIds, Faults? faults = null) : IMailer
{
    public List<MailMessage> Delivered { get; } = [];

    public bool Refuses { get; set; }

    /// <summary>What happens elsewhere while the first message is on its way.</summary>
    public Func<Task>? WhileSending { get; set; }

    public async Task<MailOutcome> Send(MailMessage message, CancellationToken ct)
    {
        if (WhileSending is { } elsewhere)
        {
            WhileSending = null;
            await elsewhere();
        }

        if (Refuses)
        {
            return new MailOutcome.Refused("no such mailbox");
        }

        if (!keepsIds || Delivered.TrueForAll(known => known.OperationId != message.OperationId))
        {
            Delivered.Add(message);
        }

        faults?.After("mail");
        return new MailOutcome.Accepted();
    }

    public Task<MailStatus> StatusOf(string operationId, CancellationToken ct) => Task.FromResult(
        !keepsIds ? MailStatus.Unknown : Delivered.Exists(known => known.OperationId == operationId) ? MailStatus.Sent : MailStatus.NotSent);
}
