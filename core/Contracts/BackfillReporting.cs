using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hub.Core.Money;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Contracts;

/// <summary>A backfill's report as JSON, as comma-separated lines, and in words.</summary>
public static class BackfillReporting
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Counts by outcome, totals by currency in minor units, findings by code, then every deal.</summary>
    public static string Json(BackfillReport report) => JsonSerializer.Serialize(
        new
        {
            since = Text(report.Since),
            dryRun = true,
            listed = report.Listed,
            complete = report.Complete,
            outcomes = Outcomes(report).ToDictionary(outcome => outcome.Name, outcome => outcome.Deals),
            totals = Totals(report).Select(total => new { currency = total.Currency, outcome = total.Outcome, deals = total.Deals, amount = total.Amount }),
            findings = Findings(report).Select(finding => new { code = finding.Code, deals = finding.Deals }),
            deals = report.Deals.Select(deal => new
            {
                opportunityId = deal.OpportunityId.Value,
                outcome = deal.Outcome,
                wonOn = Text(deal.WonOn),
                currency = deal.Currency,
                total = deal.Total,
                findings = deal.Findings.Select(problem => new
                {
                    code = problem.Code, @object = problem.Object, recordId = problem.RecordId, field = problem.Field, message = problem.Message, fix = problem.Fix,
                }),
            }),
        },
        Format);

    /// <summary>One line per deal; amounts are minor units, findings are codes. Ids, codes and numbers only: nothing a spreadsheet would run.</summary>
    public static string Csv(BackfillReport report) => report.Deals.Aggregate(
        new StringBuilder("opportunityId,wonOn,outcome,currency,total,findings\r\n"),
        (text, deal) => text.Append(CultureInfo.InvariantCulture, $"{deal.OpportunityId.Value},{Text(deal.WonOn)},{deal.Outcome},{deal.Currency},{deal.Total},{string.Join(' ', Codes(deal))}\r\n"))
        .ToString();

    /// <summary>The figures for people.</summary>
    public static string Summary(BackfillReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.Listed} opportunities won since {Text(report.Since)}{(report.Complete ? "" : $"; the first {report.Deals.Length} were looked at")}");
        foreach ((string name, int deals) in Outcomes(report))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {deals,7}  {name}");
        }

        foreach ((string currency, string outcome, int deals, long amount) in Totals(report))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {outcome,-9} {new Amount(amount, Currency.Parse(currency))} in {deals} contracts");
        }

        foreach ((string code, int deals) in Findings(report))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {deals,7}  {code}");
        }

        return text.ToString();
    }

    private static IEnumerable<(string Name, int Deals)> Outcomes(BackfillReport report) =>
        report.Deals.GroupBy(deal => deal.Outcome, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Count()));

    // Never a sum across currencies.
    private static IEnumerable<(string Currency, string Outcome, int Deals, long Amount)> Totals(BackfillReport report) =>
        from deal in report.Deals
        where deal is { Total: not null, Currency: not null }
        group deal by (deal.Currency, deal.Outcome) into same
        orderby same.Key.Currency, same.Key.Outcome
        select (same.Key.Currency, same.Key.Outcome, same.Count(), same.Sum(deal => deal.Total!.Value));

    private static IEnumerable<(string Code, int Deals)> Findings(BackfillReport report) =>
        report.Deals.SelectMany(Codes).GroupBy(code => code, StringComparer.Ordinal)
            .Select(group => (Code: group.Key, Deals: group.Count()))
            .OrderByDescending(finding => finding.Deals).ThenBy(finding => finding.Code, StringComparer.Ordinal);

    private static IEnumerable<string> Codes(BackfillDeal deal) => deal.Findings.Select(problem => problem.Code).Distinct(StringComparer.Ordinal);

    private static string? Text(LocalDate? date) => date is { } known ? LocalDatePattern.Iso.Format(known) : null;
}
