using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Hub.Host.Backfill;

/// <summary>What <c>--backfill</c> is to do, as <c>./hub backfill</c> passes it on.</summary>
/// <param name="Since">Null: go on with the backfill that was cut off last.</param>
/// <param name="Format"><c>json</c>, <c>csv</c> or <c>table</c>.</param>
internal sealed record BackfillArguments(LocalDate? Since, bool DryRun, int? Limit, string Format)
{
    /// <returns>Null when an argument is not one of these.</returns>
    public static BackfillArguments? Read(IReadOnlyList<string> args)
    {
        var read = new BackfillArguments(null, false, null, "json");
        for (int at = 0; at < args.Count; at++)
        {
            BackfillArguments? next = (args[at], at + 1 < args.Count ? args[at + 1] : null) switch
            {
                ("--dry-run", _) => read with { DryRun = true },
                ("--resume", _) => read,
                ("--since", { } text) when LocalDatePattern.Iso.Parse(text) is { Success: true } date => read with { Since = date.Value },
                ("--limit", { } text) when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int most) && most > 0 => read with { Limit = most },
                ("--format", "json" or "csv" or "table") => read with { Format = args[at + 1] },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            read = next;
            at += args[at] is "--dry-run" or "--resume" ? 0 : 1;
        }

        return read;
    }
}
