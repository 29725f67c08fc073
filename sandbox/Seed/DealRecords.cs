using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce;
using Hub.Sandbox.Salesforce.Records;

namespace Hub.Sandbox.Seed;

/// <summary>Turns deals into Opportunity and OpportunityLineItem records with ids in the order they are added.</summary>
internal sealed class DealRecords(Catalogue catalogue)
{
    private const int FirstNumber = 10_000;
    private readonly JsonArray opportunities = [];
    private readonly JsonArray lines = [];

    public JsonObject Tables => new() { ["Opportunity"] = opportunities.DeepClone(), ["OpportunityLineItem"] = lines.DeepClone() };

    /// <returns>The opportunity's id.</returns>
    public string Add(Deal deal)
    {
        var id = RecordIds.Create("006", FirstNumber + opportunities.Count);
        opportunities.Add(Opportunity(id, deal));
        foreach (var (line, place) in deal.Lines.Select((line, place) => (line, place)))
        {
            lines.Add(Line(id, deal, line, place + 1));
        }

        return id;
    }

    private JsonObject Opportunity(string id, Deal deal) => new()
    {
        ["Id"] = id,
        ["Name"] = $"{deal.Customer.Name} – new business",
        ["AccountId"] = deal.Customer.Id,
        ["OwnerId"] = Org.SalesOpsUser,
        ["Pricebook2Id"] = catalogue.Pricebook,
        ["StageName"] = deal.Stage,
        ["HasOpportunityLineItem"] = true,
        ["Type"] = "New",
        ["CurrencyIsoCode"] = deal.Customer.Currency,
        ["Amount"] = deal.Lines.Sum(line => line.Total) + deal.AmountError,
        ["CloseDate"] = Day(DateOnly.FromDateTime(deal.WonAt.UtcDateTime)),
        ["CreatedDate"] = FieldValues.InstantText(deal.WonAt.AddDays(-60)),
        ["LastStageChangeDate"] = FieldValues.InstantText(deal.WonAt),
        ["SystemModstamp"] = FieldValues.InstantText(deal.WonAt + deal.SavedAfter),
        ["Hub_Deal_Type__c"] = "New",
        ["Hub_Contract_Start__c"] = Day(deal.Start),
        ["Hub_Contract_End__c"] = Day(deal.End),
        ["Hub_Term_Months__c"] = deal.Months,
        ["Hub_Billing_Frequency__c"] = deal.Frequency,
        ["Hub_Payment_Terms__c"] = deal.Terms,
        ["Hub_PO_Number__c"] = deal.PurchaseOrder,
        ["Hub_Billing_Contact__c"] = deal.ContactId ?? deal.Customer.ContactId,
    };

    private JsonObject Line(string opportunity, Deal deal, DealLine line, int place)
    {
        var product = catalogue[line.Product];
        var (entry, list) = catalogue.Entry(line.Product, deal.Customer.Currency);
        return new JsonObject
        {
            ["Id"] = RecordIds.Create("00k", FirstNumber + lines.Count),
            ["OpportunityId"] = opportunity,
            ["SortOrder"] = place,
            ["PricebookEntryId"] = entry,
            ["Product2Id"] = product.Id,
            ["ProductCode"] = product.Code,
            ["Name"] = $"{deal.Customer.Name} {product.Name}",
            ["CurrencyIsoCode"] = deal.Customer.Currency,
            ["Quantity"] = line.Quantity,
            ["UnitPrice"] = line.UnitPrice,
            ["ListPrice"] = list,
            ["Discount"] = line.Discount,
            ["Subtotal"] = line.UnitPrice * line.Quantity,
            ["TotalPrice"] = line.Total,
            ["Hub_Price_Basis__c"] = line.Basis,
            ["Hub_Charge_Type__c"] = product.ChargeType,
            ["Hub_Show_Discount__c"] = line.ShowDiscount,
            ["Hub_Discount_Months__c"] = line.DiscountMonths,
            ["Hub_Line_Start__c"] = Day(line.Start),
            ["Hub_Line_End__c"] = Day(line.End),
            ["SystemModstamp"] = FieldValues.InstantText(deal.WonAt + deal.SavedAfter),
        };
    }

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
