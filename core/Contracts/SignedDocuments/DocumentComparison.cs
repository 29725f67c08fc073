using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Money;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>Reads a signed document and sets each term beside the deal's.</summary>
public static class DocumentComparison
{
    /// <summary>One check per term, in the order of <see cref="DocumentTerm"/>.</summary>
    /// <remarks>
    /// Pure. The patterns know the usual wordings only: what they do not know, and whatever leaves room, is not found. Source: docs/documents.md.
    /// </remarks>
    /// <param name="outcome">The plan of the deal, for the planned total; null when there is none.</param>
    public static ImmutableArray<TermCheck> Compare(string text, DealSnapshot deal, PlanOutcome? outcome, ContractsOptions options) =>
        new Comparing(new DocumentReading(text), deal, outcome is null ? null : PlanJson.PlanOf(outcome), options).All();

    /// <summary>The differences as problems of the records that hold the deal's values.</summary>
    /// <param name="title">Name of the document, as people know it.</param>
    public static ImmutableArray<Problem> Differences(string title, ImmutableArray<TermCheck> checks, ProblemSeverity severity) =>
    [
        .. checks.Where(check => check.Outcome == TermOutcome.Differs).Select(check => new Problem(
            ProblemCodes.DocumentDiffers, check.Record.Object, check.Record.Id, check.Field, check.Record.Text(check.Field),
            $"The document '{title}' states {Name(check.Term)} {check.Document}, the deal {check.Deal ?? "none"}: \"{check.Sentences.FirstOrDefault()}\"",
            $"Correct {check.Field} if the document is right, or attach the document that was signed last.")
        {
            Severity = severity,
        }),
    ];

    /// <summary>The term as people call it.</summary>
    public static string Name(DocumentTerm term) => term switch
    {
        DocumentTerm.Start => "the start",
        DocumentTerm.Term => "the term",
        DocumentTerm.Total => "the total",
        DocumentTerm.NetDays => "the payment term",
        DocumentTerm.AutoRenewal => "the renewal",
        DocumentTerm.NoticePeriod => "the notice period",
        DocumentTerm.Currency => "the currency",
        _ => "the PO number",
    };

    private sealed class Comparing(DocumentReading document, DealSnapshot deal, BillingPlan? plan, ContractsOptions options)
    {
        private const string NothingHeld = "the deal holds nothing to compare it with";

        private readonly DealFacts _facts = new DealReading(deal, DealType.New, null, options, new Problems()).Read();

        // What an amendment leaves empty is the contract's, which this opportunity does not hold.
        private readonly bool _amends = deal.Opportunity.Text(F.Opportunity.AmendsContract) is not null;

        public ImmutableArray<TermCheck> All() => [Start(), Term(), Total(), NetDays(), AutoRenewal(), NoticePeriod(), Currency(), PoNumber()];

        private SalesforceRecord Opportunity => deal.Opportunity;

        private TermCheck Start() => Check(
            DocumentTerm.Start, document.Start(), _facts.StartSource, Text(_facts.Start), Text,
            stated => _facts.Start is { } start ? (stated == start, null) : null);

        private TermCheck Term()
        {
            bool ofContract = deal.Contract is { } held && (held.Text(F.Contract.ContractTerm) ?? held.Text(F.Contract.EndDate)) is not null;
            ContractTerm? term = _facts.Term is { End: not null } known ? known : null;
            string? text = term is null ? null
                : term.WholeMonths is { } months ? $"{Problems.Text(months)} months, until {Text(term.LastDay)}" : $"until {Text(term.LastDay)}";
            return Check(
                DocumentTerm.Term, document.Term(), ofContract ? (deal.Contract!, F.Contract.ContractTerm) : (Opportunity, F.Opportunity.TermMonths), text, Text,
                stated => term is null ? null : SameLength(stated, term));
        }

        // Months and last day either both agree or both differ; where only one of them does, the document contradicts itself.
        private static (bool? Same, string? Reason) SameLength(DocumentLength stated, ContractTerm term)
        {
            bool? months = stated.Months is { } count ? count == term.WholeMonths : null;
            bool? last = stated.LastDay is { } day ? day == term.LastDay : null;
            return months is null || last is null || months == last ? (months ?? last, null)
                : (null, "the document's length and its last day do not both fit the deal's start");
        }

        private TermCheck Total()
        {
            decimal? planned = plan is not null && _facts.Term is not { End: null }
                ? plan.Invoices.SelectMany(invoice => invoice.Lines).Aggregate(Amount.Zero(plan.Currency), (sum, line) => line.Amount is { } amount ? sum + amount : sum).ToMajorUnits()
                : null;
            decimal? sold = new FieldReading(Opportunity, new Problems()).Number(F.Opportunity.Amount).Value;
            string?[] held = [planned is { } net ? $"{Price(net)} planned before tax" : null, sold is { } amount ? $"{Price(amount)} amount of the opportunity" : null];
            return Check(
                DocumentTerm.Total, document.Total(), (Opportunity, F.Opportunity.Amount), held.Any(value => value is not null) ? string.Join(", ", held.OfType<string>()) : null,
                stated => stated.ToString(), stated => SameTotal(stated, planned, sold));
        }

