using System.Globalization;
using NodaTime;
using NodaTime.Text;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Whether the lines that were sold are those of the synced quote: product, quantity, price, discount, and the service date where the quote states one.</summary>
/// <remarks>
/// Salesforce keeps a synced quote and its opportunity alike in exactly these fields; what a trigger, an import or a broken sync left apart is a
/// contract that nobody agreed to. The order of the lines does not matter. A value that is a problem already is not compared; nor is a quote of which the
/// export has not got the lines. Source: Salesforce Help, "Sync Quotes and Opportunities"; contracts mapping, SyncedQuoteId.
/// </remarks>
internal sealed class QuoteChecks(DealFacts facts, Problems problems)
{
    private const string Fix =
        "Correct the lines of the opportunity or of the quote so that they agree, sync the quote that was agreed, or stop the sync where the quote no longer counts.";

    private readonly DealSnapshot _deal = facts.Deal;

    public void Run()
    {
        if (_deal.Opportunity.Text(F.Opportunity.SyncedQuoteId) is not { } id)
        {
            return;
        }

        if (_deal.Quote is not { } quote)
        {
            Unread(id);
        }
        else if (!_deal.NotExported.Contains(F.Objects.QuoteLine) && !_deal.NotExported.Contains(F.Objects.Line))
        {
            Compare(quote);
        }
    }

    private void Unread(string id)
    {
        if (!_deal.NotExported.Contains(F.Objects.Quote))
        {
            problems.Add(
                ProblemCodes.QuoteContradiction, _deal.Opportunity, F.Opportunity.SyncedQuoteId, $"The synced quote {id} cannot be read, so the lines cannot be compared with it.",
                "Sync the quote that was agreed, or stop the sync.");
        }
    }

    private void Compare(SyncedQuote quote)
    {
        ILookup<string, Quoted> quoted = quote.Lines.Select(Read).ToLookup(line => line.Product);
        foreach (var sold in facts.Lines.GroupBy(line => line.Product.Key))
        {
            Pair([.. sold], [.. quoted[sold.Key]], quote);
        }

        foreach (Quoted line in quoted.Where(product => facts.Lines.All(sold => sold.Product.Key != product.Key)).SelectMany(product => product))
        {
            OnlyQuoted(line, quote);
        }
    }

    // The lines that agree best belong together, so that a difference names the one value that is wrong.
    private void Pair(List<LineFacts> sold, List<Quoted> quoted, SyncedQuote quote)
    {
        while (sold.Count > 0 && quoted.Count > 0)
        {
            (LineFacts line, Quoted other) = sold.SelectMany(line => quoted.Select(other => (line, other))).MinBy(pair => Differences(pair.line, pair.other).Count());
            foreach (Difference difference in Differences(line, other))
            {
                problems.Add(
                    ProblemCodes.QuoteContradiction, line.Record, difference.Field,
                    $"Product {line.Product.Code}: the opportunity's line has {difference.What} {difference.Sold}, but the synced quote {quote.Number} has {difference.Quoted}.", Fix);
            }

            sold.Remove(line);
            quoted.Remove(other);
        }

        foreach (LineFacts line in sold)
        {
            problems.Add(
                ProblemCodes.QuoteContradiction, line.Record, F.Line.ProductId,
                $"The opportunity has a line of product {line.Product.Code} ({Text(line.Charge == ChargeType.Usage ? null : line.Quantity, line.UnitPrice, line.DiscountPercent)}) that the synced quote {quote.Number} does not have.", Fix);
        }

        foreach (Quoted line in quoted)
        {
            OnlyQuoted(line, quote);
        }
    }

    private void OnlyQuoted(Quoted line, SyncedQuote quote) => problems.Add(
        ProblemCodes.QuoteContradiction, _deal.Opportunity, F.Opportunity.SyncedQuoteId,
        $"The synced quote {quote.Number} has a line of product {line.Code} ({Text(line.Quantity, line.UnitPrice, line.Discount)}) that the opportunity does not have.", Fix);

    // The quantity that Salesforce demands of a usage line is ignored (C17).
    private IEnumerable<Difference> Differences(LineFacts line, Quoted other)
    {
        if (line is { Charge: ChargeType.Recurring or ChargeType.OneTime, Quantity: { } quantity } && other.Quantity is { } units && quantity != units)
        {
            yield return new(F.Line.Quantity, "quantity", Problems.Text(quantity), Problems.Text(units));
        }

        if (line.UnitPrice is { } price && other.UnitPrice is { } agreed && price != agreed)
        {
            yield return new(F.Line.UnitPrice, "sales price", Price(price), Price(agreed));
        }

        if (line.DiscountPercent is { } discount && discount != other.Discount)
        {
            yield return new(F.Line.Discount, "discount", $"{Problems.Text(discount)} %", $"{Problems.Text(other.Discount)} %");
        }

        string? stated = line.Record.Text(F.Line.ServiceDate);
        if (other.ServiceDate is { } day && (stated is null || Date(stated) is { } date && date != day))
        {
            yield return new(F.Line.ServiceDate, "service date", stated ?? "none", Problems.Text(day));
        }
    }

    private Quoted Read(SalesforceRecord record)
    {
        SalesforceRecord? entry = Find(_deal.PricebookEntries, record.Text(F.QuoteLine.PricebookEntryId));
        string product = Normal(record.Text(F.QuoteLine.ProductId) ?? entry?.Text(F.PricebookEntry.ProductId) ?? record.Text(F.QuoteLine.PricebookEntryId) ?? record.Id);
        return new(
            product,
            Find(_deal.Products, product)?.Text(F.Product.ProductCode) ?? product,
            Number(record, F.QuoteLine.Quantity),
            Number(record, F.QuoteLine.UnitPrice),
            Number(record, F.QuoteLine.Discount) ?? 0,
            Date(record.Text(F.QuoteLine.ServiceDate)));
    }

    private string Text(decimal? quantity, decimal? price, decimal? discount) =>
        (quantity is { } units ? $"{Problems.Text(units)} at " : "") + (price is { } each ? Price(each) : "no price") + (discount is { } percent and not 0 ? $" less {Problems.Text(percent)} %" : "");

    private string Price(decimal price) => facts.Currency is { } currency ? Problems.Price(price, currency) : Problems.Text(price);

    private static string Normal(string id) => SalesforceId.OfExport(id).Value;

    private static SalesforceRecord? Find(IEnumerable<SalesforceRecord> records, string? id) =>
        id is null ? null : records.FirstOrDefault(record => Normal(record.Id) == Normal(id));

    private static decimal? Number(SalesforceRecord record, string field) =>
        decimal.TryParse(record.Text(field), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    private static LocalDate? Date(string? text) => text is not null && LocalDatePattern.Iso.Parse(text) is { Success: true } date ? date.Value : null;

    /// <param name="Product">Compares with <see cref="LineProduct.Key"/>.</param>
    /// <param name="Quantity">Null, as <paramref name="UnitPrice"/>, where the record does not state it: then it is not compared.</param>
    private sealed record Quoted(string Product, string Code, decimal? Quantity, decimal? UnitPrice, decimal Discount, LocalDate? ServiceDate);

    private sealed record Difference(string Field, string What, string Sold, string Quoted);
}
