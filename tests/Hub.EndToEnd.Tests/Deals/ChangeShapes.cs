namespace Hub.EndToEnd.Tests.Deals;

/// <summary>Lines that begin or end inside a billing period: the Hub issues the difference itself, on the day of the change.</summary>
internal static class ChangeShapes
{
    private static readonly (string Field, object? Value) PerYear = ("Hub_Price_Basis__c", "Year");

    public static IEnumerable<Sale> Sales(Catalogue catalogue)
    {
        // 5 × 120.00 × 6/12 = 300.00 from 1 September; 20 days later is 21 September.
        yield return Seats(catalogue, "more seats within a paid year", 12, 10, 15).Terms("Net 20").HubIssuesOn("2028-09-01")
            .Bills("2028-03-01 120000 due 2028-03-21: SEAT 120000", "2028-09-01 30000 due 2028-09-21: SEAT 30000");

        // −4 × 120.00 × 6/12 = −240.00; the next year costs 6 × 120.00.
        yield return Seats(catalogue, "fewer seats, to the balance", 24, 10, 6).HubIssuesOn("2028-09-01")
            .Bills("2028-03-01 120000 due 2028-03-01: SEAT 120000", "2028-09-01 -24000 due -: SEAT -24000", "2029-03-01 72000 due 2029-03-01: SEAT 72000");

        yield return Seats(catalogue, "fewer seats, a credit note", 12, 10, 6).With(("Hub_Credit_Policy__c", "CreditNote")).HubIssuesOn("2028-09-01")
            .Bills("2028-03-01 120000 due 2028-03-01: SEAT 120000", "2028-09-01 -24000 credit note: SEAT -24000");

        // The invoice is paid by then: what is credited goes to the balance, not back.
        yield return Seats(catalogue, "fewer seats, a credit note on what is paid", 12, 10, 6).With(("Hub_Credit_Policy__c", "CreditNote"))
            .With(("Hub_Collection_Method__c", "charge_automatically"), ("Hub_Payment_Terms__c", null))
            .Account(("Hub_Stripe_Customer_Id__c", catalogue.Id("creditor")))
            .HubIssuesOn("2028-09-01")
            .Bills("2028-03-01 120000 due -: SEAT 120000", "2028-09-01 -24000 credit note: SEAT -24000");

        yield return Seats(catalogue, "fewer seats, no credit", 24, 10, 6).With(("Hub_Credit_Policy__c", "None"))
            .BillsOn("120000: SEAT 120000", "2028-03-01")
            .BillsOn("72000: SEAT 72000", "2029-03-01");

        yield return Seats(catalogue, "more seats, nothing before the next year", 24, 10, 15).With(("Hub_Proration_Policy__c", "None"))
            .BillsOn("120000: SEAT 120000", "2028-03-01")
            .BillsOn("180000: SEAT 180000", "2029-03-01");

        // Support joins on 11 May: 21 of 31 days of 31.00.
        yield return catalogue.Sale("a line joins within a month").Term("2028-05-01", 3, "Monthly").With(("Hub_Proration_Policy__c", "Day")).HubIssuesOn("2028-05-11")
            .Line("PLATFORM", 1, 100.00m)
            .Line("SUPPORT", 1, 31.00m, "2028-05-11", null)
            .BillsOn("10000: PLATFORM 10000", "2028-05-01")
            .BillsOn("2100: SUPPORT 2100", "2028-05-11")
            .BillsOn("13100: PLATFORM 10000, SUPPORT 3100", "2028-06-01", "2028-07-01");

        // Support leaves after 20 June: 10 of 30 days of 30.00 come back.
        yield return catalogue.Sale("a line leaves within a month").Term("2028-05-01", 3, "Monthly").With(("Hub_Proration_Policy__c", "Day")).HubIssuesOn("2028-06-21")
            .Line("PLATFORM", 1, 100.00m)
            .Line("SUPPORT", 1, 30.00m, null, "2028-06-20")
            .Bills(
                "2028-05-01 13000 due 2028-05-01: PLATFORM 10000, SUPPORT 3000", "2028-06-01 13000 due 2028-06-01: PLATFORM 10000, SUPPORT 3000",
                "2028-06-21 -1000 due -: SUPPORT -1000", "2028-07-01 10000 due 2028-07-01: PLATFORM 10000");

        // 7.250 × 21/31 = 4.9113; the dinar is billed in steps of 0.010.
        yield return catalogue.Sale("a line joins within a month, in dinar").With(("CurrencyIsoCode", "KWD"), ("Hub_Proration_Policy__c", "Day")).Term("2028-05-01", 2, "Monthly")
            .HubIssuesOn("2028-05-11")
            .Line("PLATFORM", 1, 7.250m)
            .Line("SUPPORT", 1, 7.250m, "2028-05-11", null)
            .BillsOn("7250: PLATFORM 7250", "2028-05-01")
            .BillsOn("4910: SUPPORT 4910", "2028-05-11")
            .BillsOn("14500: PLATFORM 7250, SUPPORT 7250", "2028-06-01");

        // 300.00 and 20 % of it.
        yield return Seats(catalogue, "more seats, with tax on top", 12, 10, 15).Account(("Hub_Tax_Rate_Id__c", catalogue.Id("exclusive"))).HubIssuesOn("2028-09-01")
            .BillsOn("144000: SEAT 120000", "2028-03-01")
            .BillsOn("36000: SEAT 30000", "2028-09-01");

        // 240.00 and 20 % of it.
        yield return Seats(catalogue, "fewer seats, a credit note with tax", 12, 10, 6).Account(("Hub_Tax_Rate_Id__c", catalogue.Id("exclusive")))
            .With(("Hub_Credit_Policy__c", "CreditNote")).HubIssuesOn("2028-09-01")
            .Bills("2028-03-01 144000 due 2028-03-01: SEAT 120000", "2028-09-01 -28800 credit note: SEAT -24000");

        yield return Seats(catalogue, "fewer seats, to the balance with tax", 12, 10, 6).Account(("Hub_Tax_Rate_Id__c", catalogue.Id("exclusive"))).HubIssuesOn("2028-09-01")
            .Bills("2028-03-01 144000 due 2028-03-01: SEAT 120000", "2028-09-01 -28800 due -: SEAT -24000");

        // −10 × 120.00 × 6/12 and 10 × 180.00 × 6/12.
        yield return catalogue.Sale("another price within a paid year").Term("2028-03-01", 12, "Annual").HubIssuesOn("2028-09-01").With(("Hub_PO_Number__c", "PO-4712"))
            .Line("SEAT", 10, 120.00m, "2028-03-01", "2028-08-31", PerYear)
            .Line("SEAT", 10, 180.00m, "2028-09-01", "2029-02-28", PerYear)
            .BillsOn("120000: SEAT 120000", "2028-03-01")
            .BillsOn("30000: SEAT -60000, SEAT 90000", "2028-09-01");

        // 10 × 120.00 less 10 %, and 10 more for 6/12 of that.
        yield return catalogue.Sale("more seats, discounted").Term("2028-03-01", 12, "Annual").HubIssuesOn("2028-09-01")
            .Line("SEAT", 10, 120.00m, "2028-03-01", "2028-08-31", PerYear, ("Discount", 10), ("Hub_Show_Discount__c", true))
            .Line("SEAT", 20, 120.00m, "2028-09-01", "2029-02-28", PerYear, ("Discount", 10), ("Hub_Show_Discount__c", true))
            .BillsOn("108000: SEAT 108000", "2028-03-01")
            .BillsOn("54000: SEAT 54000", "2028-09-01");

        // Two changes within one year: 5 × 120.00 × 9/12 from June, 5 × 120.00 × 3/12 from December.
        yield return catalogue.Sale("more seats twice").Term("2028-03-01", 12, "Annual").HubIssuesOn("2028-06-01", "2028-12-01")
            .Line("SEAT", 10, 120.00m, "2028-03-01", "2028-05-31", PerYear)
            .Line("SEAT", 15, 120.00m, "2028-06-01", "2028-11-30", PerYear)
            .Line("SEAT", 20, 120.00m, "2028-12-01", "2029-02-28", PerYear)
            .BillsOn("120000: SEAT 120000", "2028-03-01")
            .BillsOn("45000: SEAT 45000", "2028-06-01")
            .BillsOn("15000: SEAT 15000", "2028-12-01");

        // The change was on 1 February, before the deal was processed: 5 × 120.00 × 10/12 on the day of processing.
        yield return catalogue.Sale("more seats before the deal was processed").Term("2027-12-01", 12, "Annual").HubIssuesOn("2028-02-10")
            .Line("SEAT", 10, 120.00m, "2027-12-01", "2028-01-31", PerYear)
            .Line("SEAT", 15, 120.00m, "2028-02-01", "2028-11-30", PerYear)
            .Bills("2028-02-10 120000 due 2028-02-10: SEAT 120000", "2028-02-10 50000 due 2028-02-10: SEAT 50000");

        // The invoice to be credited is a draft for an hour: 4 × 120.00 × 10/12 follow then.
        yield return catalogue.Sale("fewer seats before the deal was processed").Term("2027-12-01", 12, "Annual").HubIssuesOn("2028-02-10")
            .With(("Hub_Credit_Policy__c", "CreditNote"))
            .Line("SEAT", 10, 120.00m, "2027-12-01", "2028-01-31", PerYear)
            .Line("SEAT", 6, 120.00m, "2028-02-01", "2028-11-30", PerYear)
            .Bills("2028-02-10 120000 due 2028-02-10: SEAT 120000", "2028-02-10 -40000 credit note: SEAT -40000");
    }

    private static Sale Seats(Catalogue catalogue, string label, int months, int before, int after) => catalogue.Sale(label)
        .Term("2028-03-01", months, "Annual")
        .Line("SEAT", before, 120.00m, "2028-03-01", "2028-08-31", PerYear)
        .Line("SEAT", after, 120.00m, "2028-09-01", months == 12 ? "2029-02-28" : "2030-02-28", PerYear);
}
