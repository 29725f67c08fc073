namespace Hub.EndToEnd.Tests.Deals;

/// <summary>Tiers, usage, discounts, currencies, tax and ways to pay. All are won and processed on 10 February 2028.</summary>
internal static class PriceShapes
{
    private static readonly (string Field, object? Value) Shown = ("Hub_Show_Discount__c", true);

    public static IEnumerable<Sale> Sales(Catalogue catalogue)
    {
        yield return catalogue.Sale("billed to the parent account").Term("2028-03-01", 2, "Monthly").Line("SEAT", 10, 12.00m).BilledToParent()
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01");

        // 10 × 12.00 less 10 %, and a day of training beside the first month.
        yield return catalogue.Sale("a synced quote").Term("2028-03-01", 2, "Monthly").Line("SEAT", 10, 12.00m, ("Discount", 10)).Once("TRAINING", 1, 800.00m).Quoted("00000041")
            .BillsOn("90800: SEAT 10800, TRAINING 80000", "2028-03-01").BillsOn("10800: SEAT 10800", "2028-04-01");

        // 50 × 12.00 + 150 × 11.00 + 50 × 9.50 = 2 725.00; 10.90 each on average.
        yield return catalogue.Sale("graduated tiers").Term("2028-03-05", 3, "Monthly")
            .Line("SEAT", 250, 10.90m, ("Hub_Price_Tiers__c", "1-50: 12.00; 51-200: 11.00; 201+: 9.50"), ("Hub_Tiers_Mode__c", "Graduated"))
            .BillsOn("272500: SEAT 272500", "2028-03-05", "2028-04-05", "2028-05-05");

        // 60 × 9.50 × 3 months.
        yield return catalogue.Sale("volume tiers").Term("2028-03-05", 6, "Quarterly")
            .Line("SEAT", 60, 9.50m, ("Hub_Price_Tiers__c", "1-50: 12.00; 51+: 9.50"), ("Hub_Tiers_Mode__c", "Volume"))
            .BillsOn("171000: SEAT 171000", "2028-03-05", "2028-06-05");

        // Usage at 0.02 comes with the next month, the last of it on the end date.
        yield return catalogue.Sale("usage beside a monthly fee").Term("2028-03-01", 3, "Monthly")
            .Line("PLATFORM", 1, 100.00m)
            .Usage(0.02m)
            .Reads("2028-03-01", 10_000).Reads("2028-04-01", 20_000).Reads("2028-05-01", 5_000)
            .BillsOn("10000: PLATFORM 10000", "2028-03-01")
            .BillsOn("30000: API 20000, PLATFORM 10000", "2028-04-01")
            .BillsOn("50000: API 40000, PLATFORM 10000", "2028-05-01")
            .BillsOn("10000: API 10000", "2028-06-01");

        // 1 500 and 700 at 0.10.
        yield return catalogue.Sale("usage alone").Term("2028-03-15", 2, "Monthly").Terms("Net 7")
            .Usage(0.10m)
            .Reads("2028-03-15", 1_500).Reads("2028-04-15", 700)
            .Bills("2028-04-15 15000 due 2028-04-22: API 15000", "2028-05-15 7000 due 2028-05-22: API 7000");

        // 1 000 × 0.10 + 2 000 × 0.05.
        yield return catalogue.Sale("usage in tiers").Term("2028-04-01", 1, "Monthly")
            .Usage(0.10m, ("Hub_Price_Tiers__c", "1-1000: 0.10; 1001+: 0.05"), ("Hub_Tiers_Mode__c", "Graduated"))
            .Reads("2028-04-01", 3_000)
            .BillsOn("20000: API 20000", "2028-05-01");

        // 20 % off for three months, as a coupon.
        yield return catalogue.Sale("a shown discount for three months").Term("2028-03-01", 6, "Monthly")
            .Line("SEAT", 10, 100.00m, ("Discount", 20), ("Hub_Show_Discount__c", true), ("Hub_Discount_Months__c", 3))
            .BillsOn("80000: SEAT 80000", "2028-03-01", "2028-04-01", "2028-05-01")
            .BillsOn("100000: SEAT 100000", "2028-06-01", "2028-07-01", "2028-08-01");

        // 100.00 a quarter less 12.5 %; the last month 33.33⅓ less 12.5 % = 29.16⅔, where 33.33 less 4.17 would be 29.16.
        yield return catalogue.Sale("a shown discount in a stub").Term("2028-03-01", 4, "Quarterly")
            .Line("SEAT", 1, 100.00m, ("Hub_Price_Basis__c", "Quarter"), ("Discount", 12.5), ("Hub_Show_Discount__c", true))
            .BillsOn("8750: SEAT 8750", "2028-03-01").BillsOn("2917: SEAT 2917", "2028-06-01");

        // 100.000 KWD a quarter; the last month is 33.333⅓, of which coins make 33.330.
        yield return catalogue.Sale("a stub in dinar").With(("CurrencyIsoCode", "KWD")).Term("2028-03-01", 4, "Quarterly")
            .Line("SEAT", 1, 100.00m, ("Hub_Price_Basis__c", "Quarter"))
            .BillsOn("100000: SEAT 100000", "2028-03-01").BillsOn("33330: SEAT 33330", "2028-06-01");

        // 25 % off for two months, in the price.
        yield return catalogue.Sale("a netted discount for two months").Term("2028-03-01", 4, "Monthly")
            .Line("SUPPORT", 1, 50.00m, ("Discount", 25), ("Hub_Discount_Months__c", 2))
            .BillsOn("3750: SUPPORT 3750", "2028-03-01", "2028-04-01")
            .BillsOn("5000: SUPPORT 5000", "2028-05-01", "2028-06-01");

        // Two percentages of different length in one deal: 10 % on seats for the whole term, 50 % on support for one month.
        yield return catalogue.Sale("two discounts of different length").Term("2028-03-01", 3, "Monthly")
            .Line("SEAT", 10, 10.00m, ("Discount", 10), ("Hub_Show_Discount__c", true))
            .Line("SUPPORT", 1, 50.00m, ("Discount", 50), ("Hub_Show_Discount__c", true), ("Hub_Discount_Months__c", 1))
            .BillsOn("11500: SEAT 9000, SUPPORT 2500", "2028-03-01")
            .BillsOn("14000: SEAT 9000, SUPPORT 5000", "2028-04-01", "2028-05-01");

        // 10 × (100.00 − 10 % − 5.00): two coupons one after the other, for three months.
        yield return catalogue.Sale("an amount off after a percentage, for three months").Term("2028-03-01", 5, "Monthly")
            .Line("SEAT", 10, 100.00m, ("Discount", 10), AmountOff(5.00m), Shown, ("Hub_Discount_Months__c", 3))
            .BillsOn("85000: SEAT 85000", "2028-03-01", "2028-04-01", "2028-05-01")
            .BillsOn("100000: SEAT 100000", "2028-06-01", "2028-07-01");

        // 10 × (100.00 − 10 % − 5.00), in the price.
        yield return catalogue.Sale("a netted amount off after a percentage").Term("2028-03-01", 2, "Monthly")
            .Line("SEAT", 10, 100.00m, ("Discount", 10), AmountOff(5.00m))
            .BillsOn("85000: SEAT 85000", "2028-03-01", "2028-04-01");

        // 7 × 100.00 a year less 7 × 10.10, then two months of it: 116.67 less 11.78, each rounded for itself (together they would be 104.88).
        yield return catalogue.Sale("an amount off a year and its stub").Term("2028-03-01", 14, "Annual")
            .Line("SEAT", 7, 100.00m, ("Hub_Price_Basis__c", "Year"), AmountOff(10.10m), Shown)
            .BillsOn("62930: SEAT 62930", "2028-03-01")
            .BillsOn("10489: SEAT 10489", "2029-03-01");

        // 10 × (20.00 − 1.00) and 5 × (20.00 − 2.00) a month, 2 × (90.00 − 5.00) × 3 months, 2 × (450.00 − 50.00) once.
        yield return catalogue.Sale("amounts off several lines").Term("2028-03-01", 3, "Monthly")
            .Line("SEAT", 10, 20.00m, AmountOff(1.00m), Shown)
            .Line("SEAT", 5, 20.00m, AmountOff(2.00m), Shown)
            .Line("SUPPORT", 2, 90.00m, ("Hub_Billing_Frequency__c", "Quarterly"), AmountOff(5.00m), Shown)
            .Once("SETUP", 2, 450.00m, AmountOff(50.00m), Shown)
            .BillsOn("159000: SEAT 19000, SEAT 9000, SETUP 80000, SUPPORT 51000", "2028-03-01")
            .BillsOn("28000: SEAT 19000, SEAT 9000", "2028-04-01", "2028-05-01");

        // 2.5 × 800.00 less 2.5 × 100.00.
        yield return catalogue.Sale("an amount off a plain invoice").Terms("Net 10")
            .Once("SETUP", 2.5m, 800.00m, AmountOff(100.00m), Shown)
            .Bills("2028-02-10 175000 due 2028-02-20: SETUP 175000");

        // A month free, then 2 × 10.00 less 2 × 1.00.
        yield return catalogue.Sale("an amount off after a free month").Term("2028-03-01", 3, "Monthly").With(("Hub_Free_Months__c", 1))
            .Line("SEAT", 2, 10.00m, AmountOff(1.00m), Shown)
            .BillsOn("1800: SEAT 1800", "2028-04-01", "2028-05-01");

        // 50 × 11.00 + 10 × 10.00, each tier a dollar less.
        yield return catalogue.Sale("an amount off every tier").Term("2028-03-05", 2, "Monthly")
            .Line("SEAT", 60, 11.83m, ("Hub_Price_Tiers__c", "1-50: 12.00; 51+: 11.00"), ("Hub_Tiers_Mode__c", "Graduated"), AmountOff(1.00m))
            .BillsOn("65000: SEAT 65000", "2028-03-05", "2028-04-05");

        // 3 × 7.250 less 3 × 0.250.
        yield return catalogue.Sale("dinars off").With(("CurrencyIsoCode", "KWD")).Term("2028-03-01", 2, "Monthly")
            .Line("SEAT", 3, 7.250m, AmountOff(0.250m), Shown)
            .BillsOn("21000: SEAT 21000", "2028-03-01", "2028-04-01");

        // 10 × 3 000 less 10 × 0.5.
        yield return catalogue.Sale("half a yen off each").With(("CurrencyIsoCode", "JPY")).Term("2028-03-01", 2, "Monthly")
            .Line("SEAT", 10, 3000m, AmountOff(0.5m), Shown)
            .BillsOn("29995: SEAT 29995", "2028-03-01", "2028-04-01");

        // January's and February's periods had begun: 5 × 10.00 less 5 × 2.00 each.
        yield return catalogue.Sale("an amount off periods that had begun").Term("2028-01-05", 3, "Monthly")
            .Line("SEAT", 5, 10.00m, AmountOff(2.00m), Shown)
            .Bills("2028-02-10 8000 due 2028-02-10: SEAT 4000, SEAT 4000", "2028-03-05 4000 due 2028-03-05: SEAT 4000");

        // 100.00 a year is 8.333333333333 a month; twelve of them are 100.00.
        yield return catalogue.Sale("a price of twelve decimals").Term("2028-03-01", 3, "Monthly")
            .Line("SEAT", 12, 100.00m, ("Hub_Price_Basis__c", "Year"))
            .BillsOn("10000: SEAT 10000", "2028-03-01", "2028-04-01", "2028-05-01");

        // 10 × 20.00 and 5 × 20.00.
        yield return catalogue.Sale("two lines of one product").Term("2028-03-01", 2, "Monthly")
            .Line("SEAT", 10, 20.00m)
            .Line("SEAT", 5, 20.00m)
            .BillsOn("30000: SEAT 10000, SEAT 20000", "2028-03-01", "2028-04-01");

        // The same with a price that Stripe has already; it can stand on one item only.
        yield return catalogue.Sale("two lines of one stored price").Term("2028-03-01", 2, "Monthly")
            .Line("SEAT", 10, 20.00m, ("Priced", true))
            .Line("SEAT", 5, 20.00m, ("Priced", true))
            .BillsOn("30000: SEAT 10000, SEAT 20000", "2028-03-01", "2028-04-01");

        yield return catalogue.Sale("yen").With(("CurrencyIsoCode", "JPY")).Term("2028-03-01", 2, "Monthly")
            .Line("SEAT", 10, 1200m)
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01");

        yield return catalogue.Sale("dinar").With(("CurrencyIsoCode", "KWD")).Term("2028-03-01", 2, "Monthly")
            .Line("PLATFORM", 1, 7.250m)
            .BillsOn("7250: PLATFORM 7250", "2028-03-01", "2028-04-01");

        yield return catalogue.Sale("a purchase order").Term("2028-03-01", 2, "Monthly").With(("Hub_PO_Number__c", "PO-4711"))
            .Line("PLATFORM", 1, 10.00m)
            .BillsOn("1000: PLATFORM 1000", "2028-03-01", "2028-04-01");

        // Charged at once: no due date.
        yield return catalogue.Sale("a saved payment method").Term("2028-03-01", 2, "Monthly")
            .With(("Hub_Collection_Method__c", "charge_automatically"), ("Hub_Payment_Terms__c", null))
            .Account(("Hub_Stripe_Customer_Id__c", catalogue.Id("payer")))
            .Line("PLATFORM", 1, 100.00m)
            .Bills("2028-03-01 10000 due -: PLATFORM 10000", "2028-04-01 10000 due -: PLATFORM 10000");

        // 99.99 + 20.00 tax (19.998) and 10.01 + 2.00 tax (2.002): rounded line by line.
        yield return catalogue.Sale("tax on top").Term("2028-03-01", 2, "Monthly")
            .Account(("Hub_Tax_Rate_Id__c", catalogue.Id("exclusive")))
            .Line("SEAT", 3, 33.33m)
            .Line("SUPPORT", 1, 10.01m)
            .BillsOn("13200: SEAT 9999, SUPPORT 1001", "2028-03-01", "2028-04-01");

        // 20 % on the price less 15 %: 85.00 + 17.00, and on the setup fee: 50.00 + 10.00.
        yield return catalogue.Sale("tax on top of a discount").Term("2028-03-01", 1, "Monthly")
            .Account(("Hub_Tax_Rate_Id__c", catalogue.Id("exclusive")))
            .Line("SEAT", 1, 100.00m, ("Discount", 15), ("Hub_Show_Discount__c", true))
            .Once("SETUP", 1, 50.00m)
            .BillsOn("16200: SEAT 8500, SETUP 5000", "2028-03-01");

        yield return catalogue.Sale("tax in the price").Term("2028-03-01", 1, "Monthly")
            .Account(("Hub_Tax_Rate_Id__c", catalogue.Id("inclusive")))
            .Line("PLATFORM", 1, 119.00m)
            .BillsOn("11900: PLATFORM 11900", "2028-03-01");

        // 450.00 + 90.00 on a plain invoice.
        yield return catalogue.Sale("tax on a plain invoice").Terms("Net 10")
            .Account(("Hub_Tax_Rate_Id__c", catalogue.Id("exclusive")))
            .Once("SETUP", 1, 450.00m)
            .Bills("2028-02-10 54000 due 2028-02-20: SETUP 45000");

        yield return catalogue.Sale("a tax id and reverse charge").Term("2028-03-01", 1, "Monthly")
            .Account(("Hub_Tax_Id__c", "DE123456789"), ("Hub_Tax_Id_Type__c", "eu_vat"), ("Hub_Tax_Exempt__c", "reverse"), ("Hub_Billing_Language__c", "de"))
            .Line("PLATFORM", 1, 50.00m)
            .BillsOn("5000: PLATFORM 5000", "2028-03-01");
    }

    private static (string Field, object? Value) AmountOff(decimal perUnit) => ("Hub_Discount_Amount__c", perUnit);
}
