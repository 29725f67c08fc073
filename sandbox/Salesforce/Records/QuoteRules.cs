using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Numbers and totals of quotes, and which one of an opportunity's quotes is synced.</summary>
/// <remarks>
/// Syncing marks the quote; lines are not carried over to the other side, so that a test can leave the two apart as a broken sync does.
/// </remarks>
internal static class QuoteRules
{
    private const string Synced = "SyncedQuoteId";

    public static Row BeforeSave(Transaction transaction, Row row) => row.Text("OpportunityId") is { } id && transaction.Data.Find(id) is { } opportunity
        ? row.With("CurrencyIsoCode", opportunity["CurrencyIsoCode"]).With("Pricebook2Id", row["Pricebook2Id"] ?? opportunity["Pricebook2Id"])
        : row;

    /// <exception cref="RefusedException">The opportunity would be synced with a quote of another one.</exception>
    public static void CheckSynced(Transaction transaction, Row? before, Row opportunity)
    {
        if (opportunity.Text(Synced) is { } quote && quote != before?.Text(Synced) && transaction.Data.Find(quote)?.Text("OpportunityId") != opportunity.Id)
        {
            throw new RefusedException(new SalesforceError(
                "FIELD_INTEGRITY_EXCEPTION", "field integrity exception: the synced quote must belong to the opportunity") { Fields = [Synced] });
        }
    }

    /// <summary>Exactly the quote that the opportunity names is syncing.</summary>
    public static void Mark(Transaction transaction, Row? before, Row opportunity)
    {
        foreach (string id in new[] { before?.Text(Synced), opportunity.Text(Synced) }.OfType<string>().Distinct())
        {
            bool syncing = id == opportunity.Text(Synced);
            if (transaction.Data.Find(id) is { IsDeleted: false } quote && quote.Is("IsSyncing") != syncing)
            {
                transaction.Save(quote.With("IsSyncing", syncing));
            }
        }
    }

    public static void RollUp(Transaction transaction, string? quoteId)
    {
        if (quoteId is null || transaction.Data.Find(quoteId) is not { IsDeleted: false } quote)
        {
            return;
        }

        var lines = transaction.Live("QuoteLineItem").Where(line => line.Text("QuoteId") == quoteId).ToList();
        var total = lines.Sum(line => line.Number("TotalPrice") ?? 0m);
        transaction.Save(quote
            .With("LineItemCount", (decimal)lines.Count).With("Subtotal", lines.Sum(line => line.Number("Subtotal") ?? 0m)).With("TotalPrice", total).With("GrandTotal", total));
    }
}
