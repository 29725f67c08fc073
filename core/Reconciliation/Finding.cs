using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>A part of a discrepancy, before parts of one kind and key are added up.</summary>
/// <param name="Why">The cause in one sentence.</param>
/// <param name="Period">Start of the period it shows in; null where it is about no period.</param>
public sealed record Finding(KindRule Kind, string Key, long Realised, long AtRisk, string Why, LocalDate? Period = null);

/// <summary>Turns findings into rows: adds up, ranks, names.</summary>
public static class DiscrepancyRows
{
    /// <summary>One row per kind and key; nothing where no money is left, unless the kind stands at zero.</summary>
    public static ImmutableArray<Discrepancy> Of(IEnumerable<Finding> findings, string? contract, string currency, ReconciliationOptions options) =>
    [
        .. findings
            .GroupBy(finding => (finding.Kind, finding.Key))
            .Select(parts => Row(parts.Key.Kind, parts.Key.Key, [.. parts], contract, currency, options))
            .Where(row => row.Kind.KeptAtZero || row.Row.Realised != 0 || row.Row.AtRisk != 0)
            .Select(row => row.Row),
    ];

    /// <summary>The impact in minor units of a two-decimal currency.</summary>
    /// <remarks>Without exchange rates one unit of any currency counts as one unit of the reporting currency: JPY 100 ranks like USD 100.00.</remarks>
    public static long Impact(long realised, long atRisk, string currency)
    {
        long larger = Math.Max(Math.Abs(realised), Math.Abs(atRisk));
        return LineAmount.Round((decimal)larger * 100 / Currency.Parse(currency).MinorUnitsPerUnit);
    }

    /// <summary>Stable id of a discrepancy: the same contract, kind and key have the same id in every run.</summary>
    public static string Id(string? contract, string kind, string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{contract}\n{kind}\n{key}")))[..32];

    private static (KindRule Kind, Discrepancy Row) Row(
        KindRule kind, string key, ImmutableArray<Finding> parts, string? contract, string currency, ReconciliationOptions options)
    {
        long realised = parts.Sum(part => part.Realised);
        long atRisk = parts.Sum(part => part.AtRisk);
        long impact = Impact(realised, atRisk, currency);
        Severity severity = Rank(kind, realised == 0 && atRisk == 0, impact, options);
        return (kind, new Discrepancy(
            Id(contract, kind.Code, key), kind.Code, contract, key, severity, realised, atRisk, currency, impact, kind.Auto, Why(parts)));
    }

    // A smaller value is more severe. First the floor, then the cap.
    private static Severity Rank(KindRule kind, bool nothing, long impact, ReconciliationOptions options)
    {
        Severity byAmount = impact switch
        {
            _ when impact >= options.SeverityCritical => Severity.Critical,
            _ when impact >= options.SeverityHigh => Severity.High,
            _ when impact >= options.SeverityMedium => Severity.Medium,
            _ => Severity.Low,
        };
        if (kind == Kinds.OrphanSubscription && nothing)
        {
            return Severity.Low;
        }

        Severity floored = kind.Floor is { } floor && floor < byAmount ? floor : byAmount;
        return kind.Cap is { } cap && cap > floored ? cap : floored;
    }

    private static string Why(ImmutableArray<Finding> parts)
    {
        string cause = (parts.FirstOrDefault(part => part.Realised != 0) ?? parts[0]).Why;
        LocalDate[] periods = [.. parts.Where(part => part.Realised != 0).Select(part => part.Period).OfType<LocalDate>().Distinct().Order()];
        return periods.Length switch
        {
            0 => cause,
            1 => string.Create(CultureInfo.InvariantCulture, $"{cause} It shows in the period from {Iso(periods[0])}."),
            _ => string.Create(CultureInfo.InvariantCulture, $"{cause} It shows in {periods.Length} periods, from {Iso(periods[0])} to {Iso(periods[^1])}."),
        };
    }

    private static string Iso(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}
