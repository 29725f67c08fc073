using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.Money;
using Hub.Core.Reconciliation;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Tests.Reconciliation;

/// <summary>
/// The standard contract: 10 SEAT at USD 50.00 a month, monthly, 2027-01-01 to 2027-12-31 (12 periods of 500.00, 6,000.00 in all), closed on
/// 2026-12-28. Today is 2027-03-15: January to March are due and invoiced, nine periods remain.
/// </summary>
internal static class TestBooks
{
    public const string Opportunity = "006000000000001AAA";

    public static LocalDate Today { get; } = new(2027, 3, 15);

    public static MatchTerms Terms(LocalDate? asOf = null, ReconciliationOptions? options = null) =>
        new(asOf ?? Today, DateTimeZone.Utc, options ?? new ReconciliationOptions());

    public static ContractBooks Standard() => new(
        Opportunity, Read(Deal()), [Subscription()], [Invoice(1), Invoice(2), Invoice(3)], []);

    public static SoldContract Read(ContractedDeal deal) => DealReading.Read(deal, DateTimeZone.Utc);

    public static SoldContract Sold(Action<JsonObject>? change = null, params JsonObject[] lines) => Read(Deal(change, lines));

    public static ContractedDeal Deal(Action<JsonObject>? change = null, params JsonObject[] lines)
    {
        var opportunity = new JsonObject
        {
            ["Id"] = "006000000000001",
            ["AccountId"] = "001000000000001AAA",
            ["IsWon"] = true,
            ["IsDeleted"] = false,
            ["StageName"] = "Closed Won",
            ["Type"] = "New",
            ["CurrencyIsoCode"] = "USD",
            ["CloseDate"] = "2026-12-28",
            ["LastStageChangeDate"] = "2026-12-28T10:00:00.000+0000",
            ["SystemModstamp"] = "2026-12-28T10:00:00.000+0000",
            ["Hub_Contract_Start__c"] = "2027-01-01",
            ["Hub_Term_Months__c"] = 12.0,
            ["Hub_Billing_Frequency__c"] = "Monthly",
        };
        change?.Invoke(opportunity);
        JsonObject[] sold = lines.Length == 0 ? [Line()] : lines;
        return new ContractedDeal(
            new DealSnapshot(
                Record("Opportunity", opportunity),
                [.. sold.Select(line => Record("OpportunityLineItem", line))],
                null, [],
                [Product("SEAT"), Product("DATA"), Product("SETUP"), Product("CALLS")],
                [], null),
            opportunity["IsDeleted"]!.GetValue<bool>());
    }

    public static JsonObject Line(
        string product = "SEAT", decimal quantity = 10, decimal price = 50, string basis = "Month", string charge = "Recurring", Action<JsonObject>? change = null)
    {
        var line = new JsonObject
        {
            ["Id"] = "00k000000000001AAA",
            ["Product2Id"] = ProductId(product),
            ["Quantity"] = quantity,
            ["UnitPrice"] = price,
            ["Hub_Price_Basis__c"] = basis,
            ["Hub_Charge_Type__c"] = charge,
        };
        change?.Invoke(line);
        return line;
    }

    public static BilledSubscription Subscription(string id = "sub_1", string? opportunity = Opportunity, params BilledItem[] items) => new(
        id, "active", true, "cus_1", "001000000000001AAA", opportunity, "usd", At(2027, 1, 1), At(2028, 1, 1), null, null, null, null, 30, true,
        items.Length == 0 ? [Item()] : [.. items]);

    public static BilledItem Item(string product = "SEAT", decimal quantity = 10, decimal unit = 5_000, int months = 1, params decimal[] percentOff) => new(
        $"si_{product}", StripeProduct(product), quantity, unit, new BillingInterval(IntervalUnit.Month, months), false, [.. percentOff], null);

    /// <summary>An open invoice on the first of the month of 2027, billing that month; net is the sum of its lines.</summary>
    public static Invoice Invoice(int month, params InvoiceLine[] lines) => InvoiceOn(new LocalDate(2027, month, 1), lines);

    public static Invoice InvoiceOn(LocalDate date, params InvoiceLine[] lines)
    {
        ImmutableArray<InvoiceLine> billed = lines.Length == 0 ? [LineOn(date)] : [.. lines];
        long net = billed.Sum(line => line.Amount - line.Discount);
        return new Invoice(
            $"in_{LocalDatePattern.Iso.Format(date)}", null, "cus_1", "pay@example.com", "Example Ltd", "sub_1", Opportunity, InvoiceStatus.Open, true, true,
            Currency.Usd, net, net, net, 0, net, 0, 0, At(date), At(date), null, At(date.PlusDays(30)), "https://pay.example/1", billed);
    }

    public static InvoiceLine LineOn(LocalDate date, string product = "SEAT", decimal quantity = 10, decimal unit = 5_000, params decimal[] percentOff)
    {
        decimal percent = 100 - percentOff.Aggregate(100m, (left, off) => left * (100 - off) / 100);
        long gross = (long)Math.Round(quantity * unit, MidpointRounding.AwayFromZero);
        long discount = (long)Math.Round(quantity * unit * percent / 100, MidpointRounding.AwayFromZero);
        return new InvoiceLine(
            $"il_{product}", StripeProduct(product), quantity, unit, gross, discount, [.. percentOff], At(date), At(date.PlusMonths(1)), false);
    }

    public static BilledCreditNote CreditNote(string invoice, long net, string? adjustment = null) =>
        new("cn_1", invoice, "cus_1", "usd", net, "issued", adjustment, At(2027, 3, 10));

    public static Instant At(int year, int month, int day) => Instant.FromUtc(year, month, day, 0, 0);

    public static Instant At(LocalDate date) => date.AtMidnight().InUtc().ToInstant();

    public static string StripeProduct(string code) => $"prod_{code}";

    /// <summary>The one row, as kind, key, realised and at risk.</summary>
    public static (string Kind, string Key, long Realised, long AtRisk) Only(ContractVerdict verdict)
    {
        Assert.True(verdict.FootOk, "The foot test failed.");
        Discrepancy row = Assert.Single(verdict.Rows);
        return (row.Kind, row.Key, row.Realised, row.AtRisk);
    }

    private static string ProductId(string code) => $"01t{code.PadRight(12, '0')}";

    private static SalesforceRecord Product(string code) => Record(
        "Product2", new JsonObject { ["Id"] = SalesforceId.Parse(ProductId(code)).Value, ["ProductCode"] = code, ["Hub_Stripe_Product_Id__c"] = StripeProduct(code) });

    private static SalesforceRecord Record(string type, JsonObject fields) =>
        SalesforceRecord.From(type, JsonSerializer.SerializeToElement(fields));
}
