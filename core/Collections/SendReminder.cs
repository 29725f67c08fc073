using System.Collections.Immutable;
using Hub.Core.Audit;
using Hub.Core.Invoices;
using Hub.Core.Money;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Collections;

/// <summary>Sends one reminder at most once: claim, read again, check again, hand over, record, audit.</summary>
/// <remarks>
/// The ledger row is inserted before anything leaves and is never deleted. Whoever finds a claim of somebody else asks the mail provider
/// by the operation id what became of it; where the provider cannot tell, a person decides (docs/adr/0203-reminder-exactly-once.md).
/// </remarks>
public sealed class SendReminder(
    IStripeInvoices invoices,
    IReminderLedger ledger,
    IMailer mailer,
    IAuditLog audit,
    IOptions<CollectionsOptions> options,
    DateTimeZone billingZone,
    TimeProvider time,
    ILogger<SendReminder> log)
{
    private const string Actor = "SendReminder";

    // Once a message may have left, its bookkeeping gets time of its own: a stopping host must not turn a sent reminder into an unknown one.
    private static readonly TimeSpan BookkeepingTime = TimeSpan.FromSeconds(30);

    public async Task Handle(ReminderDue message, CancellationToken ct)
    {
        DunningTerms terms = options.Value.ToTerms(billingZone);
        Invoice? invoice = await invoices.Find(message.InvoiceId, ct);
        if (!options.Value.Enabled || invoice is null || terms.Steps.All(step => step.Key != message.Step))
        {
            log.ReminderDropped(message.InvoiceId, message.Step);
            return;
        }

        var reminder = new Reminder(terms, invoice, message.Step);
        IReadOnlyList<ReminderEntry> entries = await ledger.OfInvoice(invoice.CustomerId, invoice.Id, ct);
        ReminderEntry? known = entries.FirstOrDefault(entry => entry.Step == message.Step);
        ReminderEntry? ended = known is null ? await Begin(reminder, entries, ct) : await Resume(reminder, known, ct);
        if (ended is not null)
        {
            await Finish(reminder, ended, ct);
        }
    }

    /// <summary>No row yet: claim the step if it is due, and give it an end if it ended without a message.</summary>
    private async Task<ReminderEntry?> Begin(Reminder reminder, IReadOnlyList<ReminderEntry> entries, CancellationToken ct)
    {
        StepDecision? decision = Decide(reminder, entries);
        if (decision is not { Status: StepStatus.Due } && Ended(decision) is null)
        {
            log.ReminderWaits(reminder.Invoice.Id, reminder.Step, decision?.Reason);
            return null;
        }

        ReminderEntry claim = ReminderClaim.New(reminder.Invoice, reminder.Step, NewToken(), Now());
        ReminderEntry stored = await ledger.Claim(claim, ct);
        return stored.Reason == claim.Reason ? await HandOver(reminder, stored, ct) : await Resume(reminder, stored, ct);
    }

    /// <summary>There is a row: either the step has ended, or an earlier attempt did not get to the end.</summary>
    private async Task<ReminderEntry?> Resume(Reminder reminder, ReminderEntry known, CancellationToken ct)
    {
        if (known.State != ReminderState.Claimed)
        {
            return known;
        }

        MailStatus status = ReminderClaim.IsHandedBack(known) ? MailStatus.NotSent : await mailer.StatusOf(known.OperationId!, ct);
        return status switch
        {
            MailStatus.Sent => await Save(known, ReminderState.Sent, null, ct),
            MailStatus.NotSent when await TakeOver(known, ct) is { } mine => await HandOver(reminder, mine, ct),
            MailStatus.NotSent => null,
            _ => await Save(known, ReminderState.Unknown, "provider cannot tell", ct),
        };
    }

    // The claim stands: from here on only its owner may hand the message over, and only on facts read after the claim.
    private async Task<ReminderEntry?> HandOver(Reminder reminder, ReminderEntry claim, CancellationToken ct)
    {
        Invoice invoice = await invoices.Find(claim.InvoiceId, ct)
            ?? throw new InvalidOperationException($"Invoice {claim.InvoiceId} disappeared while a reminder for it was being sent.");
        reminder = reminder with { Invoice = invoice };
        IReadOnlyList<ReminderEntry> entries = await ledger.OfInvoice(claim.CustomerId, claim.InvoiceId, ct);
        StepDecision? decision = Decide(reminder, entries);
        if (decision is { Status: StepStatus.Due })
        {
            return await Send(reminder, decision, claim, ct);
        }

        if (Ended(decision) is { } state)
        {
            return await Save(claim, state, decision?.Reason, ct);
        }

        await ledger.TrySave(ReminderClaim.HandBack(claim, decision?.Reason ?? "not due"), ct);
        log.ReminderWaits(reminder.Invoice.Id, reminder.Step, decision?.Reason);
        return null;
    }

    private async Task<ReminderEntry?> Send(Reminder reminder, StepDecision decision, ReminderEntry claim, CancellationToken ct)
    {
        MailOutcome outcome = await mailer.Send(Message(reminder.Invoice, decision.Step, claim.OperationId!), ct);
        using var bookkeeping = new CancellationTokenSource(BookkeepingTime, time);
        return outcome is MailOutcome.Accepted
            ? await Save(claim, ReminderState.Sent, null, bookkeeping.Token)
            : await Save(claim, ReminderState.Cancelled, "undeliverable", bookkeeping.Token);
    }

    private MailMessage Message(Invoice invoice, DunningStep step, string operationId)
    {
        LocalDate due = invoice.DueAt!.Value.InZone(billingZone).Date;
        int daysOverdue = Period.DaysBetween(due, Now().InZone(billingZone).Date);
        var amount = new Amount(DunningPolicy.AmountAsked(invoice), invoice.Currency);
        return new MailMessage(operationId, invoice.CustomerEmail!, step.Template, new ReminderContent(
            invoice.CustomerName, invoice.Number ?? invoice.Id, amount, due, daysOverdue, invoice.HostedUrl));
    }

    // What follows from an end is derived from the row alone, so that a replay after a crash completes it with the same values.
    private async Task Finish(Reminder reminder, ReminderEntry ended, CancellationToken ct)
    {
        ImmutableArray<string> superseded = ended.State is ReminderState.Sent or ReminderState.Unknown
            ? await CloseLower(reminder, ended, ct)
            : [];
        string payload = CanonicalJson.Of(new
        {
            invoice = ended.InvoiceId,
            step = ended.Step,
            state = ended.State.ToString(),
            reason = ended.Reason,
            operation = ended.OperationId,
            superseded,
        });
        string action = ended.State == ReminderState.Sent ? "reminder.sent" : $"reminder.{ended.State.ToString().ToLowerInvariant()}";
        await audit.Append(new AuditEntry($"{ended.OperationId}-{ended.State}", Actor, action, ended.InvoiceId, payload), ct);
        Report(ended);
    }

    private async Task<ImmutableArray<string>> CloseLower(Reminder reminder, ReminderEntry ended, CancellationToken ct)
    {
        // Rows this very reminder closed are left out, so that a replay finds the same steps again.
        IReadOnlyList<ReminderEntry> entries = await ledger.OfInvoice(ended.CustomerId, ended.InvoiceId, ct);
        ReminderEntry[] others = [.. entries.Where(entry => entry.State != ReminderState.Superseded || entry.Reason != ended.Step)];
        ImmutableArray<StepDecision> lower =
        [
            .. DunningPolicy.Evaluate(reminder.Terms, reminder.Invoice with { Status = InvoiceStatus.Open }, others, billingZone, ended.At)
                .Where(decision => decision.Status == StepStatus.Superseded && decision.Reason == ended.Step),
        ];
        foreach (StepDecision decision in lower)
        {
            await Supersede(reminder.Invoice, decision.Step.Key, ended, ct);
        }

        return [.. lower.Select(decision => decision.Step.Key)];
    }

    private async Task Supersede(Invoice invoice, string step, ReminderEntry by, CancellationToken ct)
    {
        ReminderEntry row = ReminderClaim.HandBack(ReminderClaim.New(invoice, step, "", by.At), "superseded");
        ReminderEntry stored = await ledger.Claim(row, ct);
        if (ReminderClaim.IsHandedBack(stored))
        {
            await ledger.TrySave(stored with { State = ReminderState.Superseded, Reason = by.Step }, ct);
        }
    }

    private async Task<ReminderEntry?> TakeOver(ReminderEntry known, CancellationToken ct)
    {
        ReminderEntry mine = known with { Reason = NewToken(), At = Now() };
        return await ledger.TrySave(mine, ct) ? await Stored(mine, ct) : null;
    }

    // The owner knows best: its result replaces what another attempt may have concluded meanwhile, but a sent reminder stays sent.
    private async Task<ReminderEntry?> Save(ReminderEntry entry, ReminderState state, string? reason, CancellationToken ct)
    {
        const int attempts = 5;
        ReminderEntry current = entry;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            ReminderEntry saved = current with { State = state, Reason = reason, At = Now() };
            if (await ledger.TrySave(saved, ct))
            {
                return saved;
            }

            current = await Stored(entry, ct);
            if (current.State == ReminderState.Sent || (current.State != ReminderState.Claimed && state != ReminderState.Sent))
            {
                return current;
            }
        }

        throw new InvalidOperationException($"The ledger row of {entry.InvoiceId}:{entry.Step} kept changing.");
    }

    private async Task<ReminderEntry> Stored(ReminderEntry entry, CancellationToken ct) =>
        (await ledger.OfInvoice(entry.CustomerId, entry.InvoiceId, ct)).First(row => row.Step == entry.Step);

    private StepDecision? Decide(Reminder reminder, IReadOnlyList<ReminderEntry> entries) => DunningPolicy
        .Evaluate(reminder.Terms, reminder.Invoice, [.. entries.Where(entry => entry.Step != reminder.Step)], billingZone, Now())
        .FirstOrDefault(decision => decision.Step.Key == reminder.Step);

    private static ReminderState? Ended(StepDecision? decision) => decision?.Status switch
    {
        StepStatus.Superseded => ReminderState.Superseded,
        StepStatus.Expired => ReminderState.Expired,
        StepStatus.Cancelled => ReminderState.Cancelled,
        StepStatus.NotApplicable => ReminderState.NotApplicable,
        _ => null,
    };

    private void Report(ReminderEntry ended)
    {
        if (ended.State == ReminderState.Unknown)
        {
            log.ReminderUnknown(ended.InvoiceId, ended.Step);
        }
        else
        {
            log.ReminderEnded(ended.InvoiceId, ended.Step, ended.State);
        }
    }

    private static string NewToken() => Guid.NewGuid().ToString("N");

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    private sealed record Reminder(DunningTerms Terms, Invoice Invoice, string Step);
}
