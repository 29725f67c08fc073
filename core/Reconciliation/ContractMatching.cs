using System.Collections.Immutable;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>What comparing one contract gave.</summary>
/// <param name="Compared">False for a contract that takes no part in the totals.</param>
/// <param name="Currency">Lower case.</param>
/// <param name="Expected">Net of the due and the invoiced periods less concessions, minor units.</param>
/// <param name="Billed">Net of the final invoices less credit notes, minor units.</param>
/// <param name="FootOk">The realised differences add up to billed − expected.</param>
public sealed record ContractVerdict(
    ImmutableArray<Discrepancy> Rows, bool Compared, string Currency, long Expected, long Billed, bool FootOk);

/// <summary>Compares what one contract sold with what Stripe bills for it.</summary>
/// <remarks>
/// The order is part of the rules: a cause found early ends or suppresses later checks, so that one root cause is one row.
/// See docs/adr/0204-reconciliation-rules.md.
/// </remarks>
public static class ContractMatching
{
    public static ContractVerdict Match(ContractBooks books, MatchTerms terms)
    {
        ContractBooks ofMode = books.OfMode(terms.Options.Livemode).WithAmountsOffAsSold();
        return ofMode.Sold switch
        {
            null => Orphans.Of(ofMode, terms),
            { IsAmendment: true } sold => Nothing(sold, terms),
            { IsWon: false } sold => Reversed(ContractCase.Of(ofMode, sold, terms)),
            var sold when ofMode.Subscriptions.IsEmpty && ofMode.Invoices.IsEmpty => Missing(ContractCase.Of(ofMode, sold, terms)),
            { Unreadable: not [] } sold => Unreadable(ContractCase.Of(ofMode, sold, terms)),
            var sold => Compare(ContractCase.Of(ofMode, sold, terms)),
        };
    }

    private static ContractVerdict Nothing(SoldContract sold, MatchTerms terms) =>
        new([], false, sold.Currency ?? terms.Options.ReportingCurrency.ToLowerInvariant(), 0, 0, true);

    // 1. Ends the billing checks: nothing bills this contract.
    private static ContractVerdict Missing(ContractCase books)
    {
        long all = books.Charges.Sum(charge => charge.Net);
        bool early = books.Sold.ClosedOn is { } closed && !books.Terms.IsOver(closed, books.Terms.Options.SyncSlaDays);
        if (early || (books.Sold.Unreadable.IsEmpty && all == 0))
        {
            return Nothing(books.Sold, books.Terms);
        }

        long due = books.Charges.Where(charge => books.Terms.IsDue(charge.Date)).Sum(charge => charge.Net);
        string why = books.Sold.Unreadable.IsEmpty
            ? $"The contract is won but nothing in Stripe bills it; {books.Text(due)} of {books.Text(all)} are due."
            : $"The contract is won but nothing in Stripe bills it; what it should bill cannot be told: {string.Join(", ", books.Sold.Unreadable)}.";
        return Verdict(books, [new Finding(Kinds.MissingInBilling, books.Key, -due, due - all, Held(books, why))], due, 0);
    }

    private static string Held(ContractCase books, string why) => books.Sold.IsHeld ? why + " A person holds billing back." : why;

    // 12. What cannot be read cannot be compared.
    private static ContractVerdict Unreadable(ContractCase books)
    {
        string why = $"The contract is billed, but what was sold cannot be told: {string.Join(", ", books.Sold.Unreadable)}.";
        return Verdict(books, [new Finding(Kinds.InvalidSource, books.Sold.OpportunityId, 0, 0, why)], 0, 0) with { Compared = false };
    }

    // 7. Ends the billing checks: whatever is billed beyond the periods before the reversal is this row.
    private static ContractVerdict Reversed(ContractCase books)
    {
        if (books.Kept is not { } live)
        {
            return Nothing(books.Sold, books.Terms);
        }

        LocalDate reversed = books.Sold.ReversedOn ?? books.Terms.AsOf;
        long before = books.Charges.Where(charge => charge.Date < reversed && books.Terms.IsDue(charge.Date)).Sum(charge => charge.Net);
        long concessions = Concessions(books, []);
        long billed = books.BilledNet(books.Invoices) - books.Credited(books.Invoices);
        long after = billed - (before - concessions);
        string what = books.Sold.IsDeleted ? "was deleted" : "is no longer won";
        var finding = new Finding(
            Kinds.WonReversed, live.Id, after, live.OnePeriod(),
            $"The opportunity {what} since {Iso(reversed)}, but subscription {live.Id} goes on; {books.Text(after)} were billed for periods from that day.");
        return Verdict(books, [finding, .. Duplicates(books)], before - concessions, billed + ExtraNet(books));
    }

