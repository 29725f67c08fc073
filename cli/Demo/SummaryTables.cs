using System.Globalization;
using Hub.Core.Money;
using Spectre.Console;

namespace Hub.Cli.Demo;

/// <summary>The summary as people read it.</summary>
internal static class SummaryTables
{
    public static IEnumerable<Table> Of(Summary summary)
    {
        yield return Rows("Deals", ["", "count"],
            [["planned", Number(summary.Deals.Planned)], ["refused", Number(summary.Deals.Refused)],
             .. summary.Deals.Findings.Select(finding => new[] { "  " + finding.Key, Number(finding.Value) }),
             ["schedules in Stripe", Number(summary.Schedules)]]);
        yield return Rows("Invoices", ["currency", "status", "count", "amount"],
            from currency in summary.Invoices
            from status in currency.Value
            select new[] { currency.Key, status.Key, Number(status.Value.Count), Major(currency.Key, status.Value.Amount) });
        yield return Rows("Reminders", ["step", "sent"], summary.Reminders.OrderBy(step => Offset(step.Key)).Select(step => new[] { step.Key, Number(step.Value) }));
        yield return Rows("Discrepancies", ["kind", "count", "realised", "at risk"],
            summary.Discrepancies.Select(kind => new[] { kind.Key, Number(kind.Value.Count), Money(kind.Value.Realised), Money(kind.Value.AtRisk) }));
        yield return Rows("Proof", ["", ""],
            [["foot test", summary.FootOk ? "ok" : "FAILED"],
             ["audit trail", $"{Number(summary.Audit.Entries)} entries, {(summary.Audit.Ok ? "chains hold" : "BROKEN")}"],
             ["calls", $"Salesforce {Number(summary.Calls.Salesforce)} · Stripe {Number(summary.Calls.Stripe)} · storage {Number(summary.Calls.Storage)}"],
             ["seconds", summary.Seconds.ToString("0.0", CultureInfo.InvariantCulture)]]);
    }

    public static Table Urls(Stack stack, string runId) => Rows("Running", ["", ""],
        [["Hub API", $"{stack.HostUrl}api/health"],
         ["key (x-functions-key)", stack.FunctionKey],
         ["key of /admin", stack.MasterKey],
         ["reconciliation run", runId],
         ["sandbox", $"{stack.SandboxUrl}sandbox/clock"],
         ["messages", Relative(stack.Outbox)],
         ["logs", Relative(stack.Logs)]]);

    // Short enough for a narrow terminal when the command runs in its own checkout.
    private static string Relative(string folder) => Path.GetRelativePath(Environment.CurrentDirectory, folder) is var near && near.StartsWith("..", StringComparison.Ordinal)
        ? folder
        : near;

    private static Table Rows(string title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Title = new TableTitle(title), Border = TableBorder.Rounded };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        table.ShowHeaders = columns.Any(column => column.Length > 0);
        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        return table;
    }

    private static string Money(IReadOnlyDictionary<string, long> amounts) =>
        string.Join(" · ", amounts.Select(amount => $"{Major(amount.Key, amount.Value)} {amount.Key}"));

    // Minor units are for programs; people read 7,200.00.
    private static string Major(string code, long minorUnits)
    {
        Currency currency = Currency.Parse(code);
        return new Amount(minorUnits, currency).ToMajorUnits().ToString("N" + currency.Digits, CultureInfo.InvariantCulture);
    }

    // S-3 is three days before the due date, S14 fourteen after it; a step of another name comes last.
    private static int Offset(string step) => step is ['S', .. var days] && int.TryParse(days, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
