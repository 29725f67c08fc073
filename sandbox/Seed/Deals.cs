using System.Collections.Immutable;

namespace Hub.Sandbox.Seed;

/// <summary>Invents deals that can be billed to the last minor unit.</summary>
/// <remarks>
/// Every price is a multiple of a monthly price, and the monthly price a multiple of <see cref="Step"/>: then each price basis,
/// billing period, stub and discount comes out exact, in yen and dinars too.
/// </remarks>
internal sealed class Deals(Dice dice, Catalogue catalogue)
{
    /// <summary>The first day of the story; deals are won in the week before.</summary>
    public static readonly DateOnly FirstDay = new(2026, 1, 5);

    private static readonly string[] Terms = ["Due on receipt", "Net 7", "Net 10", "Net 14", "Net 15", "Net 20", "Net 30", "Net 30", "Net 30", "Net 45", "Net 60"];
    private static readonly decimal[] Discounts = [5m, 10m, 12.5m, 15m, 20m];
    private static readonly decimal[] Rebates = [0.7m, 0.8m, 0.9m, 1m];

    /// <summary>The shapes, in the order they take turns.</summary>
    public IReadOnlyList<Func<Customer, Deal>> Shapes =>
    [
        customer => Plain(customer, "Annual", dice.Of([12, 24]), setUp: dice.Chance(50)),
        customer => Plain(customer, "Monthly", 12, setUp: dice.Chance(25)),
        customer => Plain(customer, "Quarterly", dice.Of([12, 24]), setUp: dice.Chance(25)),
        Ramp,
        customer => Plain(customer, "Upfront", dice.Of([12, 24, 36]), setUp: false),
        FutureStart,
        customer => Plain(customer, "Semiannual", 24, setUp: dice.Chance(25)),
        OneTimeOnly,
        customer => Plain(customer, "Monthly", dice.Of([12, 24]), setUp: false),
        Backdated,
        customer => Plain(customer, "Annual", 36, setUp: dice.Chance(50)),
        Introductory,
        customer => Plain(customer, "Annual", 18, setUp: false),
    ];

    public Deal Plain(Customer customer, string frequency, int months, bool setUp)
    {
        var start = FirstDay.AddDays(dice.Between(0, 27));
        return On(customer, start, months, frequency, [.. Recurring(customer, frequency, months), .. setUp ? [Once(customer, "SETUP", 1)] : Array.Empty<DealLine>()]);
    }

    /// <summary>One recurring line of its own, for deals that are to be spoilt in one place.</summary>
    public DealLine Seats(Customer customer, string frequency, int months) => Line(customer, "SEAT", dice.Between(5, 120), frequency, months);

    public Deal On(Customer customer, DateOnly start, int months, string frequency, ImmutableArray<DealLine> lines)
    {
        var end = start.AddMonths(months).AddDays(-1);
        return Won(customer, lines) with
        {
            Start = start,
            End = dice.Chance(70) ? end : null,
            Months = months,
            Frequency = frequency,
        };
    }

    public DealLine Line(Customer customer, string product, int quantity, string frequency, int months)
    {
        var basis = dice.Of(["Month", "Month", "Quarter", "Year", "Period", "Term"]);
        return new DealLine(product, quantity, Monthly(customer, product) * MonthsOf(basis, frequency, months), basis);
    }

    private Deal Won(Customer customer, ImmutableArray<DealLine> lines)
    {
        var day = FirstDay.AddDays(-dice.Between(1, 7)).ToDateTime(new TimeOnly(dice.Between(8, 19), dice.Between(0, 59), dice.Between(0, 59)), DateTimeKind.Utc);
        return new Deal(customer, new DateTimeOffset(day), TimeSpan.FromSeconds(dice.Between(5, 90)), null, null, null, null, dice.Of(Terms), lines)
        {
            PurchaseOrder = dice.Chance(30) ? $"PO-{dice.Between(10_000, 99_999)}" : null,
        };
    }

    private IEnumerable<DealLine> Recurring(Customer customer, string frequency, int months)
    {
        var seats = Seats(customer, frequency, months);
        yield return dice.Chance(40) ? seats with { Discount = dice.Of(Discounts), ShowDiscount = dice.Chance(50) } : seats;
        if (dice.Chance(40))
        {
            yield return Line(customer, dice.Of(["PLATFORM", "SUPPORT"]), 1, frequency, months);
        }

        if (dice.Chance(25))
        {
            yield return Line(customer, "STORAGE", dice.Between(2, 20), frequency, months);
        }
    }

    private Deal Ramp(Customer customer)
    {
        const int months = 36;
        var start = FirstDay.AddDays(dice.Between(0, 27));
        var price = Monthly(customer, "SEAT") * 12;
        var quantity = dice.Between(10, 60);
        var lines = ImmutableArray.CreateBuilder<DealLine>();
        for (var year = 0; year < 3; year++)
        {
            lines.Add(new DealLine("SEAT", quantity, price, "Year", start.AddMonths(year * 12), start.AddMonths((year + 1) * 12).AddDays(-1)));
            quantity += dice.Between(5, 40);
        }

        return On(customer, start, months, "Annual", lines.ToImmutable());
    }

    private Deal FutureStart(Customer customer)
    {
        var frequency = dice.Of(["Annual", "Quarterly"]);
        return On(customer, FirstDay.AddDays(dice.Between(30, 80)), 12, frequency, [.. Recurring(customer, frequency, 12)]);
    }

    private Deal Backdated(Customer customer)
    {
        var frequency = dice.Of(["Monthly", "Quarterly"]);
        return On(customer, FirstDay.AddDays(-dice.Between(10, 80)), 12, frequency, [.. Recurring(customer, frequency, 12)]);
    }

    private Deal OneTimeOnly(Customer customer) =>
        Won(customer, [Once(customer, "TRAINING", dice.Between(1, 5)), .. dice.Chance(50) ? [Once(customer, "SETUP", 1)] : Array.Empty<DealLine>()]);

    private Deal Introductory(Customer customer)
    {
        var line = Seats(customer, "Monthly", 12) with { Discount = dice.Of([20m, 25m, 50m]), ShowDiscount = true, DiscountMonths = dice.Of([2, 3, 6]) };
        return On(customer, FirstDay.AddDays(dice.Between(0, 27)), 12, "Monthly", [line]);
    }

    private DealLine Once(Customer customer, string product, int quantity) =>
        new(product, quantity, catalogue.Entry(product, customer.Currency).Price, "Once");

    private decimal Monthly(Customer customer, string product)
    {
        var step = Step(customer.Currency);
        return Math.Floor(catalogue.Entry(product, customer.Currency).Price * dice.Of(Rebates) / step) * step;
    }

    /// <summary>Eighths of it (a discount of 12.5 percent) are still whole hundredths, or whole yen.</summary>
    private static decimal Step(string currency) => currency == "JPY" ? 200m : 2m;

    private static int MonthsOf(string basis, string frequency, int term) => basis switch
    {
        "Month" => 1,
        "Quarter" => 3,
        "Year" => 12,
        "Term" => term,
        _ => frequency switch { "Monthly" => 1, "Quarterly" => 3, "Semiannual" => 6, "Annual" => 12, _ => term },
    };
}