    private static ContractVerdict Compare(ContractCase books)
    {
        ImmutableArray<Finding> duplicates = [.. Duplicates(books)];
        if (OtherCurrency(books) is { } other)
        {
            return Verdict(books, [.. duplicates, CurrencyFinding(books, other)], Due(books) - Concessions(books, []), SameCurrencyBilled(books));
        }

        if (FrequencyRules.Mismatch(books) is { } frequency)
        {
            long billed = books.BilledNet(books.Invoices);
            long due = Due(books);
            ImmutableArray<Finding> rows = [.. duplicates, frequency with { Realised = billed - due }, .. TermRules.Of(books, false), .. Credits(books, [])];
            return Verdict(books, rows, due - Concessions(books, []), SameCurrencyBilled(books));
        }

        PeriodVerdict periods = PeriodRules.Of(books);
        ImmutableArray<Finding> findings =
        [
            .. duplicates,
            .. periods.Findings,
            .. TermRules.Of(books, periods.BilledAfterEnd),
            .. Credits(books, periods.CreditedWithDuplicates),
        ];
        return Verdict(books, findings, periods.Expected - Concessions(books, periods.CreditedWithDuplicates), SameCurrencyBilled(books));
    }

    // 6. Nothing else is raised for an extra subscription.
    private static IEnumerable<Finding> Duplicates(ContractCase books) => books.Extras.Select(extra =>
    {
        var invoices = books.ExtraInvoices.Where(invoice => invoice.SubscriptionId == extra.Id).ToList();
        long net = books.BilledNet(invoices) - books.Credited(invoices);
        return new Finding(
            Kinds.DuplicateSubscription, extra.Id, net, extra.OnePeriod(),
            $"Subscription {extra.Id} bills the contract a second time beside {books.Kept!.Id}; it has billed {books.Text(net)}.");
    });

    private static string? OtherCurrency(ContractCase books) => books.Invoices
        .Where(invoice => invoice.IsFinal())
        .Select(invoice => invoice.Currency.StripeCode)
        .Append(books.Kept?.Currency ?? books.Currency.StripeCode)
        .FirstOrDefault(code => !string.Equals(code, books.Currency.StripeCode, StringComparison.OrdinalIgnoreCase));

    // 13. Without a rate what was billed in the other currency counts as nothing.
    private static Finding CurrencyFinding(ContractCase books, string other) => new(
        Kinds.CurrencyMismatch, books.Key, books.BilledNet(books.Invoices) - books.Credited(books.Invoices) - (Due(books) - Concessions(books, [])), 0,
        $"The contract was sold in {books.Currency.Code} but is billed in {other.ToUpperInvariant()}; without a rate its invoices cannot be set against it.");

    // 35. A credit that names its adjustment is a concession; any other one has to be explained.
    private static IEnumerable<Finding> Credits(ContractCase books, ImmutableHashSet<string> counted)
    {
        HashSet<string> invoices = [.. books.Invoices.Select(invoice => invoice.Id)];
        return books.CreditNotes
            .Where(note => note.AdjustmentId is null && invoices.Contains(note.InvoiceId) && !counted.Contains(note.InvoiceId))
            .Select(note => new Finding(
                Kinds.CreditNoteUnmatched, note.Id, -note.Net, 0,
                $"Credit note {note.Id} of {books.Text(note.Net)} on invoice {note.InvoiceId} names no approved adjustment."));
    }

    private static long Concessions(ContractCase books, ImmutableHashSet<string> counted)
    {
        HashSet<string> invoices = [.. books.Invoices.Where(invoice => invoice.Currency == books.Currency).Select(invoice => invoice.Id)];
        return books.CreditNotes.Where(note => note.AdjustmentId is not null && invoices.Contains(note.InvoiceId) && !counted.Contains(note.InvoiceId)).Sum(note => note.Net);
    }

    private static long Due(ContractCase books) => books.Charges.Where(charge => books.Terms.IsDue(charge.Date)).Sum(charge => charge.Net);

    private static long SameCurrencyBilled(ContractCase books) =>
        books.BilledNet(books.Invoices) - books.Credited(books.Invoices) + ExtraNet(books);

    private static long ExtraNet(ContractCase books) => books.BilledNet(books.ExtraInvoices) - books.Credited(books.ExtraInvoices);

    private static ContractVerdict Verdict(ContractCase books, ImmutableArray<Finding> findings, long expected, long billed)
    {
        ImmutableArray<Discrepancy> rows = DiscrepancyRows.Of(findings, books.Key, books.Currency.StripeCode, books.Terms.Options);
        HashSet<string> explaining = [.. Kinds.All.Where(kind => kind.InFoot).Select(kind => kind.Code)];
        long explained = rows.Where(row => explaining.Contains(row.Kind)).Sum(row => row.Realised);
        return new ContractVerdict(rows, true, books.Currency.StripeCode, expected, billed, explained == billed - expected);
    }

    private static string Iso(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}
