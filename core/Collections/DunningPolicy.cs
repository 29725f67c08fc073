using System.Collections.Immutable;
using Hub.Core.Invoices;
using NodaTime;

namespace Hub.Core.Collections;

/// <summary>Which reminder of an invoice is due now, and what becomes of the other steps.</summary>
/// <remarks>
/// Until customers have a zone and a calendar of their own, both are the billing zone and every weekday. The numbered rules are the
/// product's (docs/adr/0202-dunning-steps.md).
/// </remarks>
public static class DunningPolicy
{
    /// <summary>Decides every step of the ladder; empty for an invoice that is not chased (no due date, a draft, or charged automatically).</summary>
    /// <param name="ledger">Entries of this invoice; a claimed entry is judged like one that does not exist.</param>
    /// <param name="zone">Turns the due instant into a date and gives the local time of the slot.</param>
    public static ImmutableArray<StepDecision> Evaluate(
        DunningTerms terms, Invoice invoice, IReadOnlyCollection<ReminderEntry> ledger, DateTimeZone zone, Instant now)
    {
        if (!invoice.SentToCustomer || invoice.Status == InvoiceStatus.Draft || invoice.DueAt is not { } dueAt)
        {
            return [];
        }

        LocalDate due = dueAt.InZone(zone).Date;
        var facts = new Facts(terms, invoice, due, zone, now);
        ImmutableArray<StepDecision> alone = [.. terms.Steps.Select(step => Alone(facts, step, EntryOf(ledger, step)))];
        return Rank(facts, alone, ledger);
    }

    /// <summary>What the message asks for: what remains, less what is disputed (R15). Minor units.</summary>
    public static long AmountAsked(Invoice invoice) => invoice.AmountRemaining - invoice.Disputed;

    /// <summary>When a step is ripe (R2–R4): the due date and n calendar days, rolled to a business day, at the step's local time.</summary>
    public static Instant PlannedAt(DunningTerms terms, DunningStep step, LocalDate due, DateTimeZone zone)
    {
        LocalDate nominal = due.PlusDays(step.OffsetDays);
        int direction = step.OffsetDays < 0 ? -1 : 1;
        while (!IsBusinessDay(terms, nominal))
        {
            nominal = nominal.PlusDays(direction);
        }

        // A local time that does not exist shifts forward by the gap; one that comes twice means the first.
        return nominal.At(step.SendTime).InZoneLeniently(zone).ToInstant();
    }

    private static StepDecision Alone(Facts facts, DunningStep step, ReminderEntry? entry)
    {
        Instant planned = PlannedAt(facts.Terms, step, facts.Due, facts.Zone);
        (StepStatus status, string? reason) = entry is { State: not ReminderState.Claimed }
            ? (StepStatus.Done, entry.State.ToString())
            : Open(facts, step, planned);
        return new StepDecision(step, planned, status, reason);
    }

    private static (StepStatus Status, string? Reason) Open(Facts facts, DunningStep step, Instant planned) => facts.Invoice.Status switch
    {
        InvoiceStatus.Paid => (StepStatus.Cancelled, "paid"),
        InvoiceStatus.Void => (StepStatus.Cancelled, "void"),
        InvoiceStatus.Uncollectible => (StepStatus.Cancelled, "uncollectible"),
        _ when planned < Entry(facts) => (StepStatus.NotApplicable, null),
        _ when Expires(facts, step, planned) is { } end && facts.Now >= end => (StepStatus.Expired, null),
        _ when planned > facts.Now => (StepStatus.Planned, null),
        _ => (StepStatus.Due, null),
    };

    // R10: the invoice enters when it is finalised, or when the Hub is switched on for it if that is later.
    private static Instant Entry(Facts facts)
    {
        Instant finalised = facts.Invoice.FinalizedAt ?? facts.Invoice.Created;
        return facts.Terms.SwitchedOn is { } switchedOn ? Instant.Max(finalised, switchedOn) : finalised;
    }

    // R9: before the due date until it begins, on the due date until its planned day ends, afterwards never.
    private static Instant? Expires(Facts facts, DunningStep step, Instant planned) => step.OffsetDays switch
    {
        < 0 => facts.Zone.AtStartOfDay(facts.Due).ToInstant(),
        0 => facts.Zone.AtStartOfDay(planned.InZone(facts.Zone).Date.PlusDays(1)).ToInstant(),
        _ => null,
    };

    // R8: the highest of several ripe steps leaves. A step that was ripe when a higher one left was superseded then.
    private static ImmutableArray<StepDecision> Rank(Facts facts, ImmutableArray<StepDecision> alone, IReadOnlyCollection<ReminderEntry> ledger)
    {
        int highest = alone.ToList().FindLastIndex(decision => decision.Status == StepStatus.Due);
        string? obstacle = Obstacle(facts);
        return [.. alone.Select((decision, index) => decision switch
        {
            { Status: not StepStatus.Due } => decision,
            _ when SupersededBefore(facts, decision, index, ledger) is { } taker => decision with { Status = StepStatus.Superseded, Reason = taker },
            _ when index < highest => decision with { Status = StepStatus.Superseded, Reason = alone[highest].Step.Key },
            _ when (obstacle ?? OutsideSlot(facts, decision.Step)) is { } reason => decision with { Status = StepStatus.HeldBack, Reason = reason },
            _ => decision,
        })];
    }

    private static string? SupersededBefore(Facts facts, StepDecision decision, int index, IReadOnlyCollection<ReminderEntry> ledger) => facts.Terms.Steps
        .Skip(index + 1)
        .FirstOrDefault(higher => EntryOf(ledger, higher) is { State: ReminderState.Sent or ReminderState.Unknown } entry && decision.PlannedAt <= entry.At)
        ?.Key;

    // R14: what keeps a ripe step back; the step stays ripe.
    private static string? Obstacle(Facts facts) => facts.Invoice switch
    {
        { Disputed: > 0 } => "disputed",
        _ when AmountAsked(facts.Invoice) <= facts.Terms.FloorMinorUnits => "below-floor",
        _ when facts.Invoice.Processing >= AmountAsked(facts.Invoice) => "payment-in-flight",
        { CustomerEmail: null or "" } => "no-address",
        _ => null,
    };

    // R5: local time in [sendTime, close) on a business day.
    private static string? OutsideSlot(Facts facts, DunningStep step)
    {
        LocalDateTime local = facts.Now.InZone(facts.Zone).LocalDateTime;
        bool open = IsBusinessDay(facts.Terms, local.Date)
            && local.TimeOfDay >= step.SendTime
            && (facts.Terms.Close is not { } close || local.TimeOfDay < close);
        return open ? null : "outside-slot";
    }

    private static bool IsBusinessDay(DunningTerms terms, LocalDate date) =>
        terms.WeekendsAreBusinessDays || date.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday);

    private static ReminderEntry? EntryOf(IReadOnlyCollection<ReminderEntry> ledger, DunningStep step) =>
        ledger.FirstOrDefault(entry => entry.Step == step.Key);

    private sealed record Facts(DunningTerms Terms, Invoice Invoice, LocalDate Due, DateTimeZone Zone, Instant Now);
}
