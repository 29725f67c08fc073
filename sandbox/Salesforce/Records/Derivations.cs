using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>What the org works out by itself when a record is saved.</summary>
public static class Derivations
{
    /// <summary>Fills the fields that follow from others.</summary>
    /// <param name="before">The record as stored; null when it is new.</param>
    /// <param name="sent">What the caller set.</param>
    /// <exception cref="RefusedException">The combination of values is impossible.</exception>
    public static Row BeforeSave(Transaction transaction, Row? before, Row row, Submission sent) => row.Type.Name switch
    {
        "Opportunity" => OpportunityRules.BeforeSave(transaction, before, row, sent),
        "OpportunityLineItem" or "QuoteLineItem" => LineRules.BeforeSave(transaction, before, row, sent),
        "Quote" => QuoteRules.BeforeSave(transaction, Numbered(transaction, row, "QuoteNumber")),
        "PricebookEntry" => Named(transaction, row),
        "Contact" => row.With("Name", string.Join(' ', new[] { row.Text("FirstName"), row.Text("LastName") }.OfType<string>())),
        "Contract" => Term(Numbered(transaction, row, "ContractNumber")),
        "Case" => Closed(transaction, before, Numbered(transaction, row, "CaseNumber")),
        "Task" => row.With("IsClosed", row.Text("Status") == "Completed"),
        "ContentVersion" => FileRules.BeforeSave(transaction, before, row),
        "Hub_Invoice__c" => row["Name"] is null ? row.With("Name", row.Id) : row,
        _ => row,
    };

    /// <summary>Carries a saved record's effect over to others.</summary>
    public static void AfterSave(Transaction transaction, Row? before, Row row)
    {
        if (row.Type.Name == "Opportunity")
        {
            OpportunityRules.AfterSave(transaction, before, row);
        }

        if (row.Type.Name == "OpportunityLineItem")
        {
            LineRules.RollUp(transaction, row.Text("OpportunityId"));
        }

        if (row.Type.Name == "QuoteLineItem")
        {
            QuoteRules.RollUp(transaction, row.Text("QuoteId"));
        }

        if (row.Type.Name == "ContentVersion")
        {
            FileRules.AfterSave(transaction, before, row);
        }
    }

    public static void AfterDelete(Transaction transaction, Row row)
    {
        if (row.Type.Name == "OpportunityLineItem")
        {
            LineRules.RollUp(transaction, row.Text("OpportunityId"));
        }

        if (row.Type.Name == "QuoteLineItem")
        {
            QuoteRules.RollUp(transaction, row.Text("QuoteId"));
        }
    }

    private static Row Named(Transaction transaction, Row entry) =>
        entry.Text("Product2Id") is { } id && transaction.Data.Find(id) is { } product
            ? entry.With("Name", product["Name"]).With("ProductCode", product["ProductCode"])
            : entry;

    private static Row Numbered(Transaction transaction, Row row, string field) => row[field] is null
        ? row.With(field, transaction.Next(row.Type.Name + "." + field).ToString("00000000", null))
        : row;

    private static Row Term(Row contract)
    {
        var end = contract["StartDate"] is DateOnly start && contract.Number("ContractTerm") is { } months
            ? start.AddMonths((int)months).AddDays(-1)
            : (DateOnly?)null;
        return contract
            .With("EndDate", end)
            .With("StatusCode", contract.Text("Status")?.Replace(" Approval ", "Approval", StringComparison.Ordinal));
    }

    private static Row Closed(Transaction transaction, Row? before, Row row)
    {
        var closed = row.Text("Status") == "Closed";
        return row.With("IsClosed", closed).With("ClosedDate", closed ? before?["ClosedDate"] ?? transaction.Now : null);
    }
}
