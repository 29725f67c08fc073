using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>A quantity sold at one price for some days: the original's own, or what an amendment added to it or took from it.</summary>
/// <param name="MonthlyPrice">Cents per unit and month.</param>
/// <param name="Quantity">Negative where it was taken away.</param>
/// <param name="To">First day after.</param>
/// <param name="Policy">Settles what of it begins or ends inside a billing period.</param>
internal sealed record Stretch(string Product, long MonthlyPrice, int Quantity, LocalDate From, LocalDate To, string Policy)
{
    public override string ToString() => $"{Quantity} {Product} at {MonthlyPrice} a month, {From:uuuu-MM-dd} to {To:uuuu-MM-dd}";
}

/// <summary>The contract's end, and the first days of its renewed terms, as they were known from a day on.</summary>
/// <param name="Policy">Settles a stub.</param>
internal sealed record KnownEnd(LocalDate KnownOn, LocalDate End, ImmutableArray<LocalDate> Renewals, string Policy);

/// <summary>
/// A random contract with up to four amendments, told twice: as opportunities for the planner, and as stretches of quantity for the tests' own
/// arithmetic (<see cref="SoldDays"/>). The same seed is the same contract.
/// </summary>
internal sealed class AmendedContract
{
    private static readonly string[] Policies = ["None", "Month", "Day"];
    private static readonly string[] Terms = ["Net 7", "Net 30", "Net 45"];
    private readonly Random _random;
    private readonly bool _foreseen;
    private readonly LocalDate? _onDay;

    // The contract's policy, or another one that the amendment at hand states for itself.
    private string _policy;

    private AmendedContract(int seed, bool foreseen, bool onOneDay = false)
    {
        _random = new(seed);
        _foreseen = foreseen;
        PeriodMonths = Pick(1, 3, 6, 12);
        Start = RandomStart();
        int term = foreseen ? PeriodMonths * _random.Next(1, (36 / PeriodMonths) + 1) : _random.Next(1, 37);
        FreeMonths = !foreseen && Chance(15) ? _random.Next(Math.Min(term, 4)) : 0;
        _policy = Policies[_random.Next(3)];
        Ends = [new(LocalDate.MinIsoValue, Start.PlusMonths(term), [], _policy)];
        Credit = Pick("Balance", "CreditNote", "None");
        Processed = [foreseen || onOneDay || Chance(70) ? Start.PlusDays(-_random.Next(1, 40)) : LocalDate.Min(Start.PlusDays(_random.Next(0, 60)), End.PlusDays(-1))];
        Original();
        _onDay = onOneDay ? Day() : null;
        for (int amendments = _random.Next(5); amendments > 0 && !Terminated; amendments--)
        {
            Amend();
        }
    }

    /// <summary>Any amendments: on billing dates or inside periods, known long before or long after.</summary>
    public static AmendedContract Any(int seed) => new(seed, foreseen: false);

    /// <summary>Amendments on billing dates only, all of them known before the contract starts.</summary>
    public static AmendedContract Foreseen(int seed) => new(seed, foreseen: true);

    /// <summary>Quantities and prices that all change on one day, inside a period or not, each known before the contract starts.</summary>
    public static AmendedContract OnOneDay(int seed) => new(seed, foreseen: false, onOneDay: true);

    public LocalDate Start { get; }

    public int PeriodMonths { get; }

    public int FreeMonths { get; }

    /// <summary>What is charged once, each with the first day it is for and the day it is charged.</summary>
    public List<(LocalDate For, LocalDate On, long Price)> OneTime { get; } = [];

    public string Credit { get; }

    public List<Stretch> Stretches { get; private set; } = [];

    /// <summary>Oldest first.</summary>
    public List<KnownEnd> Ends { get; }

    public LocalDate End => Ends[^1].End;

    public bool Terminated { get; private set; }

    /// <summary>Processing date of each opportunity.</summary>
    public List<LocalDate> Processed { get; }

    /// <summary>What happened, for whoever reads a failure.</summary>
    public List<string> Told { get; } = [];

    private List<Func<Deals>> Opportunities { get; } = [];

    public int Amendments => Opportunities.Count - 1;

    /// <summary>The opportunities up to an amendment; 0 is the contract as first sold.</summary>
    /// <param name="credit">Another credit policy than the contract's own.</param>
    public (Deals Deal, string Processed)[] Deals(int amendments, string? credit = null) =>
    [
        .. Opportunities.Take(amendments + 1).Zip(Processed, (deal, on) => (credit is null ? deal() : deal().With(("Hub_Credit_Policy__c", credit)), Text(on))),
    ];

