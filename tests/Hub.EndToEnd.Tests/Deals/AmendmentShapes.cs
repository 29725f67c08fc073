namespace Hub.EndToEnd.Tests.Deals;

/// <summary>Opportunities that amend a running contract, won while it runs.</summary>
internal static class AmendmentShapes
{
    private static readonly (string Field, object? Value) ByDay = ("Hub_Proration_Policy__c", "Day");

    public static IEnumerable<Sale> Sales(Catalogue catalogue)
    {
        // 10 × 12.00 a month; 5 more from May.
        yield return Monthly(catalogue, "an upsell on a billing date", 6)
            .Changed("2028-04-20", "Upsell", "2028-05-01", change => change.Line("SEAT", 5, 12.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01")
            .BillsOn("18000: SEAT 18000", "2028-05-01", "2028-06-01", "2028-07-01", "2028-08-01");

        // Net 7 from May on, when nothing else changes yet; 5 more from June.
        yield return Monthly(catalogue, "other payment terms before anything else changes", 4)
            .Changed("2028-04-20", "Upsell", "2028-05-01", change => change.Terms("Net 7").Line("SEAT", 5, 12.00m, "2028-06-01", null))
            .Bills(
                "2028-03-01 12000 due 2028-03-01: SEAT 12000", "2028-04-01 12000 due 2028-04-01: SEAT 12000", "2028-05-01 12000 due 2028-05-08: SEAT 12000",
                "2028-06-01 18000 due 2028-06-08: SEAT 18000");

        // A file knows days only; Stripe issued May's invoice at midnight, so the five more of May are on the Hub's own.
        yield return Monthly(catalogue, "an upsell on the day it takes effect", 4).HubIssuesOn("2028-05-01")
            .Changed("2028-05-01", "Upsell", "2028-05-01", change => change.Line("SEAT", 5, 12.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01")
            .BillsOn("18000: SEAT 18000", "2028-05-01", "2028-06-01")
            .IssuedAs(
                "2028-03-01 12000 due 2028-03-01: SEAT 12000", "2028-04-01 12000 due 2028-04-01: SEAT 12000", "2028-05-01 12000 due 2028-05-01: SEAT 12000",
                "2028-05-01 6000 due 2028-05-01: SEAT 6000", "2028-06-01 18000 due 2028-06-01: SEAT 18000");

        // 5 × 120.00 × 6/12.
        yield return Annual(catalogue, "an upsell within a paid year").HubIssuesOn("2028-09-01")
            .Changed("2028-05-10", "Upsell", "2028-09-01", change => change.Line("SEAT", 5, 10.00m))
            .BillsOn("120000: SEAT 120000", "2028-03-01")
            .BillsOn("30000: SEAT 30000", "2028-09-01");

        // 16 April, won on 10 May: 15/30 of April's 60.00, and May's.
        yield return Monthly(catalogue, "an upsell for the past", 4).HubIssuesOn("2028-05-10")
            .Changed("2028-05-10", "Upsell", "2028-04-16", change => change.With(ByDay).Line("SEAT", 5, 12.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01", "2028-05-01")
            .BillsOn("9000: SEAT 3000, SEAT 6000", "2028-05-10")
            .BillsOn("18000: SEAT 18000", "2028-06-01");

        yield return Monthly(catalogue, "a downsell on a billing date", 4)
            .Changed("2028-04-20", "Downsell", "2028-05-01", change => change.Line("SEAT", -4, 12.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01")
            .BillsOn("7200: SEAT 7200", "2028-05-01", "2028-06-01");

        // 4 × 120.00 × 6/12 come back.
        yield return Annual(catalogue, "a downsell to the balance").HubIssuesOn("2028-09-01")
            .Changed("2028-05-11", "Downsell", "2028-09-01", change => change.Line("SEAT", -4, 10.00m))
            .Bills("2028-03-01 120000 due 2028-03-01: SEAT 120000", "2028-09-01 -24000 due -: SEAT -24000");

        yield return Annual(catalogue, "a downsell by credit note").HubIssuesOn("2028-09-01")
            .Changed("2028-05-12", "Downsell", "2028-09-01", change => change.With(("Hub_Credit_Policy__c", "CreditNote")).Line("SEAT", -4, 10.00m))
            .Bills("2028-03-01 120000 due 2028-03-01: SEAT 120000", "2028-09-01 -24000 credit note: SEAT -24000");

        yield return Annual(catalogue, "a downsell without credit")
            .Changed("2028-05-13", "Downsell", "2028-09-01", change => change.With(("Hub_Credit_Policy__c", "None")).Line("SEAT", -4, 10.00m))
            .BillsOn("120000: SEAT 120000", "2028-03-01");

        // 10 × (10.00 − 1.00) for a year; 5 more for 6/12 of it, and 15 at 9.00 the year after.
        yield return AmountOff(catalogue, "an upsell at an amount off", 24).HubIssuesOn("2028-09-01")
            .Changed("2028-05-10", "Upsell", "2028-09-01", change => change.Line("SEAT", 5, 10.00m, ("Hub_Discount_Amount__c", 1.00m), ("Hub_Show_Discount__c", true)))
            .BillsOn("108000: SEAT 108000", "2028-03-01")
            .BillsOn("27000: SEAT 27000", "2028-09-01")
            .BillsOn("162000: SEAT 162000", "2029-03-01");

        // 4 × 108.00 × 6/12 come back.
        yield return AmountOff(catalogue, "a downsell at an amount off", 12).HubIssuesOn("2028-09-01")
            .Changed("2028-05-11", "Downsell", "2028-09-01", change => change.Line("SEAT", -4, 10.00m, ("Hub_Discount_Amount__c", 1.00m)))
            .Bills("2028-03-01 108000 due 2028-03-01: SEAT 108000", "2028-09-01 -21600 due -: SEAT -21600");

        yield return Monthly(catalogue, "another price on a billing date", 4)
            .Changed("2028-04-20", "Upsell", "2028-05-01", change => change.Line("SEAT", -10, 12.00m).Line("SEAT", 10, 13.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01")
            .BillsOn("13000: SEAT 13000", "2028-05-01", "2028-06-01");

        yield return Monthly(catalogue, "a termination on a billing date", 6)
            .Changed("2028-04-21", "Termination", "2028-06-01", change => change)
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01", "2028-05-01");

        // 10 × 120.00 × 6/12 come back.
        yield return Annual(catalogue, "a termination within a paid year").HubIssuesOn("2028-09-01")
            .Changed("2028-05-14", "Termination", "2028-09-01", change => change)
            .Bills("2028-03-01 120000 due 2028-03-01: SEAT 120000", "2028-09-01 -60000 due -: SEAT -60000");

        // June is not billed yet: 15 of 30 days.
        yield return Monthly(catalogue, "a termination within a month to come", 6)
            .Changed("2028-04-10", "Termination", "2028-06-16", change => change)
            .Bills(
                "2028-03-01 12000 due 2028-03-01: SEAT 12000", "2028-04-01 12000 due 2028-04-01: SEAT 12000", "2028-05-01 12000 due 2028-05-01: SEAT 12000",
                "2028-06-01 6000 due 2028-06-01: SEAT 6000");

        // 16 of 31 days of May's 120.00 are 61.94; June comes back whole.
        yield return Monthly(catalogue, "a termination for the past", 6).HubIssuesOn("2028-06-20")
            .Changed("2028-06-20", "Termination", "2028-05-16", change => change.With(ByDay))
            .Bills(
                "2028-03-01 12000 due 2028-03-01: SEAT 12000", "2028-04-01 12000 due 2028-04-01: SEAT 12000", "2028-05-01 12000 due 2028-05-01: SEAT 12000",
                "2028-06-01 12000 due 2028-06-01: SEAT 12000", "2028-06-20 -18194 due -: SEAT -12000, SEAT -6194");

        yield return Monthly(catalogue, "a renewal as it was", 3)
            .Changed("2028-05-15", "Renewal", "2028-06-01", change => change.Line("SEAT", 10, 12.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01", "2028-05-01", "2028-06-01", "2028-07-01", "2028-08-01");

        yield return Monthly(catalogue, "an early renewal with other terms", 3)
            .Changed("2028-03-20", "Renewal", "2028-06-01", change => change.With(("Hub_Term_Months__c", 2)).Line("SEAT", 12, 13.00m).Line("SUPPORT", 1, 20.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01", "2028-05-01")
            .BillsOn("17600: SEAT 15600, SUPPORT 2000", "2028-06-01", "2028-07-01");

        // Three months and a stub of one; the new quarter begins with the new term.
        yield return catalogue.Sale("a renewal after a stub").Term("2028-03-01", 4, "Quarterly").Line("SEAT", 10, 12.00m)
            .Changed("2028-05-16", "Renewal", "2028-07-01", change => change.With(("Hub_Term_Months__c", 3)).Line("SEAT", 10, 12.00m))
            .BillsOn("36000: SEAT 36000", "2028-03-01", "2028-07-01")
            .BillsOn("12000: SEAT 12000", "2028-06-01");

        yield return Monthly(catalogue, "an extension", 3)
            .Changed("2028-04-22", "Upsell", "2028-05-01", change => change.With(("Hub_Contract_End__c", "2028-07-31")))
            .BillsOn("12000: SEAT 12000", "2028-03-01", "2028-04-01", "2028-05-01", "2028-06-01", "2028-07-01");

        yield return Monthly(catalogue, "an upsell with a setup fee", 3)
            .Changed("2028-03-21", "Upsell", "2028-04-01", change => change.Line("SEAT", 5, 12.00m).Once("SETUP", 1, 200.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01")
            .BillsOn("38000: SEAT 18000, SETUP 20000", "2028-04-01")
            .BillsOn("18000: SEAT 18000", "2028-05-01");

        // 5 more, 2 of them gone again, then support; won one after the other before the first takes effect.
        yield return Monthly(catalogue, "three amendments", 5)
            .Changed("2028-03-22", "Upsell", "2028-04-01", change => change.Line("SEAT", 5, 12.00m))
            .Changed("2028-03-23", "Downsell", "2028-05-01", change => change.Line("SEAT", -2, 12.00m))
            .Changed("2028-03-24", "Upsell", "2028-06-01", change => change.Line("SUPPORT", 1, 20.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01")
            .BillsOn("18000: SEAT 18000", "2028-04-01")
            .BillsOn("15600: SEAT 15600", "2028-05-01")
            .BillsOn("17600: SEAT 15600, SUPPORT 2000", "2028-06-01", "2028-07-01");

        // The second names the first, and is won when that one bills already.
        yield return Monthly(catalogue, "an amendment of an amendment", 4)
            .Changed("2028-03-25", "Upsell", "2028-04-01", change => change.Line("SEAT", 5, 12.00m))
            .ChangedAgain("2028-04-24", "Downsell", "2028-05-01", change => change.Line("SEAT", -2, 12.00m))
            .BillsOn("12000: SEAT 12000", "2028-03-01")
            .BillsOn("18000: SEAT 18000", "2028-04-01")
            .BillsOn("15600: SEAT 15600", "2028-05-01", "2028-06-01");
    }

    private static Sale Monthly(Catalogue catalogue, string label, int months) => catalogue.Sale(label).Term("2028-03-01", months, "Monthly").Line("SEAT", 10, 12.00m);

    private static Sale AmountOff(Catalogue catalogue, string label, int months) => catalogue.Sale(label).Term("2028-03-01", months, "Annual")
        .Line("SEAT", 10, 10.00m, ("Hub_Discount_Amount__c", 1.00m), ("Hub_Show_Discount__c", true));

    // 10 × 10.00 × 12 a year.
    private static Sale Annual(Catalogue catalogue, string label) => catalogue.Sale(label).Term("2028-03-01", 12, "Annual").Line("SEAT", 10, 10.00m);
}
