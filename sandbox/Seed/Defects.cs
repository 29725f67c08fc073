using System.Collections.Immutable;
using Hub.Sandbox.Salesforce;

namespace Hub.Sandbox.Seed;

/// <summary>Deals that cannot be billed, each for one reason, named by the code of the finding.</summary>
internal sealed class Defects(Deals deals, ImmutableArray<Customer> customers)
{
    /// <summary>A contact nobody entered an address for.</summary>
    public static readonly string Mute = RecordIds.Create("003", 19_999);

    public Customer MuteAt => customers[4 % customers.Length];

    public IReadOnlyList<(string Code, Deal Deal)> All() =>
    [
        ("amount-contradiction", Good(0) with { AmountError = 1_000m }),
        ("payment-terms-unknown", Good(1) with { Terms = "Net 37" }),
        ("product-unmapped", Adding(2, "CONNECTOR")),
        ("product-inactive", Adding(3, "FAXGATE")),
        ("billing-email-missing", Good(4) with { ContactId = Mute }),
        ("quantity-not-whole", Spoilt(5, line => line with { Quantity = line.Quantity + 0.5m })),
        ("term-contradiction", Good(6) is var deal ? deal with { End = deal.Start!.Value.AddMonths(11).AddDays(-1) } : deal),
        ("price-basis-missing", Spoilt(7, line => line with { Basis = null })),
        ("contract-start-missing", Good(9) with { Start = null, End = null }),
        ("amount-not-representable", Unrepresentable()),
    ];

    private Deal Good(int customer) => deals.On(customers[customer], Deals.FirstDay.AddDays(10), 12, "Monthly", [Seats(customers[customer])]);

    private Deal Spoilt(int customer, Func<DealLine, DealLine> spoil) => Good(customer) is var deal ? deal with { Lines = [spoil(deal.Lines[0])] } : deal;

    private Deal Adding(int customer, string product) =>
        Good(customer) is var deal ? deal with { Lines = deal.Lines.Add(deals.Line(customers[customer], product, 2, "Monthly", 12)) } : deal;

    /// <summary>Yen 100 000 a year is 8 333⅓ a month, and 7 of them are no whole yen.</summary>
    private Deal Unrepresentable()
    {
        var customer = customers.First(candidate => candidate.Currency == "JPY");
        return deals.On(customer, Deals.FirstDay.AddDays(10), 12, "Monthly", [new DealLine("SEAT", 7, 100_000m, "Year")]);
    }

    // Half a seat of a price per month stays a whole number of minor units: only the quantity is wrong.
    private DealLine Seats(Customer customer) => deals.Seats(customer, "Monthly", 12);
}
