using System.Numerics;
using System.Text.Json.Nodes;
using Hub.Sandbox.Seed;

namespace Hub.Sandbox.Tests.Seed;

public sealed class SampleTests
{
    /// <summary>First invoice of each sample, minor units, worked out by hand.</summary>
    public static TheoryData<string, int> FirstInvoices => new()
    {
        // 40 seats × 300.00 less 10 % = 10 800.00, and 450.00 for the set-up.
        { "annual-prepaid", 1_125_000 },

        // 18 seats × 29.00 for each month begun.
        { "backdated-start", 52_200 },

        // 15 seats × 7.250 × 3 months = 326.250 dinars, last digit 0.
        { "dinar", 326_250 },

        // 9 600.00 for the platform and 12 × 240.00 for the seats.
        { "future-start", 1_248_000 },

        // 20 × 30.00 less 25 %, in each of the first three months.
        { "introductory-discount", 45_000 },

        // 25 × 32.50 = 812.50 and 250.00.
        { "monthly", 106_250 },

        // 2 × 3 600.00.
        { "net-45", 720_000 },

        // 60 × 30.00 less 15 % = 60 × 25.50.
        { "netted-discount", 153_000 },

        // 3 × 900.00 and 1 500.00.
        { "one-time-only", 420_000 },

        // 18 000.00 for two years at once.
        { "purchase-order", 1_800_000 },

        // 2 700.00 a quarter and 8 × 60.00 × 3 months.
        { "quarterly", 414_000 },

        // 4 800.00 a year; the stub of six months is half of it.
        { "stub", 480_000 },

        // 50 × 288.00 in the first year.
        { "three-year-ramp", 1_440_000 },

        // 35 × 3 200 × 6 months = 672 000 yen, and 150 000 for the set-up.
        { "yen", 822_000 },
    };

    [Fact]
    public void Every_sample_has_an_expectation() =>
        Assert.Equal(Samples.Names, FirstInvoices.Select(row => (string)row[0]).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(FirstInvoices))]
    public void First_invoice_of_the_sample_is_the_hand_worked_amount(string name, int minor)
    {
        var records = Samples.Records(name);

        var deal = new SeededDeal(records, (string)records["Opportunity"]!.AsArray().Single()!["Id"]!);

        Assert.Empty(deal.Defects());
        Assert.Equal(new BigInteger(minor), deal.FirstInvoice());
    }

    [Fact]
    public void Products_and_prices_of_a_sample_are_those_of_the_catalogue()
    {
        var catalogue = Samples.Catalogue();

        foreach (var table in new[] { "Product2", "PricebookEntry" })
        {
            var known = catalogue[table]!.AsArray().ToDictionary(record => (string)record!["Id"]!, record => record!);
            Assert.All(
                Samples.Names.SelectMany(name => Samples.Records(name)[table]!.AsArray()),
                record => Assert.True(JsonNode.DeepEquals(known[(string)record!["Id"]!], record), record.ToJsonString()));
        }
    }
}
