using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Timer: writes everything that is owed to Salesforce, up to 200 records in a call.</summary>
/// <remarks>
/// One at a time, so that no write overtakes another. A row is forgotten only after Salesforce has taken it: a crash before that writes the same
/// values again. A row that Salesforce refuses is tried alone, and then remembered as refused until its values change or a person asks; a row that
/// Salesforce is too busy for comes again later, alone among the due ones, and holds up nobody.
/// </remarks>
public sealed class WriteBackResults(ISalesforce salesforce, IWriteBacks writeBacks, TimeProvider time, ILogger<WriteBackResults> log)
{
    /// <summary>Rows of one collections call.</summary>
    public const int LargestCall = 200;

    private const int MostRounds = 50;
    private static readonly Duration Turn = Duration.FromMinutes(5);
    private static readonly Duration FirstPause = Duration.FromSeconds(5);
    private static readonly Duration LongestPause = Duration.FromMinutes(10);
    private static readonly TimeSpan BookkeepingTime = TimeSpan.FromSeconds(30);

    private bool _mirrorMissing;

    private Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    public async Task Handle(CancellationToken ct)
    {
        ImmutableArray<PendingWriteBack> records = await Records(ct);
        ImmutableArray<PendingWriteBack> invoices = await Invoices(ct);
        if ((records.IsEmpty && invoices.IsEmpty) || await writeBacks.TryBegin(Now, Now + Turn, ct) is not { } turn)
        {
            return;
        }

        Instant end = Now + Turn / 2;
        try
        {
            // What another writer was sending when its turn ended is not in these lists any more: both are read again inside the turn.
            for (int round = 0; round < MostRounds && Now < end && await Write(await Records(ct), ct) + await Write(await Invoices(ct), ct) > 0; round++)
            {
            }
        }
        finally
        {
            using var bookkeeping = new CancellationTokenSource(BookkeepingTime, time);
            await writeBacks.End(turn, bookkeeping.Token);
        }
    }

    // Accounts with their opportunities, so that both fit into one call.
    private async Task<ImmutableArray<PendingWriteBack>> Records(CancellationToken ct) =>
    [
        .. await writeBacks.Pending(F.Objects.Account, LargestCall, Now, ct),
        .. await writeBacks.Pending(F.Objects.Opportunity, 2 * LargestCall, Now, ct),
    ];

    // Rows of an object the org lacks stay where they are, at no cost, until it has been installed.
    private async Task<ImmutableArray<PendingWriteBack>> Invoices(CancellationToken ct)
    {
        ImmutableArray<PendingWriteBack> rows = await writeBacks.Pending(F.Objects.Invoice, LargestCall, Now, ct);
        if (rows.IsEmpty || await salesforce.Has(F.Objects.Invoice, ct))
        {
            _mirrorMissing = false;
            return rows;
        }

        if (!_mirrorMissing)
        {
            log.MirrorMissing(F.Objects.Invoice);
        }

        _mirrorMissing = true;
        return [];
    }

    /// <summary>How many rows were sent.</summary>
    private async Task<int> Write(ImmutableArray<PendingWriteBack> rows, CancellationToken ct)
    {
        // Parts of one record are one row of the call, rows of one account stand together: parallel writes below one account lock each other out.
        PendingWriteBack[][] records =
        [
            .. rows.GroupBy(row => (row.Key.Object, row.Key.Id)).Select(parts => parts.ToArray())
                .OrderBy(parts => parts[0].Account, StringComparer.Ordinal).ThenBy(parts => parts[0].Key.Id, StringComparer.Ordinal).Take(LargestCall),
        ];
        if (records.Length == 0)
        {
            return 0;
        }

        ImmutableArray<WriteBackResult> results = await salesforce.WriteBack([.. records.Select(Merged)], ct);
        List<SettledWriteBack> settled = [];
        List<PendingWriteBack> alone = [];
        foreach ((PendingWriteBack[] parts, WriteBackResult result) in records.Zip(results))
        {
            if (result is WriteBackResult.Refused && parts.Length > 1)
            {
                alone.AddRange(parts);
            }
            else
            {
                settled.AddRange(parts.Select(part => Settled(part, result)));
            }
        }

        // One part may be right where the other is wrong.
        ImmutableArray<WriteBackResult> second = alone.Count == 0 ? [] : await salesforce.WriteBack([.. alone.Select(part => Merged([part]))], ct);
        settled.AddRange(alone.Zip(second).Select(each => Settled(each.First, each.Second)));

        // Salesforce shows the values by now: a stop must not have them written again.
        using var bookkeeping = new CancellationTokenSource(BookkeepingTime, time);
        await writeBacks.Settle(settled, bookkeeping.Token);
        int refused = settled.Count(row => row.Refused is not null), busy = settled.Count(row => row.Again is not null);
        log.WrittenBack(settled.Count - refused - busy, refused, busy);
        return settled.Count;
    }

    private WriteBack Merged(PendingWriteBack[] parts)
    {
        ImmutableSortedDictionary<string, object?> fields = parts.Aggregate(
            ImmutableSortedDictionary.Create<string, object?>(StringComparer.Ordinal), (all, part) => all.SetItems(part.Fields));
        return parts[0].Key.Object switch
        {
            F.Objects.Opportunity => new(F.Objects.Opportunity, parts[0].Key.Id, fields.SetItem(F.Opportunity.LastSynced, InstantPattern.General.Format(Now))),
            F.Objects.Invoice => new(F.Objects.Invoice, parts[0].Key.Id, fields) { ExternalId = F.Invoice.StripeInvoiceId },
            var other => new(other, parts[0].Key.Id, fields),
        };
    }

    private SettledWriteBack Settled(PendingWriteBack row, WriteBackResult result)
    {
        switch (result)
        {
            case WriteBackResult.Refused refusal:
                log.WriteBackRefused(row.Key.Object, row.Key.Id, refusal.Code);
                return new(row, refusal.Code, null);
            case WriteBackResult.Busy busy:
                Duration pause = Duration.Min(FirstPause * Math.Pow(2, Math.Min(row.Attempts, 10)), LongestPause);
                log.WriteBackBusy(row.Key.Object, row.Key.Id, busy.Code);
                return new(row, null, Now + pause);
            default:
                return new(row, null, null);
        }
    }
}
