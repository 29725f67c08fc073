using System.Globalization;

namespace Hub.EndToEnd.Tests.Deals;

/// <summary>Contracts of more phases than Stripe takes at once: the timer sends the rest, one the day after one has ended.</summary>
internal static class RollingShapes
{
    public static IEnumerable<Sale> Sales(Catalogue catalogue)
    {
        // 5 seats at 10.00, and 0.50 more every month; 100.00 less 10 % beside them, and 450.00 once.
        Sale priced = catalogue.Sale("thirteen monthly price steps").Term("2028-03-01", 13, "Monthly").HubIssuesOn("2028-04-02", "2028-05-02", "2028-06-02");
        foreach (var (step, start, end) in Months(13))
        {
            priced.Line("SEAT", 5, 10.00m + (0.50m * step), start, end);
        }

        yield return priced.Line("PLATFORM", 1, 100.00m, ("Discount", 10), ("Hub_Show_Discount__c", true)).Once("SETUP", 1, 450.00m)
            .BillsOn("59000: PLATFORM 9000, SEAT 5000, SETUP 45000", "2028-03-01")
            .BillsOn("14250: PLATFORM 9000, SEAT 5250", "2028-04-01")
            .BillsOn("14500: PLATFORM 9000, SEAT 5500", "2028-05-01")
            .BillsOn("14750: PLATFORM 9000, SEAT 5750", "2028-06-01")
            .BillsOn("15000: PLATFORM 9000, SEAT 6000", "2028-07-01")
            .BillsOn("15250: PLATFORM 9000, SEAT 6250", "2028-08-01")
            .BillsOn("15500: PLATFORM 9000, SEAT 6500", "2028-09-01")
            .BillsOn("15750: PLATFORM 9000, SEAT 6750", "2028-10-01")
            .BillsOn("16000: PLATFORM 9000, SEAT 7000", "2028-11-01")
            .BillsOn("16250: PLATFORM 9000, SEAT 7250", "2028-12-01")
            .BillsOn("16500: PLATFORM 9000, SEAT 7500", "2029-01-01")
            .BillsOn("16750: PLATFORM 9000, SEAT 7750", "2029-02-01")
            .BillsOn("17000: PLATFORM 9000, SEAT 8000", "2029-03-01");

        // 30.00 for support joins in the twelfth month, which Stripe does not have when the upsell is won.
        yield return Growing(catalogue, "an upsell beyond the phases that Stripe has").HubIssuesOn("2028-04-02", "2028-05-02", "2028-06-02")
            .Changed("2028-04-20", "Upsell", "2029-02-01", change => change.Line("SUPPORT", 1, 30.00m))
            .BillsOn("1000: SEAT 1000", "2028-03-01").BillsOn("2000: SEAT 2000", "2028-04-01").BillsOn("3000: SEAT 3000", "2028-05-01")
            .BillsOn("4000: SEAT 4000", "2028-06-01").BillsOn("5000: SEAT 5000", "2028-07-01").BillsOn("6000: SEAT 6000", "2028-08-01")
            .BillsOn("7000: SEAT 7000", "2028-09-01").BillsOn("8000: SEAT 8000", "2028-10-01").BillsOn("9000: SEAT 9000", "2028-11-01")
            .BillsOn("10000: SEAT 10000", "2028-12-01").BillsOn("11000: SEAT 11000", "2029-01-01")
            .BillsOn("15000: SEAT 12000, SUPPORT 3000", "2029-02-01").BillsOn("16000: SEAT 13000, SUPPORT 3000", "2029-03-01");
    }

    /// <summary>Thirteen months from March 2028 at 10.00 a seat, one seat in the first and one more in every other.</summary>
    public static Sale Growing(Catalogue catalogue, string label)
    {
        Sale sale = catalogue.Sale(label).Term("2028-03-01", 13, "Monthly");
        foreach (var (step, start, end) in Months(13))
        {
            sale.Line("SEAT", step + 1, 10.00m, start, end);
        }

        return sale;
    }

    private static IEnumerable<(int Step, string Start, string End)> Months(int count) => Enumerable.Range(0, count).Select(step =>
    {
        DateOnly start = new DateOnly(2028, 3, 1).AddMonths(step);
        return (step, Text(start), Text(start.AddMonths(1).AddDays(-1)));
    });

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