    /// <summary>The same days, quantities and prices in one opportunity.</summary>
    public Deals AtOnce()
    {
        Deals deal = OneTime.Aggregate(Sold(End, _policy), (sold, once) => Once(sold, once.Price));
        foreach (var product in Stretches.GroupBy(stretch => stretch.Product))
        {
            LocalDate[] cuts = [.. product.SelectMany(stretch => new[] { stretch.From, stretch.To }).Distinct().Order()];
            foreach ((LocalDate from, LocalDate to) in cuts.Zip(cuts.Skip(1)))
            {
                foreach (var price in product.GroupBy(stretch => stretch.MonthlyPrice).Select(same => (same.Key, Quantity: SoldDays.Quantity(same, from))).Where(sold => sold.Quantity > 0))
                {
                    Line(deal, new(product.Key, price.Key, price.Quantity, from, to, _policy), dated: true);
                }
            }
        }

        return deal;
    }

    /// <summary>The opportunities with the amendments won in the opposite order.</summary>
    public (Deals Deal, string Processed)[] Reversed(int amendments) =>
        [.. Opportunities.Take(1).Concat(Opportunities.Skip(1).Reverse()).Take(amendments + 1).Zip(Processed, (deal, on) => (deal(), Text(on)))];

    public override string ToString() => string.Join(Environment.NewLine, Told);

    private void Original()
    {
        int quantity = _random.Next(2, 20);
        var lines = new List<Stretch> { new("SEAT", Price(), quantity, Start, End, _policy) };
        if (Chance(40) && Day() is var step && step > Start)
        {
            lines = [lines[0] with { To = step }, lines[0] with { From = step, Quantity = quantity + _random.Next(1, 9) }];
        }

        if (Chance(40))
        {
            lines.Add(new("SUPPORT", Price(), _random.Next(1, 4), Start, End, _policy));
        }

        Stretches = [.. lines];
        (LocalDate end, string policy, long setup) = (End, _policy, Setup(LocalDate.MinIsoValue, Processed[0]));
        Opportunities.Add(() => Once(lines.Aggregate(Sold(end, policy), (deal, line) => Line(deal, line, dated: true)), setup));
        Told.Add($"sold {Text(Start)} to {Text(End)}, {FreeMonths} free, every {PeriodMonths} months, {policy}, {Credit}, {setup} once, processed {Text(Processed[0])}: {string.Join("; ", lines)}");
    }

    private void Amend()
    {
        LocalDate known = LocalDate.Min(Processed[^1].PlusDays(_random.Next(IsForeseen ? 1 : Pick(1, 60, 400))), IsForeseen ? Start.PlusDays(-1) : End.PlusDays(-1));
        if (known < Processed[^1])
        {
            return;
        }

        string agreed = _policy;
        _policy = !IsForeseen && Chance(25) ? Policies[_random.Next(3)] : agreed;
        switch (_random.Next(_onDay is null ? 12 : 8) + (_onDay is null ? 0 : 4))
        {
            case 0: Renew(known); break;
            case 1: MoveEnd(known, _foreseen ? Start.PlusMonths(FromStart(End)!.Value + PeriodMonths) : End.PlusMonths(_random.Next(1, 15))); break;
            case 2: MoveEnd(known, Day()); break;
            case 3: Terminate(known); break;
            case 4 or 5: Reprice(known); break;
            case 6 or 7 or 8: Reduce(known); break;
            default: Add(known); break;
        }

        _policy = agreed;
    }

    private void Add(LocalDate known)
    {
        LocalDate effective = Day();
        string product = Pick("SEAT", "SEAT", "SUPPORT");
        long price = Chance(60) && Stretches.FirstOrDefault(stretch => stretch.Product == product) is { } same ? same.MonthlyPrice : Price();
        Change(known, "Upsell", effective, [Upto(new(product, price, _random.Next(1, 9), Later(effective), End, _policy))]);
    }

    private void Reduce(LocalDate known)
    {
        LocalDate effective = Day();
        Stretch sold = Stretches[_random.Next(Stretches.Count)];
        Stretch line = Upto(sold with { From = Later(effective), To = End, Policy = _policy });
        int least = Least(line);
        if (least > 0)
        {
            Change(known, "Downsell", effective, [line with { Quantity = -_random.Next(1, least + 1) }]);
        }
    }

    private void Reprice(LocalDate known)
    {
        LocalDate effective = Day();
        Stretch line = Stretches[_random.Next(Stretches.Count)] with { From = effective, To = EndOf(effective), Policy = _policy };
        int least = Least(line);
        if (least > 0)
        {
            Change(known, "Upsell", effective, [line with { Quantity = -least }, line with { Quantity = least, MonthlyPrice = line.MonthlyPrice + _random.Next(1, 400) }]);
        }
    }

