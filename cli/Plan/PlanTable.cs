using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Books;
using Hub.Core.Contracts;
using NodaTime.Text;
using Spectre.Console;

namespace Hub.Cli.Plan;

/// <summary>The plan for people: one block per opportunity, invoices or findings.</summary>
internal static class PlanTable
{
    public static void Write(ImmutableArray<PlannedDeal> deals, TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        foreach (PlannedDeal deal in deals)
        {
            console.Write(Block(deal));
        }
    }

    private static Table Block(PlannedDeal deal) => deal.Outcome switch
    {
        PlanOutcome.Rejected(var problems) => Findings(Titled(deal, "cannot be billed"), problems),
        PlanOutcome.Held(var reason) => Titled(deal, "is held").AddColumn(Markup.Escape(reason)),
        PlanOutcome.Unchanged(var plan) => Invoices(Titled(deal, $"is billed already, {plan.Total}"), plan),
        PlanOutcome.Planned(var plan) => Invoices(Titled(deal, $"will be billed {plan.Total}"), plan),
        _ => throw new InvalidOperationException($"Unknown outcome {deal.Outcome}."),
    };

    private static Table Titled(PlannedDeal deal, string state) =>
        new Table().Title(Markup.Escape($"Opportunity {deal.Deal.Opportunity.Id} {state}")).Border(TableBorder.Rounded);

    private static Table Findings(Table table, ImmutableArray<Problem> problems)
    {
        // Names that somebody will look for stay in one piece, so two columns are all that fits a narrow terminal.
        table.ShowRowSeparators().AddColumn(new TableColumn("Finding").NoWrap()).AddColumn("Where, what is wrong and the way out");
        foreach (Problem problem in problems)
        {
            table.AddRow(
                Markup.Escape(problem.Code), Markup.Escape($"{problem.Object} {problem.RecordId}\n{problem.Field}\n{problem.Message}\n→ {problem.Fix}"));
        }

        return table;
    }

    private static Table Invoices(Table table, BillingPlan plan)
    {
        table.AddColumn("Invoice").AddColumn("Due").AddColumn(new TableColumn("Amount").RightAligned()).AddColumn("Lines");
        foreach (PlannedInvoice invoice in plan.Invoices)
        {
            table.AddRow(
                LocalDatePattern.Iso.Format(invoice.Date),
                invoice.Due is { } due ? LocalDatePattern.Iso.Format(due) : "–",
                Markup.Escape(invoice.Amount.ToString()),
                Markup.Escape(string.Join('\n', invoice.Lines.Select(Line))));
        }

        return table;
    }

    private static string Line(PlannedInvoiceLine line) => string.Create(
        CultureInfo.InvariantCulture, $"{line.ProductCode}: {line.Why} = {line.Amount?.ToString() ?? "as metered"}");
}
