using Hub.Core.Invoices;
using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Collections;

/// <param name="Looked">Open invoices looked at.</param>
/// <param name="Enqueued">Reminders asked for.</param>
public sealed record PlannedReminders(int Looked, int Enqueued);

/// <summary>Asks for the reminders that are due now. Only messages are written: asking twice is harmless, the claim in the ledger decides.</summary>
public sealed class PlanReminders(
    IStripeInvoices invoices,
    IReminderLedger ledger,
    IQueueSender queue,
    IOptions<CollectionsOptions> options,
    DateTimeZone billingZone,
    TimeProvider time,
    ILogger<PlanReminders> log)
{
    // Longer than a queue keeps trying one message: a claim older than this has been given up by whoever made it.
    private static readonly Duration ClaimLife = Duration.FromHours(1);

    public async Task<PlannedReminders> Handle(CancellationToken ct)
    {
        var planned = new PlannedReminders(0, 0);
        if (!options.Value.Enabled)
        {
            return planned;
        }

        DunningTerms terms = options.Value.ToTerms(billingZone);
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        await foreach (Invoice invoice in invoices.OpenReceivables(ct))
        {
            bool asked = await Plan(terms, invoice, now, ct);
            planned = new PlannedReminders(planned.Looked + 1, planned.Enqueued + (asked ? 1 : 0));
        }

        log.RemindersPlanned(planned.Looked, planned.Enqueued);
        return planned;
    }

    private async Task<bool> Plan(DunningTerms terms, Invoice invoice, Instant now, CancellationToken ct)
    {
        // Most invoices have no ripe step even with an empty ledger; the ledger is read for the others only.
        if (DueStep(terms, invoice, [], now) is null)
        {
            return false;
        }

        IReadOnlyList<ReminderEntry> entries = await ledger.OfInvoice(invoice.CustomerId, invoice.Id, ct);
        if (DueStep(terms, invoice, entries, now) is not { } step || entries.Any(entry => InHand(entry, step, now)))
        {
            return false;
        }

        await queue.Send(CollectionQueues.Reminder, new ReminderDue(invoice.Id, step), null, ct);
        return true;
    }

    // The message that made the claim settles it; a second one would only ask the mail provider meanwhile. Where it never came to that (it went
    // to the poison queue), the step is asked for again: the provider knows what became of it, or a person is asked.
    private static bool InHand(ReminderEntry entry, string step, Instant now) =>
        entry.Step == step && entry.State == ReminderState.Claimed && !ReminderClaim.IsHandedBack(entry) && now - entry.At < ClaimLife;

    private string? DueStep(DunningTerms terms, Invoice invoice, IReadOnlyList<ReminderEntry> entries, Instant now)
    {
        var decisions = DunningPolicy.Evaluate(terms, invoice, entries, billingZone, now);
        if (decisions.FirstOrDefault(decision => decision.Reason == "no-address") is { } unreachable)
        {
            log.NoAddress(invoice.Id, unreachable.Step.Key);
        }

        return decisions.FirstOrDefault(decision => decision.Status == StepStatus.Due)?.Step.Key;
    }
}
