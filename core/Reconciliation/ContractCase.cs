using System.Collections.Immutable;
using Hub.Core.Invoices;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>One won contract beside what bills it, prepared for the rules.</summary>
/// <param name="Kept">The live subscription that counts; null when there is none.</param>
/// <param name="Extras">Further live subscriptions.</param>
/// <param name="Ended">Subscriptions and schedules that no longer bill.</param>
/// <param name="Invoices">Invoices of every status, those of the extras left out.</param>
/// <param name="Charges">The expected schedule, counted from the anchor.</param>
/// <param name="Anchor">First day the periods are counted from.</param>
/// <param name="End">First day after the contract, counted from the anchor; null: open-ended.</param>
internal sealed record ContractCase(
    SoldContract Sold,
    Currency Currency,
    BilledSubscription? Kept,
    ImmutableArray<BilledSubscription> Extras,
    ImmutableArray<BilledSubscription> Ended,
    ImmutableArray<Invoice> Invoices,
    ImmutableArray<Invoice> ExtraInvoices,
    ImmutableArray<BilledCreditNote> CreditNotes,
    ImmutableArray<ExpectedCharge> Charges,
    LocalDate Anchor,
    LocalDate? End,
    MatchTerms Terms)
{
    public string Key => Sold.Key;

    public ImmutableHashSet<string> ProductsNotCompared { get; } =
        [.. Sold.Lines.Where(line => line.Charge == SoldCharge.NotCompared).Select(line => line.ProductKey).Except(Sold.Lines.Where(line => line.Charge != SoldCharge.NotCompared).Select(line => line.ProductKey))];

    /// <param name="books">Books of the run's mode, with a readable or unreadable contract in them.</param>
    public static ContractCase Of(ContractBooks books, SoldContract sold, MatchTerms terms)
    {
        BilledSubscription[] live = [.. books.Subscriptions.Where(subscription => subscription.IsLive())];
        BilledSubscription? kept = Keep(live, sold);
        HashSet<string> extras = [.. live.Where(subscription => subscription != kept).Select(subscription => subscription.Id)];
        LocalDate start = sold.Start ?? sold.ClosedOn ?? terms.AsOf;
        LocalDate anchor = Anchored(books, kept, start, terms);
        string currency = sold.Currency ?? kept?.Currency ?? books.Invoices.FirstOrDefault()?.Currency.StripeCode ?? terms.Options.ReportingCurrency;
        return new ContractCase(
            sold,
            Currency.Parse(currency),
            kept,
            [.. live.Where(subscription => extras.Contains(subscription.Id))],
            [.. books.Subscriptions.Where(subscription => subscription.HasEnded())],
            [.. books.Invoices.Where(invoice => invoice.SubscriptionId is null || !extras.Contains(invoice.SubscriptionId))],
            [.. books.Invoices.Where(invoice => invoice.SubscriptionId is not null && extras.Contains(invoice.SubscriptionId))],
            books.CreditNotes,
            [.. ExpectedCharges.Of(sold, anchor, terms.AsOf), .. Renewals(books, sold, kept, anchor, terms)],
            anchor,
            sold.IsOnce ? null : sold.End?.PlusDays(Period.DaysBetween(start, anchor)),
            terms);
    }

    /// <summary>Net of the final invoices, metered lines left out; minor units of the contract's currency.</summary>
    public long BilledNet(IEnumerable<Invoice> invoices) => invoices
        .Where(invoice => invoice.IsFinal() && invoice.Currency == Currency)
        .Sum(invoice => invoice.Net - invoice.Lines.Where(line => line.ProductId is { } product && ProductsNotCompared.Contains(product)).Sum(line => line.Net()));

    /// <summary>Net of the credit notes on the invoices.</summary>
    public long Credited(IEnumerable<Invoice> invoices)
    {
        HashSet<string> ids = [.. invoices.Where(invoice => invoice.Currency == Currency).Select(invoice => invoice.Id)];
        return CreditNotes.Where(note => ids.Contains(note.InvoiceId)).Sum(note => note.Net);
    }

    public string ProductCode(string? productKey) =>
        Sold.Lines.FirstOrDefault(line => line.ProductKey == productKey)?.ProductCode ?? productKey ?? "no-product";

    public string Text(long minorUnits) => new Amount(minorUnits, Currency).ToString();

    // Periods are counted from where Stripe starts. A subscription that took over from one that had billed goes on with the periods of that one.
    private static LocalDate Anchored(ContractBooks books, BilledSubscription? kept, LocalDate start, MatchTerms terms)
    {
        bool StartsThen(BilledSubscription subscription) => terms.IsSameDate(start, terms.DateOf(subscription.StartDate));
        bool Billed(BilledSubscription subscription) => books.Invoices.Any(invoice => invoice.IsFinal() && invoice.SubscriptionId == subscription.Id);
        return kept is null || StartsThen(kept) || books.Subscriptions.Any(other => other.HasEnded() && StartsThen(other) && Billed(other))
            ? start
            : terms.DateOf(kept.StartDate);
    }

    // A contract renews itself as long as its subscription goes on.
    private static IEnumerable<ExpectedCharge> Renewals(ContractBooks books, SoldContract sold, BilledSubscription? kept, LocalDate anchor, MatchTerms terms)
    {
        if (kept is not null)
        {
            return ExpectedCharges.Renewals(sold, anchor, terms.AsOf.PlusDays(1));
        }

        LocalDate? ended = books.Subscriptions.Max(subscription => subscription.EndedAt) is { } instant ? terms.DateOf(instant) : null;
        return ExpectedCharges.Renewals(sold, anchor, ended).Where(charge => charge.Date < ended);
    }

    // The one Salesforce points to stays; else the earliest start, then the id.
    private static BilledSubscription? Keep(BilledSubscription[] live, SoldContract sold) => live
        .OrderBy(subscription => IsPointedTo(subscription, sold) ? 0 : 1)
        .ThenBy(subscription => subscription.StartDate)
        .ThenBy(subscription => subscription.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    private static bool IsPointedTo(BilledSubscription subscription, SoldContract sold) =>
        subscription.Id == sold.SubscriptionPointer || (subscription.ScheduleId is not null && subscription.ScheduleId == sold.SchedulePointer);
}
