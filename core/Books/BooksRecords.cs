using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Text;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Books;

/// <summary>The <c>salesforce</c> part of a books file: records by object, each id once, the newest SystemModstamp winning.</summary>
internal sealed class BooksRecords(BooksDefects defects)
{
    private const string Deleted = "IsDeleted";

    private enum Kind
    {
        Number,
        Date,
        Instant,
        Flag,
    }

    private static readonly ImmutableDictionary<string, (string Field, Kind Kind)[]> Typed = new Dictionary<string, (string, Kind)[]>
    {
        [F.Objects.Opportunity] =
        [
            (F.Opportunity.Amount, Kind.Number), (F.Opportunity.TermMonths, Kind.Number), (F.Opportunity.FreeMonths, Kind.Number),
            (F.Opportunity.NoticeDays, Kind.Number),
            (F.Opportunity.ContractStart, Kind.Date), (F.Opportunity.ContractEnd, Kind.Date), (F.Opportunity.EffectiveDate, Kind.Date),
            (F.Opportunity.CloseDate, Kind.Date), (F.Opportunity.LastStageChangeDate, Kind.Instant), (F.SystemModstamp, Kind.Instant),
            (F.Opportunity.IsWon, Kind.Flag), (F.Opportunity.IsClosed, Kind.Flag), (F.Opportunity.AutoRenew, Kind.Flag),
            (F.Opportunity.HoldBilling, Kind.Flag),
        ],
        [F.Objects.Line] =
        [
            (F.Line.Quantity, Kind.Number), (F.Line.UnitPrice, Kind.Number), (F.Line.Discount, Kind.Number), (F.Line.TotalPrice, Kind.Number),
            (F.Line.DiscountMonths, Kind.Number), (F.Line.DiscountAmount, Kind.Number), (F.Line.LineStart, Kind.Date), (F.Line.LineEnd, Kind.Date), (F.Line.ServiceDate, Kind.Date),
            (F.Line.ShowDiscount, Kind.Flag), (F.SystemModstamp, Kind.Instant),
        ],
        [F.Objects.Account] = [(F.SystemModstamp, Kind.Instant)],
        [F.Objects.Contact] = [(F.SystemModstamp, Kind.Instant)],
        [F.Objects.Product] = [(F.Product.IsActive, Kind.Flag), (F.SystemModstamp, Kind.Instant)],
        [F.Objects.PricebookEntry] = [(F.PricebookEntry.UnitPrice, Kind.Number), (F.SystemModstamp, Kind.Instant)],
        [F.Objects.Quote] = [(F.SystemModstamp, Kind.Instant)],
        [F.Objects.QuoteLine] =
        [
            (F.QuoteLine.Quantity, Kind.Number), (F.QuoteLine.UnitPrice, Kind.Number), (F.QuoteLine.Discount, Kind.Number), (F.QuoteLine.ServiceDate, Kind.Date),
            (F.SystemModstamp, Kind.Instant),
        ],
        [F.Objects.Contract] =
        [
            (F.Contract.StartDate, Kind.Date), (F.Contract.EndDate, Kind.Date), (F.Contract.ContractTerm, Kind.Number), (F.SystemModstamp, Kind.Instant),
        ],
    }.ToImmutableDictionary();

    private readonly Dictionary<string, ImmutableArray<SalesforceRecord>> _records = new(StringComparer.Ordinal);

    /// <summary>Objects whose list is absent or empty: they were not exported.</summary>
    public ImmutableHashSet<string> NotExported => [.. Typed.Keys.Where(name => Of(name).IsEmpty)];

    public ImmutableArray<SalesforceRecord> Of(string name) => _records.GetValueOrDefault(name, []);

    public void Read(JsonElement salesforce)
    {
        foreach (string name in Typed.Keys.Order(StringComparer.Ordinal))
        {
            _records[name] = Newest(defects.Objects(salesforce, name, "$.salesforce").Select(item => Record(name, item.Json, item.Path)));
        }
    }

