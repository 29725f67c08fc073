using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Stage flags, history and the won notification of opportunities.</summary>
internal static class OpportunityRules
{
    private static readonly string[] HistoryFields = ["StageName", "Amount", "CloseDate", "Probability"];

    public static Row BeforeSave(Transaction transaction, Row? before, Row row, Submission sent)
    {
        QuoteRules.CheckSynced(transaction, before, row);
        var changed = Flagged(transaction, before, row, sent);

        // The API takes Amount without complaint and drops it when lines decide it.
        return before is not null && before.Is("HasOpportunityLineItem") ? changed.With("Amount", before["Amount"]) : changed;
    }

    public static void AfterSave(Transaction transaction, Row? before, Row row)
    {
        if (before is null || HistoryFields.Any(field => !Equals(before[field], row[field])))
        {
            transaction.Raw(OrgSchema.Find("OpportunityHistory")!, new()
            {
                ["OpportunityId"] = row.Id,
                ["StageName"] = row["StageName"],
                ["Amount"] = row["Amount"],
                ["PrevAmount"] = before?["Amount"],
                ["CloseDate"] = row["CloseDate"],
                ["PrevCloseDate"] = before?["CloseDate"],
                ["Probability"] = row["Probability"],
                ["ForecastCategory"] = row["ForecastCategoryName"],
                ["CurrencyIsoCode"] = row["CurrencyIsoCode"],
            });
        }

        QuoteRules.Mark(transaction, before, row);
        if (row.Is("IsWon") && !(before?.Is("IsWon") ?? false))
        {
            transaction.Notify(row);
        }
    }

    private static Row Flagged(Transaction transaction, Row? before, Row row, Submission sent)
    {
        // Someone who merely takes the won flag away has moved the deal back to negotiation.
        var reopened = sent.Sets("IsWon") && !row.Is("IsWon") && !sent.Sets("StageName") && before?.Text("StageName") == "Closed Won";
        var staged = reopened ? row.With("StageName", "Negotiation/Review") : row;
        if (Stages.Find(staged.Text("StageName")) is not { } stage || before?.Text("StageName") == stage.Name)
        {
            return staged;
        }

        return staged
            .With("IsClosed", stage.IsClosed)
            .With("IsWon", stage.IsWon)
            .With("Probability", sent.Sets("Probability") ? staged["Probability"] : (decimal)stage.Probability)
            .With("ForecastCategoryName", stage.Category)
            .With("LastStageChangeDate", transaction.Now);
    }
}
