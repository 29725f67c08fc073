using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Bench;

/// <summary>The deals that are measured, as Salesforce would give them.</summary>
internal static class BenchDeals
{
    /// <summary>Processing date of every deal.</summary>
    public static LocalDate Processed { get; } = new(2026, 10, 1);

    /// <summary>The commonest deal: one product, a year, prepaid.</summary>
    public static DealSnapshot Simple()
    {
        JsonObject opportunity = Opportunity();
        opportunity["Hub_Term_Months__c"] = 12;
        opportunity["Hub_Billing_Frequency__c"] = "Annual";
        return Deal(opportunity, [Line(0, 40, 300.00m, "Year")]);
    }

    /// <summary>A contract without an end, billed monthly, whose quantity and price grow every year for ten years.</summary>
    public static DealSnapshot TenYearRamp()
    {
        JsonObject opportunity = Opportunity();
        opportunity["Hub_Auto_Renew__c"] = true;
        opportunity["Hub_Billing_Frequency__c"] = "Monthly";
        var lines = new List<JsonObject>();
        for (int year = 0; year < 10; year++)
        {
            LocalDate start = new LocalDate(2026, 10, 15).PlusYears(year);
            JsonObject line = Line(year, 10 * (year + 1), 25.00m + year, "Month");
            line["Hub_Line_Start__c"] = Text(start);
            line["Hub_Line_End__c"] = year == 9 ? null : Text(start.PlusYears(1).PlusDays(-1));
            lines.Add(line);
        }

        return Deal(opportunity, lines);
    }

    private static DealSnapshot Deal(JsonObject opportunity, List<JsonObject> lines)
    {
        opportunity["Amount"] = lines.Sum(line => line["TotalPrice"]!.GetValue<decimal>());
        return new(
            Record("Opportunity", opportunity),
            [.. lines.Select(line => Record("OpportunityLineItem", line))],
            Record("Account", new() { ["Id"] = "001000000000001AAA", ["Name"] = "Harbour Analytics Ltd", ["BillingStreet"] = "1 Quay", ["BillingCity"] = "Cork", ["BillingCountryCode"] = "IE" }),
            [Record("Contact", new() { ["Id"] = "003000000000001AAA", ["Name"] = "Ada Byrne", ["Email"] = "billing@harbour.example" })],
            [Record("Product2", new() { ["Id"] = "01t000000000001AAA", ["ProductCode"] = "SEAT", ["Name"] = "Seat", ["IsActive"] = true, ["Hub_Stripe_Product_Id__c"] = "prod_SEAT" })],
            [Record("PricebookEntry", new() { ["Id"] = "01u000000000001AAA", ["Product2Id"] = "01t000000000001AAA", ["UnitPrice"] = 300.00m, ["CurrencyIsoCode"] = "USD" })],
            null);
    }

    private static JsonObject Opportunity() => new()
    {
        ["Id"] = "006000000000001AAA",
        ["Name"] = "Harbour Analytics, seats",
        ["AccountId"] = "001000000000001AAA",
        ["StageName"] = "Closed Won",
        ["IsWon"] = true,
        ["IsClosed"] = true,
        ["Type"] = "New",
        ["CurrencyIsoCode"] = "USD",
        ["CloseDate"] = "2026-10-01",
        ["SystemModstamp"] = "2026-10-01T08:31:00.000+0000",
        ["Hub_Contract_Start__c"] = "2026-10-15",
        ["Hub_Payment_Terms__c"] = "Net 20",
        ["Hub_PO_Number__c"] = "PO-4711",
        ["Hub_Billing_Contact__c"] = "003000000000001AAA",
    };

    private static JsonObject Line(int number, int quantity, decimal price, string basis) => new()
    {
        ["Id"] = string.Create(CultureInfo.InvariantCulture, $"00k{number + 1:D12}AAA"),
        ["OpportunityId"] = "006000000000001AAA",
        ["Product2Id"] = "01t000000000001AAA",
        ["PricebookEntryId"] = "01u000000000001AAA",
        ["CurrencyIsoCode"] = "USD",
        ["Quantity"] = quantity,
        ["UnitPrice"] = price,
        ["TotalPrice"] = quantity * price,
        ["Hub_Price_Basis__c"] = basis,
        ["Hub_Charge_Type__c"] = "Recurring",
    };

    private static SalesforceRecord Record(string name, JsonObject json) => SalesforceRecord.From(name, JsonSerializer.SerializeToElement(json));

    private static string Text(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
