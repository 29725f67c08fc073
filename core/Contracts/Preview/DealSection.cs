using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml.Linq;
using Hub.Core.Money;
using static Hub.Core.Contracts.Preview.Html;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts.Preview;

/// <summary>One opportunity's part of the page.</summary>
internal sealed class DealSection(ContractPreview preview, string id)
{
    private const int EvergreenMonths = 24;

    // Encoded once more where it is put into the page.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SalesforceRecord _opportunity = preview.Deal.Opportunity;

    /// <summary>How the deal is called on the page: its name, else its id.</summary>
    public string Name => _opportunity.Text("Name") ?? _opportunity.Id;

    public string Id => id;

    private bool IsWon => string.Equals(_opportunity.Text(F.Opportunity.IsWon), "true", StringComparison.OrdinalIgnoreCase);

    public XElement Section(bool first)
    {
        BillingPlan? plan = PlanJson.PlanOf(preview.Outcome);
        return E(
            "section",
            A("id", id), A("aria-labelledby", $"{id}-name"),
            E("h2", A("id", $"{id}-name"), first ? A("class", "first") : null, Value(Name)),
            Outcome(),
            Facts(plan),
            preview.Outcome switch
            {
                PlanOutcome.Rejected(var problems) => Findings("What has to be mended", problems),
                PlanOutcome.AwaitsApproval(_, var reasons) => Findings("Why it waits", reasons),
                _ => null,
            },
            plan is null ? null : Billing(plan),
            preview.Stripe is { } stripe ? Agreement(stripe) : null,
            preview.Outcome is PlanOutcome.Planned ? Steps() : null);
    }

    private XElement Outcome()
    {
        (string kind, string text) = preview.Outcome switch
        {
            PlanOutcome.Planned(var plan) => ("planned", $"{(IsWon ? "Will be" : "Would be")} billed as shown: {Wording.Count(plan.Invoices.Length, "invoice")}, together {plan.Total.Currency} {Wording.Text(plan.Total)}."),
            PlanOutcome.Unchanged(var plan) => ("unchanged", $"Stripe bills this already: {Wording.Count(plan.Invoices.Length, "invoice")}, together {plan.Total.Currency} {Wording.Text(plan.Total)}. A sync changes nothing."),
            PlanOutcome.Held(var reason) => ("held", reason),
            PlanOutcome.AwaitsApproval(var plan, _) => ("held", $"Waits for an approval, then billed as shown: {Wording.Count(plan.Invoices.Length, "invoice")}, together {plan.Total.Currency} {Wording.Text(plan.Total)}."),
            PlanOutcome.Rejected(var problems) => (
                "rejected", $"Cannot be billed yet: {Wording.Count(problems.Length, "finding")}. Nothing is billed until {(problems.Length == 1 ? "it is" : "all are")} mended."),
            _ => throw new InvalidOperationException($"Unknown outcome {preview.Outcome}."),
        };
        return E("p", A("class", $"outcome {kind}"), text, IsWon ? null : $" {NotWon()}");
    }

    private string NotWon() => preview.ProcessedOn is { } date
        ? $"The opportunity is not won; this is what it would come to if it were won on {Problems.Text(date)}."
        : "The opportunity is not won.";

    private XElement Facts(BillingPlan? plan) => E(
        "dl",
        Fact("Opportunity", _opportunity.Id),
        Fact("Account", preview.Deal.Account?.Text(F.Account.Name)),
        Fact("Stage", _opportunity.Text(F.Opportunity.StageName)),
        Fact("Processing date", preview.ProcessedOn is { } date ? Problems.Text(date) : null),
        plan is null ? null : PlanFacts(plan));

