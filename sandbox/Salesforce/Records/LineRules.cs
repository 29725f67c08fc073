using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Prices and totals of the lines of opportunities and quotes, and the roll-up of an opportunity's.</summary>
internal static class LineRules
{
    /// <summary>Three decimals; ties away from zero.</summary>
    private const int Decimals = 3;

    public static Row BeforeSave(Transaction transaction, Row? before, Row row, Submission sent)
    {
        if (sent.Sets("UnitPrice") && sent.Sets("TotalPrice") && row["UnitPrice"] is not null && row["TotalPrice"] is not null)
        {
            throw new RefusedException(new SalesforceError(
                "FIELD_INTEGRITY_EXCEPTION", "field integrity exception: specify either UnitPrice or TotalPrice, not both")
            {
                Fields = ["UnitPrice", "TotalPrice"],
            });
        }

        return Totals(before is null ? Priced(transaction, row) : row, sent);
    }

    /// <summary>Brings the opportunity's amount in line with its lines; the opportunity's stamp moves only if something changed.</summary>
    public static void RollUp(Transaction transaction, string? opportunityId)
    {
        if (opportunityId is null || transaction.Data.Find(opportunityId) is not { IsDeleted: false } opportunity)
        {
            return;
        }

        var lines = transaction.Live("OpportunityLineItem").Where(line => line.Text("OpportunityId") == opportunityId).ToList();
        var amount = lines.Count > 0 ? lines.Sum(line => line.Number("TotalPrice") ?? 0m) : opportunity.Number("Amount");
        var after = opportunity.With("HasOpportunityLineItem", lines.Count > 0).With("Amount", amount);
        if (!Equals(after["Amount"], opportunity["Amount"]) || after.Is("HasOpportunityLineItem") != opportunity.Is("HasOpportunityLineItem"))
        {
            OpportunityRules.AfterSave(transaction, opportunity, transaction.Save(after));
        }
    }

    /// <summary>TotalPrice = UnitPrice × Quantity × (1 − Discount/100), in whichever direction the caller gave it.</summary>
    private static Row Totals(Row row, Submission sent)
    {
        var quantity = row.Number("Quantity") ?? 0m;
        var left = 1m - ((row.Number("Discount") ?? 0m) / 100m);
        var unit = sent.Sets("TotalPrice") && row.Number("TotalPrice") is { } total && quantity * left != 0m
            ? Round(total / (quantity * left))
            : row.Number("UnitPrice");
        return unit is { } price
            ? row.With("UnitPrice", price).With("Subtotal", Round(price * quantity)).With("TotalPrice", Round(price * quantity * left))
            : row;
    }

    private static Row Priced(Transaction transaction, Row line)
    {
        var parent = line.Text(line.Type.Name == "QuoteLineItem" ? "QuoteId" : "OpportunityId") is { } id ? transaction.Data.Find(id) : null;
        var entry = line.Text("PricebookEntryId") is { } entryId ? transaction.Data.Find(entryId) : Guess(transaction, line, parent);
        if (parent is null || entry is null)
        {
            // A line without opportunity is refused as such; one without entry cannot be priced.
            return parent is null ? line : throw Impossible("pricebook entry not found for the product in the opportunity's price book and currency", "PricebookEntryId");
        }

        if (!Equals(entry["CurrencyIsoCode"], parent["CurrencyIsoCode"]))
        {
            throw Impossible("The currency code of the price book entry does not match the opportunity's", "PricebookEntryId");
        }

        var product = entry.Text("Product2Id") is { } productId ? transaction.Data.Find(productId) : null;
        var priced = line
            .With("PricebookEntryId", entry.Id)
            .With("Product2Id", entry["Product2Id"])
            .With("ListPrice", entry["UnitPrice"])
            .With("CurrencyIsoCode", parent["CurrencyIsoCode"]);
        priced = line.Type.Find("ProductCode") is null ? priced
            : priced.With("ProductCode", entry["ProductCode"]).With("Name", $"{parent.Text("Name")} {product?.Text("Name")}");
        return priced["UnitPrice"] is null && priced["TotalPrice"] is null ? priced.With("UnitPrice", entry["UnitPrice"]) : priced;
    }

    private static Row? Guess(Transaction transaction, Row line, Row? parent) => line.Text("Product2Id") is not { } product
        ? null
        : transaction.Live("PricebookEntry").FirstOrDefault(entry => entry.Text("Product2Id") == product
            && Equals(entry["CurrencyIsoCode"], parent?["CurrencyIsoCode"])
            && (parent?["Pricebook2Id"] is null || Equals(entry["Pricebook2Id"], parent["Pricebook2Id"])));

    private static RefusedException Impossible(string message, string field) =>
        new(new SalesforceError("FIELD_INTEGRITY_EXCEPTION", "field integrity exception: " + message) { Fields = [field] });

    private static decimal Round(decimal amount) => Math.Round(amount, Decimals, MidpointRounding.AwayFromZero);
}