        private (bool? Same, string? Reason)? SameTotal(DocumentMoney stated, decimal? planned, decimal? sold)
        {
            if (_facts.Currency is not { } currency || (planned is null && sold is null))
            {
                return null;
            }

            // A sign alone may mean another currency, in which case the number proves nothing.
            bool elsewhere = !stated.Currencies.Contains(currency.Code);
            return elsewhere ? stated.Currency is null ? (null, "the sign beside the amount does not say which currency") : (false, null)
                : stated.Amount == planned ? (true, "the planned total before tax")
                : stated.Amount == sold ? (true, "the amount of the opportunity")
                : planned is null || _amends ? (null, planned is null ? "no total is planned for this deal" : "an amendment's document may state its own total or the contract's")
                : (false, null);
        }

        private TermCheck NetDays() => Check(
            DocumentTerm.NetDays, document.NetDays(), (Opportunity, F.Opportunity.PaymentTerms),
            _facts.NetDays is { } held ? Days(held) : null, Days,
            stated => _facts.NetDays is { } net ? (stated == net, null) : null);

        private TermCheck AutoRenewal() => Check(
            DocumentTerm.AutoRenewal, document.AutoRenewal(), (Opportunity, F.Opportunity.AutoRenew), Renews(_facts.AutoRenew), Renews,
            stated => _amends && !_facts.AutoRenew ? null : (stated == _facts.AutoRenew, null));

        private TermCheck NoticePeriod()
        {
            int? days = new FieldReading(Opportunity, new Problems()).Count(F.Opportunity.NoticeDays, 3650).Value;
            return Check(
                DocumentTerm.NoticePeriod, document.NoticePeriod(), (Opportunity, F.Opportunity.NoticeDays), days is { } held ? Days(held) : null,
                stated => stated.InDays ? Days(stated.Count) : $"{Problems.Text(stated.Count)} months",
                stated => days is null ? null : stated.InDays ? (stated.Count == days, null) : (null, "the document counts in months, the deal in days"));
        }

        private TermCheck Currency() => Check(
            DocumentTerm.Currency, document.Currency(_facts.Currency?.Code), (Opportunity, F.CurrencyIsoCode), _facts.Currency?.Code, stated => stated,
            stated => _facts.Currency is { } currency ? (stated == currency.Code, null) : null);

        private TermCheck PoNumber()
        {
            string? held = Opportunity.Text(F.Opportunity.PoNumber);
            return Check(
                DocumentTerm.PoNumber, document.PoNumber(), (Opportunity, F.Opportunity.PoNumber), held, stated => stated,
                stated => held is null ? _amends ? null : (false, null)
                    : PoComparer.Bare(stated) == PoComparer.Bare(held) ? (true, null)
                    : PoComparer.Misread(stated) == PoComparer.Misread(held) ? (null, "the two differ only in characters that scanners confuse")
                    : (false, null));
        }

        private static TermCheck Check<T>(
            DocumentTerm term, Reading<T> reading, (SalesforceRecord Record, string Field) source, string? held, Func<T, string> text,
            Func<T, (bool? Same, string? Reason)?> same)
        {
            if (reading is not Reading<T>.Found found)
            {
                var missing = (Reading<T>.NotFound)reading;
                return new(term, TermOutcome.NotFound, null, held, source.Record, source.Field, missing.Reason, missing.Sentences);
            }

            (bool? Same, string? Reason)? compared = same(found.Value);
            TermOutcome outcome = compared switch
            {
                null or { Same: null } => TermOutcome.NotCompared,
                { Same: true } => TermOutcome.Agrees,
                _ => TermOutcome.Differs,
            };
            return new(term, outcome, text(found.Value), held, source.Record, source.Field, compared is { } answer ? answer.Reason : NothingHeld, found.Sentences);
        }

        private string Price(decimal amount) => _facts.Currency is { } currency
            ? $"{currency.Code} {amount.ToString("F" + currency.Digits, CultureInfo.InvariantCulture)}"
            : Problems.Text(amount);

        private static string Days(int days) => string.Create(CultureInfo.InvariantCulture, $"{days} days");

        private static string Renews(bool renews) => renews ? "renews by itself" : "does not renew by itself";

        private static string Text(LocalDate date) => Problems.Text(date);

        private static string? Text(LocalDate? date) => date is { } day ? Problems.Text(day) : null;

        private static string Text(DocumentLength length) => string.Join(
            ", ", ((string?[])[length.Months is { } months ? $"{Problems.Text(months)} months" : null, length.LastDay is { } day ? $"until {Problems.Text(day)}" : null]).OfType<string>());
    }
}