    private IEnumerable<XElement[]?> PlanFacts(BillingPlan plan)
    {
        yield return Fact("Contract", plan.Change is { } change
            ? $"{change.Type} from {Problems.Text(change.Effective)} on; shown is the whole contract {plan.OpportunityId} as it stands then, with what was billed before"
            : null);
        yield return Fact("Customer in Stripe", plan.Customer.Id is { } customer ? $"{customer} (exists already)" : "is created");
        yield return Fact("Invoices go to", plan.Customer.Email);
        (CollectionMethod Method, int? Days, ImmutableArray<CustomField> Fields)? terms = plan switch
        {
            { Schedule: { } schedule } => (schedule.CollectionMethod, schedule.DaysUntilDue, schedule.CustomFields),
            { StandaloneInvoice: { } invoice } => (invoice.CollectionMethod, invoice.DaysUntilDue, invoice.CustomFields),
            _ => null,
        };
        if (terms is { } stated)
        {
            yield return Fact("Collection", Wording.Method(stated.Method, stated.Days));
            foreach (CustomField field in stated.Fields)
            {
                yield return Fact(field.Name, field.Value);
            }
        }

        yield return Fact("At the end", plan.Schedule?.EndBehavior switch
        {
            EndBehavior.Cancel => "the subscription ends",
            EndBehavior.Release => "the subscription goes on and renews by itself",
            _ => null,
        });
        yield return Fact("Tax", PlannedTax.IsAutomatic(plan) ? "computed by Stripe on top of these amounts"
            : PlannedTax.RateOf(plan) is not { } rate ? null
            : preview.Billing.TaxRate is { } known && known.Id == rate ? $"{Problems.Text(known.Percentage)} %, {(known.Inclusive ? "contained in the prices" : "contained in the invoice amounts")} ({rate})"
            : $"rate {rate}, added by Stripe to these amounts unless prices contain it");
    }

    private static XElement[]? Fact(string name, string? value) => value is null ? null : [E("dt", name), E("dd", Value(value))];

    private static XElement Findings(string heading, ImmutableArray<Problem> problems) => E(
        "div",
        E("h3", heading),
        E("ol", A("class", "findings"), problems.Select(problem => E(
            "li",
            E("p", Value(problem.Message)),
            E("p", A("class", "fix"), Value(problem.Fix)),
            E(
                "p", A("class", "muted"), "Field ", E("code", Value($"{problem.Object}.{problem.Field}")), " of record ", E("code", Value(problem.RecordId)),
                problem.Value is { } value ? (object[])[", now ", E("q", Value(value))] : ", now empty", " · ", E("code", problem.Code))))));

    private IEnumerable<XElement?> Billing(BillingPlan plan)
    {
        if (Timeline.Of(plan, $"{id}-timeline") is { } picture)
        {
            yield return E("h3", "Timeline");
            yield return E(
                "figure",
                E("div", A("class", "scroll"), A("tabindex", "0"), A("role", "region"), A("aria-label", "Timeline, scrolls sideways"), picture),
                E("figcaption", "Above the phases, below them what each product bills, at the bottom the invoices; hatched months are free."));
            yield return Phases(plan, plan.Schedule!.Phases);
        }

        yield return E("h3", "Totals per year");
        yield return Years(plan);
        yield return E("h3", "Every invoice");
        if (plan.Schedule is { EndBehavior: EndBehavior.Release })
        {
            yield return E("p", string.Create(CultureInfo.InvariantCulture, $"The contract goes on; without a stated end the invoices of the first {EvergreenMonths} months are listed."));
        }

        yield return Invoices(plan);
    }

    private XElement Phases(BillingPlan plan, ImmutableArray<Phase> phases) => Table(
        $"{id}-phases", "Phases, amounts per billing period", ["Phase", "First day", "Last day", "Bills"], ["", "date", "date", ""],
        phases.Select((phase, at) => E(
            "tbody",
            E(
                "tr",
                E("td", string.Create(CultureInfo.InvariantCulture, $"{at + 1}")),
                E("td", A("class", "date"), Problems.Text(phase.Start)),
                E("td", A("class", "date"), Problems.Text(phase.End.PlusDays(-1))),
                E(
                    "td",
                    phase.TrialEnd is null ? null : E("p", "Free of charge; billing begins the day after."),
                    phase.Items.Select(item => E("p", Value(item.ProductCode), $": {Wording.Content(item, plan.Currency)}")),
                    phase.OneTime.Select(item => E("p", Value(item.ProductCode), $": {Wording.Content(item, plan.Currency)}")))))));

