using System.CommandLine;
using System.Globalization;
using Hub.Cli.Processes;

namespace Hub.Cli.Backfill;

/// <summary><c>hub backfill</c>: takes in the deals won since a date, or tells what would become of them. The host itself works, with the wiring it runs with.</summary>
internal static class BackfillCommand
{
    private const string DateForm = "yyyy-MM-dd";

    public static Command Create()
    {
        var since = new Option<string?>("--since") { Description = "First day whose won deals count, YYYY-MM-DD in the billing zone; deals won before are not touched." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Plan each deal, report, and write nothing anywhere." };
        var resume = new Option<bool>("--resume") { Description = "Go on with the backfill that was cut off last." };
        var limit = new Option<int?>("--limit") { Description = "Most opportunities to take this time; the next run goes on behind them." };
        var format = new Option<string>("--format") { Description = "json for programs, csv (one line per deal of a dry run) for spreadsheets, table for people.", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong("json", "csv", "table");
        since.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !DateOnly.TryParseExact(token.Value, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                result.AddError($"--since is '{token.Value}'; a date such as 2026-01-31 was expected.");
            }
        });
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int most) && most < 1)
            {
                result.AddError($"--limit is {most}; a whole number from 1 was expected.");
            }
        });
        var command = new Command("backfill", "Take in the deals won since a date (Salesforce bulk query), against your own settings.") { since, dryRun, resume, limit, format };
        command.Validators.Add(result =>
        {
            if (result.GetResult(since) is null && !result.GetValue(resume))
            {
                result.AddError("Name the cut-off date with --since YYYY-MM-DD, or go on with --resume.");
            }

            if (result.GetResult(since) is null && result.GetValue(dryRun))
            {
                result.AddError("--dry-run needs --since: it writes nothing, so there is nothing to go on with.");
            }
        });
        command.SetAction((parsed, ct) => HostProcess.Attached(
            ["--backfill", .. Given("--since", parsed.GetValue(since)), .. Flag("--dry-run", parsed.GetValue(dryRun)),
             .. Given("--limit", parsed.GetValue(limit)?.ToString(CultureInfo.InvariantCulture)), "--format", parsed.GetValue(format)!], ct));
        return command;
    }

    private static string[] Given(string name, string? value) => value is null ? [] : [name, value];

    private static string[] Flag(string name, bool given) => given ? [name] : [];
}