    private void Change(LocalDate known, string type, LocalDate effective, Stretch[] lines)
    {
        if (IsSound([.. Stretches, .. lines]) && MayMeet(lines.SelectMany(line => new[] { line.From, line.To })))
        {
            Stretches.AddRange(lines);
            string? terms = Chance(15) ? Terms[_random.Next(3)] : null;
            long setup = type == "Upsell" && !_foreseen && _onDay is null ? Setup(effective, known) : 0;
            bool[] dated = [.. lines.Select(line => line.From != effective || line.To != EndOf(line.From))];
            Tell(known, type, effective, deal => Once(lines.Zip(dated).Aggregate(deal.With(("Hub_Payment_Terms__c", terms)), (changed, line) => Line(changed, line.First, line.Second)), setup), lines);
        }
    }

    private void Renew(LocalDate known)
    {
        LocalDate first = End;
        if (!MayMeet([first]))
        {
            return;
        }

        int months = _foreseen ? PeriodMonths * _random.Next(1, 4) : _random.Next(1, 25);
        LocalDate end = FromStart(first) is { } before ? Start.PlusMonths(before + months) : first.PlusMonths(months);
        long price = Chance(50) ? Stretches[0].MonthlyPrice : Price();
        Stretch[] lines = [new("SEAT", price, _random.Next(1, 20), first, end, _policy)];
        Stretches.AddRange(lines);
        Ends.Add(new(known, end, Ends[^1].Renewals.Add(first), _policy));
        Tell(known, "Renewal", first, deal => Line(deal.With(("Hub_Term_Months__c", months)), lines[0], dated: false), lines);
    }

    // Everything that runs to the end goes on to a later one, or stops at an earlier one.
    private void MoveEnd(LocalDate known, LocalDate end)
    {
        LocalDate old = End;
        LocalDate effective = LocalDate.Min(Day(), end.PlusDays(-1));
        bool possible = end > SoldDays.BillingStart(this) && end > known && end != old && effective >= Start && effective < old && !Ends[^1].Renewals.Any(renewal => renewal >= end) && MayMeet([end, old, .. Steps(end)]);
        if (!possible)
        {
            return;
        }

        Stretches.AddRange(end < old ? Cut(end, known) : [.. Stretches.Where(stretch => stretch.From < old && stretch.To >= old).Select(stretch => stretch with { From = old, To = end, Policy = _policy })]);
        Ends.Add(new(known, end, Ends[^1].Renewals, _policy));
        Tell(known, end < old ? "Downsell" : "Upsell", effective, deal => deal.With(("Hub_Contract_End__c", Text(end.PlusDays(-1)))), []);
    }

    private void Terminate(LocalDate known)
    {
        LocalDate effective = Day();
        if (effective <= SoldDays.BillingStart(this) || !MayMeet([effective, .. Steps(effective)]) || Ends[^1].Renewals.Any(renewal => renewal >= effective))
        {
            return;
        }

        Stretches.AddRange(Cut(effective, known));
        Ends.Add(new(known, effective, Ends[^1].Renewals, _policy));
        Terminated = true;
        Tell(known, "Termination", effective, deal => deal, []);
    }

    // What was to change after the end is taken back on its own day.
    private IEnumerable<LocalDate> Steps(LocalDate end) => Stretches.SelectMany(stretch => new[] { stretch.From, stretch.To }).Where(day => day > end && day < End);

    // What was to be charged once after the end never is.
    private Stretch[] Cut(LocalDate end, LocalDate known)
    {
        OneTime.RemoveAll(once => once.For >= end && once.On >= known);
        return [.. Stretches.Where(stretch => stretch.To > end).Select(stretch => stretch with { Quantity = -stretch.Quantity, From = LocalDate.Max(stretch.From, end), Policy = _policy })];
    }

    private void Tell(LocalDate known, string type, LocalDate effective, Func<Deals, Deals> fill, Stretch[] lines)
    {
        int number = Opportunities.Count + 1;
        string policy = _policy;
        Opportunities.Add(() => fill(Contracts.Deals.Amending(type, Text(effective), number)).With(("Hub_Proration_Policy__c", policy)));
        Processed.Add(known);
        Told.Add($"{type} from {Text(effective)}, processed {Text(known)}, {policy}, end {Text(End)}: {string.Join("; ", lines.AsEnumerable())}");
    }

    // Changes of one day are settled together, by one policy: none of another may begin or end on a day that is taken.
    private bool MayMeet(IEnumerable<LocalDate> days) => !days.Any(day => Stretches.Any(stretch => stretch.Policy != _policy && (stretch.From == day || stretch.To == day)));