    private static XElement Years(BillingPlan plan) => E(
        "div",
        A("class", "scroll"),
        E(
            "table",
            E("caption", $"By invoice date, in {plan.Currency}{(plan.Invoices.Any(invoice => invoice.Lines.Any(line => line.Amount is null)) ? ", metered usage not included" : "")}"),
            E("thead", E("tr", Head("Year", ""), Head("Invoices", "num"), Head("Amount", "num"))),
            E("tbody", A("class", "years"), plan.Invoices.GroupBy(invoice => invoice.Date.Year).Select(year => E(
                "tr",
                E("th", A("scope", "row"), year.Key.ToString(CultureInfo.InvariantCulture)),
                E("td", A("class", "num"), year.Count().ToString(CultureInfo.InvariantCulture)),
                Money(year.Aggregate(Amount.Zero(plan.Currency), (sum, invoice) => sum + invoice.Amount))))),
            E("tfoot", E("tr", E("th", A("scope", "row"), "Total"), E("td", A("class", "num"), plan.Invoices.Length.ToString(CultureInfo.InvariantCulture)), Money(plan.Total)))));

    private XElement Invoices(BillingPlan plan) => Table(
        $"{id}-invoices", $"Amounts in {plan.Currency}; lines after discount and before tax, invoices after both",
        ["Date", "Due", "Product", "How the amount comes about", "Line", "Invoice"], ["date", "date", "code", "why", "num", "num"],
        plan.Invoices.Select(invoice => E("tbody", invoice.Lines.Select((line, at) => InvoiceRow(invoice, line, at == 0)))));

    private static XElement InvoiceRow(PlannedInvoice invoice, PlannedInvoiceLine line, bool first)
    {
        string rows = invoice.Lines.Length.ToString(CultureInfo.InvariantCulture);
        return E(
            "tr",
            first ? E("th", A("scope", "rowgroup"), A("rowspan", rows), A("class", "date"), Problems.Text(invoice.Date)) : null,
            first ? E("td", A("rowspan", rows), A("class", "date"), invoice.Due is { } due ? Problems.Text(due) : invoice.CreditNote ? "credit note" : invoice.Amount.MinorUnits < 0 ? "credit" : "charged") : null,
            E("td", A("class", "code"), Value(line.ProductCode)),
            E("td", A("class", "why"), Value(line.Why)),
            line.Amount is { } amount ? Money(amount) : E("td", A("class", "num"), "as metered"),
            first ? InvoiceAmount(invoice, rows) : null);
    }

    // Usage is not known beforehand: an invoice of nothing else has no amount yet, any other grows by it.
    private static XElement InvoiceAmount(PlannedInvoice invoice, string rows)
    {
        bool usage = invoice.Lines.Any(line => line.Amount is null);
        return !usage ? Money(invoice.Amount, rows)
            : E("td", A("class", "num"), A("rowspan", rows), invoice.Lines.All(line => line.Amount is null) ? "as metered" : (object[])[Wording.Text(invoice.Amount), E("br"), "plus usage"]);
    }

    private static XElement Agreement(StripeAgreement stripe) => E(
        "div",
        E("h3", "Stripe's own preview of the first invoice"),
        stripe.Agrees switch
        {
            true => E("p", "Stripe prices the first invoice as planned."),
            false => E("p", A("class", "outcome rejected"), "Stripe prices the first invoice differently. Do not sign before somebody has looked at it."),
            null => E("p", "Not compared: ", Value(stripe.Reason ?? "")),
        },
        stripe.Differences.IsEmpty ? null : E("ul", stripe.Differences.Select(difference => E("li", Value(difference.Message)))));

    private XElement Steps() => E(
        "details",
        E("summary", $"{Wording.Count(preview.Steps.Length, "Stripe call")} that a sync would make"),
        E("p", A("class", "muted"), "None of them was made. A value such as $1.id is what an earlier call returns."),
        E("ol", preview.Steps.Select(step => E(
            "li",
            E("p", E("code", step.Operation), step.Id is { } of ? $" of {of}" : "", E("br"), E("span", A("class", "muted"), "Idempotency key ", E("code", step.IdempotencyKey))),
            E("pre", JsonSerializer.Serialize(step.Params, Readable))))));

    private static XElement Table(string id, string caption, string[] heads, string[] classes, IEnumerable<XElement> bodies) => E(
        "div",
        A("class", "scroll"), A("tabindex", "0"), A("role", "region"), A("aria-labelledby", id),
        E("table", E("caption", A("id", id), caption), E("thead", E("tr", heads.Zip(classes, Head))), bodies));

    private static XElement Head(string text, string kind) => E("th", A("scope", "col"), kind.Length == 0 ? null : A("class", kind), text);

    private static XElement Money(Amount amount, string? rows = null) =>
        E("td", A("class", amount.MinorUnits < 0 ? "num credit" : "num"), rows is null ? null : A("rowspan", rows), Wording.Text(amount));
}
