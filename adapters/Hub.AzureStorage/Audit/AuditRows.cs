using System.Globalization;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Audit;
using NodaTime;

namespace Hub.AzureStorage.Audit;

/// <summary>
/// Rows of table <c>AuditChain</c>. Partition <c>chain|yyyyMM</c>: <c>e|seq</c> an entry, <c>i|event</c> that it is there, <c>h</c> the head.
/// Partition <c>chain|months</c>: <c>m|yyyyMM</c> for each month the chain may have used, and <c>first</c>, which names the month it began in.
/// </summary>
internal static class AuditRows
{
    public const string HeadKey = "h";
    public const string FirstKey = "first";
    public const string MonthPrefix = "m|";
    public const string FirstMonth = "Month";

    /// <summary>On a head: the month that continues the chain. Set before anything is written there, so that no writer can go on in the old month.</summary>
    public const string Next = "Next";

    public static string Partition(string chain, string month) => $"{chain}|{month}";

    public static string Months(string chain) => $"{chain}|months";

    public static string Month(Instant time) => time.ToDateTimeUtc().ToString("yyyyMM", CultureInfo.InvariantCulture);

    public static string EventKey(string eventId) => TableKey.Checked($"i|{eventId}");

    public static TableEntity Entry(string partition, ChainedEntry entry)
    {
        var row = new TableEntity(partition, $"e|{entry.Seq:D12}")
        {
            ["V"] = entry.Version,
            ["Chain"] = entry.Chain,
            ["Seq"] = entry.Seq,
            ["Prev"] = entry.Prev,
            ["Hash"] = entry.Hash,
            ["PayloadHash"] = entry.PayloadHash,
            ["IdemKey"] = entry.Entry.EventId,
            ["Actor"] = entry.Entry.Actor,
            ["Action"] = entry.Entry.Action,
            ["Subject"] = entry.Entry.Subject,
        };
        row.Put("Time", entry.Time);
        SplitText.Put(row, "Payload", entry.Entry.Payload);
        return row;
    }

    public static ChainedEntry Read(TableEntity row) => new(
        row.GetInt32("V")!.Value,
        row.GetString("Chain"),
        row.GetInt64("Seq")!.Value,
        row.GetString("Prev"),
        new AuditEntry(row.GetString("IdemKey"), row.GetString("Actor"), row.GetString("Action"), row.GetString("Subject"), SplitText.Get(row, "Payload") ?? string.Empty),
        row.GetInstant("Time"),
        row.GetString("PayloadHash"),
        row.GetString("Hash"));

    public static TableEntity Event(string partition, ChainedEntry entry) => new(partition, EventKey(entry.Entry.EventId)) { ["Seq"] = entry.Seq };

    public static TableEntity Head(string partition, ChainHead head) => new(partition, HeadKey) { ["Seq"] = head.Seq, ["Hash"] = head.Hash };

    public static ChainHead ReadHead(string chain, TableEntity row) => new(chain, row.GetInt64("Seq")!.Value, row.GetString("Hash"));
}