    private long Setup(LocalDate effective, LocalDate known)
    {
        long price = Chance(20) ? _random.Next(1, 90000) : 0;
        OneTime.Add((effective, LocalDate.Max(effective, known), price));
        return price;
    }

    private static Deals Once(Deals deal, long price) => price == 0 ? deal : deal.OneTime("SETUP", 1, price / 100m);

    // What a new quantity leaves: never less than nothing, seats on every day, and no product with a hole in it.
    private bool IsSound(IReadOnlyCollection<Stretch> stretches)
    {
        LocalDate[] days = [.. stretches.SelectMany(stretch => new[] { stretch.From, stretch.To }).Append(Start).Distinct().Order()];
        return stretches.GroupBy(stretch => (stretch.Product, stretch.MonthlyPrice)).All(price => days.All(day => SoldDays.Quantity(price, day) >= 0))
            && days.Where(day => day >= Start && day < End).All(day => SoldDays.Quantity(stretches.Where(stretch => stretch.Product == "SEAT"), day) > 0)
            && stretches.GroupBy(stretch => stretch.Product).All(product => days.Select(day => SoldDays.Quantity(product, day) > 0).ToArray() is var sold
                && sold.Zip(sold.Skip(1)).Count(pair => pair.Second && !pair.First) + (sold[0] ? 1 : 0) <= 1);
    }

    private int Least(Stretch line) => Stretches.SelectMany(stretch => new[] { stretch.From, stretch.To }).Append(line.From)
        .Where(day => day >= line.From && day < line.To)
        .Min(day => SoldDays.Quantity(Stretches.Where(stretch => (stretch.Product, stretch.MonthlyPrice) == (line.Product, line.MonthlyPrice)), day));

    // A line that states no end runs to the contract's, or to where a renewal begins.
    private LocalDate EndOf(LocalDate from) => Ends[^1].Renewals.Where(renewal => renewal > from).Append(End).Min();

    private Stretch Upto(Stretch line) => Chance(80) || LaterDay(line.From) is not { } last ? line with { To = EndOf(line.From) } : line with { To = last };

    private LocalDate Later(LocalDate effective) => Chance(80) || LaterDay(effective) is not { } later || later >= End ? effective : later;

    private LocalDate? LaterDay(LocalDate from) => Day() is var day && day > from ? day : null;

    private bool IsForeseen => _foreseen || _onDay is not null;

    private LocalDate Day()
    {
        if (_onDay is { } only)
        {
            return only;
        }

        int months = ((End.Year - Start.Year) * 12) + End.Month - Start.Month;
        LocalDate boundary = Start.PlusMonths(PeriodMonths * _random.Next(0, (months / PeriodMonths) + 1));
        LocalDate day = _foreseen || Chance(40) ? boundary : Start.PlusDays(_random.Next(Period.DaysBetween(Start, End)));
        return day < End ? day : Start;
    }

    private int? FromStart(LocalDate date) =>
        Enumerable.Range(0, 200).Where(months => Start.PlusMonths(months) == date).Select(months => (int?)months).FirstOrDefault();

    private Deals Sold(LocalDate end, string policy)
    {
        Deals deal = Contracts.Deals.New().With(
            ("Hub_Contract_Start__c", Text(Start)), ("Hub_Proration_Policy__c", policy), ("Hub_Credit_Policy__c", Credit),
            ("Hub_Billing_Frequency__c", PeriodMonths switch { 1 => "Monthly", 3 => "Quarterly", 6 => "Semiannual", _ => "Annual" }));
        return deal.With(("Hub_Free_Months__c", FreeMonths), ("Hub_Term_Months__c", null), ("Hub_Contract_End__c", Text(end.PlusDays(-1))));
    }

    private static Deals Line(Deals deal, Stretch line, bool dated)
    {
        (string, object?)[] days = dated ? [("Hub_Line_Start__c", Text(line.From)), ("Hub_Line_End__c", Text(line.To.PlusDays(-1)))] : [];
        return deal.Line(line.Product, line.Quantity, line.MonthlyPrice / 100m, [("Hub_Price_Basis__c", "Month"), .. days]);
    }

    // Often the last days of a month: what is counted wrongly shows there.
    private LocalDate RandomStart()
    {
        LocalDate date = new LocalDate(2026, 6, 1).PlusDays(_random.Next(1100));
        return Chance(30) ? date.With(DateAdjusters.EndOfMonth) : date;
    }

    private long Price() => _random.Next(1, 4000);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];

    private static string Text(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
