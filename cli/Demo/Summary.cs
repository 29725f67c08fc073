using System.Collections.Immutable;
using System.Text.Json;

namespace Hub.Cli.Demo;

/// <summary>What the story led to, in numbers; <c>hub demo --json</c> prints it in this shape.</summary>
/// <remarks>Amounts are minor units of the currency in the key. Everything but <see cref="Seconds"/> is the same for the same seed.</remarks>
internal sealed record Summary(
    int Seed,
    DealCounts Deals,
    int Schedules,
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, CountAndAmount>> Invoices,
    ImmutableSortedDictionary<string, int> Reminders,
    ImmutableSortedDictionary<string, DiscrepancyCounts> Discrepancies,
    bool FootOk,
    AuditCounts Audit,
    CallCounts Calls,
    double Seconds)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

internal sealed record DealCounts(int Planned, int Refused, ImmutableSortedDictionary<string, int> Findings);

internal sealed record CountAndAmount(int Count, long Amount);

internal sealed record DiscrepancyCounts(int Count, ImmutableSortedDictionary<string, long> Realised, ImmutableSortedDictionary<string, long> AtRisk);

internal sealed record AuditCounts(long Entries, bool Ok);

/// <param name="Storage">Table and queue requests of the Hub's handlers; the idle polling of the queue pump is not among them.</param>
internal sealed record CallCounts(long Salesforce, long Stripe, long Storage);