    /// <summary>One deal per opportunity, with its records.</summary>
    public ImmutableArray<DealSnapshot> Deals()
    {
        ILookup<string, SalesforceRecord> lines = Of(F.Objects.Line).Where(IsKept).ToLookup(line => Key(line.Text(F.Line.OpportunityId)));
        var accounts = ById(F.Objects.Account);
        var contacts = ById(F.Objects.Contact);
        var products = ById(F.Objects.Product);
        var entries = ById(F.Objects.PricebookEntry);
        var contracts = ById(F.Objects.Contract);
        var quotes = Of(F.Objects.Quote).Where(IsKept).ToDictionary(quote => Key(quote.Id), StringComparer.Ordinal);
        ILookup<string, SalesforceRecord> quoted = Of(F.Objects.QuoteLine).Where(IsKept).ToLookup(line => Key(line.Text(F.QuoteLine.QuoteId)));
        ImmutableHashSet<string> notExported = NotExported;
        return
        [
            .. Of(F.Objects.Opportunity).Where(IsKept).Select(opportunity =>
            {
                ImmutableArray<SalesforceRecord> sold = [.. lines[Key(opportunity.Id)]];
                SyncedQuote? quote = quotes.GetValueOrDefault(Key(opportunity.Text(F.Opportunity.SyncedQuoteId))) is { } synced ? new(synced, [.. quoted[Key(synced.Id)]]) : null;
                ImmutableArray<SalesforceRecord> priced = Named(sold.Select(line => line.Text(F.Line.PricebookEntryId)), entries);
                var deal = new DealSnapshot(
                    opportunity,
                    sold,
                    accounts.GetValueOrDefault(Key(opportunity.Text(F.Opportunity.AccountId))),
                    Named([opportunity.Text(F.Opportunity.BillingContact)], contacts),
                    Named(sold.Concat(quote?.Lines ?? []).Select(line => line.Text(F.Line.ProductId)).Concat(priced.Select(entry => entry.Text(F.PricebookEntry.ProductId))), products),
                    priced,
                    contracts.GetValueOrDefault(Key(opportunity.Text(F.Opportunity.ContractId))))
                {
                    Quote = quote,
                    NotExported = quote is null ? notExported.Add(F.Objects.Quote) : notExported,
                };
                return BillTo.Payer(deal, id => accounts.GetValueOrDefault(Key(id)));
            }),
        ];
    }

    // An export may hold what is in the recycle bin.
    private static bool IsKept(SalesforceRecord record) => !(bool.TryParse(record.Text(Deleted), out bool deleted) && deleted);

    /// <summary>Ids compare in their 18-character form; made-up ids as they are.</summary>
    public static string Key(string? id) => id is null ? "" : SalesforceId.OfExport(id).Value;

    private static ImmutableArray<SalesforceRecord> Named(IEnumerable<string?> ids, Dictionary<string, SalesforceRecord> records) =>
        [.. ids.Select(Key).Where(id => id.Length > 0).Distinct().Select(id => records.GetValueOrDefault(id)).OfType<SalesforceRecord>()];

    private Dictionary<string, SalesforceRecord> ById(string name) => Of(name).ToDictionary(record => Key(record.Id), StringComparer.Ordinal);

    private static ImmutableArray<SalesforceRecord> Newest(IEnumerable<SalesforceRecord?> records) =>
    [
        .. records.OfType<SalesforceRecord>()
            .GroupBy(record => Key(record.Id), StringComparer.Ordinal)
            .Select(same => same.MaxBy(record => BooksDefects.Instant(record.Text(F.SystemModstamp)) ?? Instant.MinValue)!),
    ];

    private SalesforceRecord? Record(string name, JsonElement json, string path)
    {
        var record = SalesforceRecord.From(name, json);
        if (record.Id.Length == 0 || record.Fields[F.Id].ValueKind != JsonValueKind.String)
        {
            defects.Add($"{path}.Id", "a record id");
            return null;
        }

        foreach ((string field, Kind kind) in Typed[name])
        {
            Check(record, field, kind, path);
        }

        if (name == F.Objects.Line && record.Text(F.Line.OpportunityId) is null)
        {
            defects.Add($"{path}.{F.Line.OpportunityId}", "the id of the opportunity");
        }

        if (name == F.Objects.QuoteLine && record.Text(F.QuoteLine.QuoteId) is null)
        {
            defects.Add($"{path}.{F.QuoteLine.QuoteId}", "the id of the quote");
        }

        return record;
    }

    private void Check(SalesforceRecord record, string field, Kind kind, string path)
    {
        if (record.Text(field) is not { } text)
        {
            return;
        }

        (bool right, string expected) = kind switch
        {
            Kind.Number => (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _), "a number"),
            Kind.Date => (LocalDatePattern.Iso.Parse(text).Success, "a date such as 2026-10-15"),
            Kind.Flag => (bool.TryParse(text, out _), "true or false"),
            _ => (BooksDefects.Instant(text) is not null, "an instant such as 2026-10-01T08:30:00.000+0000"),
        };
        if (!right)
        {
            defects.Add($"{path}.{field}", expected, record.Fields[field]);
        }
    }
}
