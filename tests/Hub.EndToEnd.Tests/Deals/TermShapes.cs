namespace Hub.EndToEnd.Tests.Deals;

/// <summary>Starts, lengths, frequencies and steps. All are won and processed on 10 February 2028.</summary>
internal static class TermShapes
{
    public static IEnumerable<Sale> Sales(Catalogue catalogue)
    {
        // 40 × 300.00 less 10 % = 10 800.00, and 450.00 once; 20 days after 1 March is 21 March.
        yield return catalogue.Sale("a year prepaid, with a setup fee").Term("2028-03-01", 12, "Annual").Terms("Net 20")
            .Line("SEAT", 40, 300.00m, ("Hub_Price_Basis__c", "Year"), ("Discount", 10), ("Hub_Show_Discount__c", true))
            .Once("SETUP", 1, 450.00m)
            .Bills("2028-03-01 1125000 due 2028-03-21: SEAT 1080000, SETUP 45000");

        // 5 × 10.00 on the 31st or the month's last day, and back on the 31st after a short month.
        yield return catalogue.Sale("monthly from the 31st").Term("2028-03-31", 12, "Monthly")
            .Line("SEAT", 5, 10.00m)
            .BillsOn(
                "5000: SEAT 5000",
                "2028-03-31", "2028-04-30", "2028-05-31", "2028-06-30", "2028-07-31", "2028-08-31",
                "2028-09-30", "2028-10-31", "2028-11-30", "2028-12-31", "2029-01-31", "2029-02-28");

        // A year after 29 February 2028 is 28 February 2029; the contract ends before 28 February 2030.
        yield return catalogue.Sale("two years from a leap day").Term("2028-02-29", 24, "Annual").Terms("Net 20")
            .Line("SEAT", 1, 100.00m, ("Hub_Price_Basis__c", "Year"))
            .Bills("2028-02-29 10000 due 2028-03-20: SEAT 10000", "2029-02-28 10000 due 2029-03-20: SEAT 10000");

        // The 29th of every month: 30 days after 29 February, 29 March and 29 April.
        yield return catalogue.Sale("monthly from a leap day").Term("2028-02-29", 3, "Monthly").Terms("Net 30")
            .Line("SEAT", 2, 25.00m)
            .Bills(
                "2028-02-29 5000 due 2028-03-30: SEAT 5000", "2028-03-29 5000 due 2028-04-28: SEAT 5000", "2028-04-29 5000 due 2028-05-29: SEAT 5000");

        // 10, 20, 30 seats at 600.00 a year.
        yield return catalogue.Sale("three years with more seats each year").Term("2028-03-01", 36, "Annual").Terms("Net 30")
            .Line("SEAT", 10, 600.00m, "2028-03-01", "2029-02-28", ("Hub_Price_Basis__c", "Year"))
            .Line("SEAT", 20, 600.00m, "2029-03-01", "2030-02-28", ("Hub_Price_Basis__c", "Year"))
            .Line("SEAT", 30, 600.00m, "2030-03-01", "2031-02-28", ("Hub_Price_Basis__c", "Year"))
            .Bills(
                "2028-03-01 600000 due 2028-03-31: SEAT 600000", "2029-03-01 1200000 due 2029-03-31: SEAT 1200000",
                "2030-03-01 1800000 due 2030-03-31: SEAT 1800000");

        // 10 × 50.00 × 3 months, then 10 × 55.00 × 3 months.
        yield return catalogue.Sale("quarterly with a price step").Term("2028-04-01", 12, "Quarterly")
            .Line("SEAT", 10, 50.00m, "2028-04-01", "2028-09-30")
            .Line("SEAT", 10, 55.00m, "2028-10-01", "2029-03-31")
            .BillsOn("150000: SEAT 150000", "2028-04-01", "2028-07-01")
            .BillsOn("165000: SEAT 165000", "2028-10-01", "2029-01-01");

        // Support joins on 15 June and leaves on 15 December.
        yield return catalogue.Sale("lines that begin and end on billing dates").Term("2028-03-15", 12, "Monthly")
            .Line("PLATFORM", 1, 200.00m)
            .Line("SUPPORT", 1, 80.00m, "2028-06-15", "2028-12-14")
            .BillsOn("20000: PLATFORM 20000", "2028-03-15", "2028-04-15", "2028-05-15")
            .BillsOn("28000: PLATFORM 20000, SUPPORT 8000", "2028-06-15", "2028-07-15", "2028-08-15", "2028-09-15", "2028-10-15", "2028-11-15")
            .BillsOn("20000: PLATFORM 20000", "2028-12-15", "2029-01-15", "2029-02-15");

        // 1 000.00 a year in halves; 45 days after 1 June and 1 December.
        yield return catalogue.Sale("half-yearly from June").Term("2028-06-01", 12, "Semiannual").Terms("Net 45")
            .Line("PLATFORM", 1, 1000.00m, ("Hub_Price_Basis__c", "Year"))
            .Bills("2028-06-01 50000 due 2028-07-16: PLATFORM 50000", "2028-12-01 50000 due 2029-01-15: PLATFORM 50000");

        // December, January and February were missed: one invoice on the day of processing with a line for each.
        yield return catalogue.Sale("begun in December, sold in February").Term("2027-12-01", 6, "Monthly").Terms("Net 14")
            .Line("SEAT", 3, 20.00m)
            .Bills(
                "2028-02-10 18000 due 2028-02-24: SEAT 6000, SEAT 6000, SEAT 6000",
                "2028-03-01 6000 due 2028-03-15: SEAT 6000", "2028-04-01 6000 due 2028-04-15: SEAT 6000", "2028-05-01 6000 due 2028-05-15: SEAT 6000");

        // The ramp's first step and the setup fee lie in the past too: 2 × 20.00 and 3 × 20.00 were missed.
        yield return catalogue.Sale("begun in the past, with a step in the past").Term("2027-12-15", 4, "Monthly")
            .Line("SEAT", 2, 20.00m, "2027-12-15", "2028-01-14")
            .Line("SEAT", 3, 20.00m, "2028-01-15", "2028-04-14")
            .Once("SETUP", 1, 99.00m)
            .BillsOn("19900: SEAT 4000, SEAT 6000, SETUP 9900", "2028-02-10")
            .BillsOn("6000: SEAT 6000", "2028-02-15", "2028-03-15");

        // March and April are free; ten months of 100.00 follow.
        yield return catalogue.Sale("two months free").Term("2028-03-01", 12, "Monthly")
            .With(("Hub_Free_Months__c", 2))
            .Line("SEAT", 4, 25.00m)
            .BillsOn(
                "10000: SEAT 10000",
                "2028-05-01", "2028-06-01", "2028-07-01", "2028-08-01", "2028-09-01", "2028-10-01", "2028-11-01", "2028-12-01", "2029-01-01", "2029-02-01");

        // The setup fee is billed at the start, the first month is not.
        yield return catalogue.Sale("a month free and a setup fee").Term("2028-03-01", 3, "Monthly")
            .With(("Hub_Free_Months__c", 1))
            .Line("SUPPORT", 1, 90.00m)
            .Once("SETUP", 1, 100.00m)
            .BillsOn("10000: SETUP 10000", "2028-03-01")
            .BillsOn("9000: SUPPORT 9000", "2028-04-01", "2028-05-01");

        // A line that begins within the free months splits them; both parts are free.
        yield return catalogue.Sale("two months free, a line joins in the second").Term("2028-03-01", 4, "Monthly")
            .With(("Hub_Free_Months__c", 2))
            .Line("PLATFORM", 1, 100.00m)
            .Line("SUPPORT", 1, 30.00m, "2028-04-01", null)
            .BillsOn("13000: PLATFORM 10000, SUPPORT 3000", "2028-05-01", "2028-06-01");

        // 450.00 + 2.5 × 800.00; 30 days after 10 February 2028 is 11 March.
        yield return catalogue.Sale("one-time lines only").Terms("Net 30")
            .Once("SETUP", 1, 450.00m)
            .Once("TRAINING", 2.5m, 800.00m)
            .Bills("2028-02-10 245000 due 2028-03-11: SETUP 45000, TRAINING 200000");

        // 1 200.00 a year for two years at once.
        yield return catalogue.Sale("two years upfront").Term("2028-03-01", 24, "Upfront")
            .Line("PLATFORM", 1, 1200.00m, ("Hub_Price_Basis__c", "Year"))
            .BillsOn("240000: PLATFORM 240000", "2028-03-01");

        // A price for the whole term of three years.
        yield return catalogue.Sale("three years at one price").Term("2028-03-01", 36, "Upfront")
            .Line("SUPPORT", 1, 5000.00m, ("Hub_Price_Basis__c", "Term"))
            .BillsOn("500000: SUPPORT 500000", "2028-03-01");

        // 10 × 10.00 × 7 months.
        yield return catalogue.Sale("seven months upfront").Term("2028-03-20", 7, "Upfront")
            .Line("SEAT", 10, 10.00m)
            .BillsOn("70000: SEAT 70000", "2028-03-20");

        // 1 200.00 a year, 50.00 a month, 90.00 a quarter.
        yield return catalogue.Sale("yearly, quarterly and monthly in one deal").Term("2028-03-10", 12, "Monthly")
            .Line("PLATFORM", 1, 1200.00m, ("Hub_Price_Basis__c", "Year"), ("Hub_Billing_Frequency__c", "Annual"))
            .Line("SEAT", 5, 10.00m)
            .Line("SUPPORT", 1, 30.00m, ("Hub_Billing_Frequency__c", "Quarterly"))
            .BillsOn("134000: PLATFORM 120000, SEAT 5000, SUPPORT 9000", "2028-03-10")
            .BillsOn("5000: SEAT 5000", "2028-04-10", "2028-05-10")
            .BillsOn("14000: SEAT 5000, SUPPORT 9000", "2028-06-10")
            .BillsOn("5000: SEAT 5000", "2028-07-10", "2028-08-10")
            .BillsOn("14000: SEAT 5000, SUPPORT 9000", "2028-09-10")
            .BillsOn("5000: SEAT 5000", "2028-10-10", "2028-11-10")
            .BillsOn("14000: SEAT 5000, SUPPORT 9000", "2028-12-10")
            .BillsOn("5000: SEAT 5000", "2029-01-10", "2029-02-10");

        // 17 months billed yearly: a year, then 5 of 12 months.
        yield return catalogue.Sale("a rest of five months, by months").Term("2028-03-15", 17, "Annual")
            .With(("Hub_Proration_Policy__c", "Month"))
            .Line("PLATFORM", 1, 1200.00m, ("Hub_Price_Basis__c", "Year"))
            .BillsOn("120000: PLATFORM 120000", "2028-03-15")
            .BillsOn("50000: PLATFORM 50000", "2029-03-15");

        // 15 March to 14 August 2029 are 31 + 30 + 31 + 30 + 31 = 153 of 365 days: 1 200.00 × 153 / 365 = 503.0137.
        yield return catalogue.Sale("a rest of five months, by days").Term("2028-03-15", 17, "Annual")
            .With(("Hub_Proration_Policy__c", "Day"))
            .Line("PLATFORM", 1, 1200.00m, ("Hub_Price_Basis__c", "Year"))
            .BillsOn("120000: PLATFORM 120000", "2028-03-15")
            .BillsOn("50301: PLATFORM 50301", "2029-03-15");

        // 1 July to 20 August are 51 of the 92 days to 30 September: 270.00 × 51 / 92 = 149.6739.
        yield return catalogue.Sale("a rest that is no whole months").With(("Hub_Contract_Start__c", "2028-04-01"), ("Hub_Contract_End__c", "2028-08-20"), ("Hub_Billing_Frequency__c", "Quarterly"))
            .Line("SUPPORT", 1, 90.00m)
            .BillsOn("27000: SUPPORT 27000", "2028-04-01")
            .BillsOn("14967: SUPPORT 14967", "2028-07-01");

        // The yearly line's rest of 2 of 12 months (200.00) begins a period of the monthly line, which goes on.
        yield return catalogue.Sale("a rest of the yearly line beside a monthly one").Term("2028-03-01", 14, "Monthly")
            .Line("PLATFORM", 1, 1200.00m, ("Hub_Price_Basis__c", "Year"), ("Hub_Billing_Frequency__c", "Annual"))
            .Line("SEAT", 1, 10.00m)
            .BillsOn("121000: PLATFORM 120000, SEAT 1000", "2028-03-01")
            .BillsOn(
                "1000: SEAT 1000",
                "2028-04-01", "2028-05-01", "2028-06-01", "2028-07-01", "2028-08-01", "2028-09-01", "2028-10-01", "2028-11-01", "2028-12-01", "2029-01-01", "2029-02-01")
            .BillsOn("21000: PLATFORM 20000, SEAT 1000", "2029-03-01")
            .BillsOn("1000: SEAT 1000", "2029-04-01");

        // No end: the plan shows 24 months, eight quarters of 150.00.
        yield return catalogue.Sale("without an end").With(("Hub_Contract_Start__c", "2028-03-20"), ("Hub_Billing_Frequency__c", "Quarterly"), ("Hub_Auto_Renew__c", true))
            .GoesOn("2030-03-20")
            .Line("SUPPORT", 1, 50.00m)
            .BillsOn("15000: SUPPORT 15000", "2028-03-20", "2028-06-20", "2028-09-20", "2028-12-20", "2029-03-20", "2029-06-20", "2029-09-20", "2029-12-20");

        // A year that goes on by itself.
        yield return catalogue.Sale("a year that renews itself").Term("2028-03-20", 12, "Semiannual")
            .With(("Hub_Auto_Renew__c", true))
            .GoesOn("2029-03-20")
            .Line("SUPPORT", 1, 50.00m)
            .BillsOn("30000: SUPPORT 30000", "2028-03-20", "2028-09-20");
    }
}
