using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Hub.Core.Time;
using NodaTime;
using static Hub.Core.Contracts.Preview.Html;

namespace Hub.Core.Contracts.Preview;

/// <summary>The picture of a plan: phases, what each product bills in them, and the invoices, over one time axis.</summary>
/// <remarks>Plain SVG without scripts. It repeats what the tables say, so it is one image with a description to whoever cannot see it.</remarks>
internal sealed class Timeline
{
    private const int Left = 150;
    private const int Right = 948;
    private const int Width = 960;
    private const int Axis = 26;
    private const int Row = 30;
    private const int Bars = 58;
    private const int MostTicks = 13;
    private const decimal LetterWidth = 6.2m;
    private static readonly int[] TickMonths = [1, 2, 3, 6, 12, 24, 36, 60, 120];

    private readonly BillingPlan _plan;
    private readonly ImmutableArray<Phase> _phases;
    private readonly LocalDate _start;
    private readonly LocalDate _end;
    private readonly string _id;

    private Timeline(BillingPlan plan, ImmutableArray<Phase> phases, string id)
    {
        (_plan, _phases, _id) = (plan, phases, id);
        _start = phases[0].Start;
        LocalDate last = plan.Invoices.IsEmpty ? phases[^1].End : plan.Invoices[^1].Date.PlusDays(1);
        _end = LocalDate.Max(phases[^1].End, last);
    }

    /// <summary>Null where nothing runs over time.</summary>
    /// <param name="id">Tells several pictures of one page apart.</param>
    public static XElement? Of(BillingPlan plan, string id) => plan.Schedule is { Phases: [_, ..] phases } ? new Timeline(plan, phases, id).Picture() : null;

    private XElement Picture()
    {
        ImmutableArray<Lane> lanes = Lanes();
        int products = Axis + Row + 8;
        int invoices = products + (lanes.Length * Row) + 6;
        int height = invoices + Bars + 10;
        return S(
            "svg",
            A("class", "timeline"), A("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {height}")),
            A("role", "img"), A("aria-labelledby", $"{_id}-title {_id}-desc"), A("font-size", "11"), A("fill", "#16202e"),
            S("title", A("id", $"{_id}-title"), "Timeline of phases and invoices"),
            S("desc", A("id", $"{_id}-desc"), Description()),
            S("defs", Hatch()),
            Ticks(height),
            Label("Phases", Axis + 19),
            _phases.Select((phase, at) => PhaseBox(phase, at + 1)),
            lanes.Select((lane, at) => LaneRow(lane, products + (at * Row))),
            Label("Invoices", invoices + Bars - 4),
            Invoices(invoices + Bars));
    }

    private string Description() => $"{Wording.Count(_phases.Length, "phase")} from {Problems.Text(_start)} to {Problems.Text(_phases[^1].End.PlusDays(-1))}, "
        + $"{Wording.Count(_plan.Invoices.Length, "invoice")}. The tables below say the same in words.";

    private XElement Hatch() => S(
        "pattern",
        A("id", $"{_id}-free"), A("width", "8"), A("height", "8"), A("patternUnits", "userSpaceOnUse"), A("patternTransform", "rotate(45)"),
        S("rect", A("width", "8"), A("height", "8"), A("fill", "#f3f5f8")),
        S("rect", A("width", "3"), A("height", "8"), A("fill", "#c3ccd8")));

    private IEnumerable<XElement> Ticks(int height)
    {
        int months = Math.Max(1, Months.Whole(_start, _end));
        int step = TickMonths.First(each => months / each < MostTicks || each == TickMonths[^1]);
        decimal free = 0;
        for (int month = 0; Months.Add(_start, month) is var date && date <= _end; month += step)
        {
            string text = date.ToString(step < 12 && date.Day == 1 ? "MMM uuuu" : "uuuu-MM-dd", CultureInfo.InvariantCulture);
            decimal wide = text.Length * LetterWidth;
            decimal x = At(date);
            decimal from = Math.Clamp(x - (wide / 2), Left, Right - wide);
            yield return Line(x, Axis - 6, x, height - 8, "#dde3ea");
            if (from > free)
            {
                free = from + wide + 4;
                yield return S("text", A("x", from), A("y", Axis - 12), A("fill", "#4c5a6d"), text);
            }
        }
    }

    private XElement PhaseBox(Phase phase, int number)
    {
        (decimal x, decimal width) = Span(phase.Start, phase.End);
        string name = phase.TrialEnd is null
            ? number.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{number} free");
        return S(
            "g",
            S("title", $"Phase {name}: {Problems.Text(phase.Start)} to {Problems.Text(phase.End.PlusDays(-1))}"),
            Rect(x, Axis, width, Row - 4, phase.TrialEnd is null ? number % 2 == 1 ? "#cfdff5" : "#b5cdf0" : $"url(#{_id}-free)"),
            Fitting(name, x, width, Axis + 17, "#16202e", bold: true));
    }

    private IEnumerable<XElement> LaneRow(Lane lane, int y)
    {
        yield return Label(lane.Product, y + 17);
        foreach (Bar bar in lane.Bars)
        {
            (decimal x, decimal width) = Span(bar.Start, bar.End);
            yield return S(
                "g",
                S("title", $"{lane.Product}: {bar.Text}, {Problems.Text(bar.Start)} to {Problems.Text(bar.End.PlusDays(-1))}"),
                Rect(x, y, width, Row - 8, bar.Free ? $"url(#{_id}-free)" : bar.Usage ? "#5b4a8a" : "#24589f"),
                Fitting(bar.Free ? $"free: {bar.Text}" : bar.Text, x, width, y + 15, bar.Free ? "#16202e" : "#ffffff", bold: false));
        }

        foreach (LocalDate once in lane.Once)
        {
            decimal x = At(once) + 7;
            yield return S(
                "path", A("fill", "#0f6b5c"),
                A("d", string.Create(CultureInfo.InvariantCulture, $"M{x:0.##} {y + 2}l9 9l-9 9l-9 -9z")), S("title", $"{lane.Product}: {lane.OnceText}"));
            yield return S("text", A("x", x + 14), A("y", y + 15), lane.OnceText);
        }
    }

    private IEnumerable<XElement> Invoices(int bottom)
    {
        const int highest = Bars - 18;
        long most = Math.Max(1, _plan.Invoices.Select(invoice => Math.Abs(invoice.Amount.MinorUnits)).DefaultIfEmpty(1).Max());
        yield return Line(Left, bottom, Right, bottom, "#16202e");
        decimal free = 0;
        string shown = "";
        foreach (PlannedInvoice invoice in _plan.Invoices)
        {
            decimal x = Math.Min(At(invoice.Date), Right - 4);
            decimal high = Math.Max(3, decimal.Round((decimal)Math.Abs(invoice.Amount.MinorUnits) / most * highest, 1));
            string amount = Wording.Text(invoice.Amount);
            yield return S(
                "rect", A("x", x), A("y", bottom - high), A("width", 4), A("height", high), A("fill", invoice.Amount.MinorUnits < 0 ? "#a3261d" : "#0f6b5c"),
                S("title", $"{Problems.Text(invoice.Date)}: {invoice.Amount}"));
            decimal wide = amount.Length * LetterWidth;
            decimal from = Math.Min(x, Right - wide);
            if (from > free && amount != shown && invoice.Amount.MinorUnits != 0)
            {
                (free, shown) = (from + wide + 8, amount);
                yield return S(
                    "text", A("x", from), A("y", bottom - high - 4), A("stroke", "#ffffff"), A("stroke-width", "3"), A("paint-order", "stroke"), amount);
            }
        }
    }

    // The n-th item of a product has the n-th lane of it; a lane's neighbours of equal content are one bar.
    private ImmutableArray<Lane> Lanes()
    {
        var lanes = new List<(string Key, Lane Lane)>();
        foreach (Phase phase in _phases)
        {
            foreach (var product in phase.Items.GroupBy(item => item.ProductCode, StringComparer.Ordinal))
            {
                foreach ((PhaseItem item, int nth) in product.Select((item, nth) => (item, nth)))
                {
                    string key = string.Create(CultureInfo.InvariantCulture, $"{product.Key}\n{nth}");
                    int known = lanes.FindIndex(lane => lane.Key == key);
                    Lane lane = known < 0 ? new Lane(product.Key, [], [], "") : lanes[known].Lane;
                    lane = lane with { Bars = Joined(lane.Bars, BarOf(phase, item)) };
                    if (known < 0)
                    {
                        lanes.Add((key, lane));
                    }
                    else
                    {
                        lanes[known] = (key, lane);
                    }
                }
            }
        }

        return
        [
            .. lanes.Select(lane => lane.Lane),
            .. _phases.SelectMany(phase => phase.OneTime.Select(once => new Lane(once.ProductCode, [], [FirstInvoice(phase)], Wording.Content(once, _plan.Currency)))),
        ];
    }

    private LocalDate FirstInvoice(Phase phase) => _plan.Invoices.Select(invoice => invoice.Date).FirstOrDefault(date => date >= phase.Start, phase.Start);

    private Bar BarOf(Phase phase, PhaseItem item) =>
        new(phase.Start, phase.End, Wording.Content(item, _plan.Currency), phase.TrialEnd is not null, item.Usage);

    private static ImmutableArray<Bar> Joined(ImmutableArray<Bar> bars, Bar next) => bars is [.., var last] && last.Continues(next)
        ? bars.SetItem(bars.Length - 1, last with { End = next.End })
        : bars.Add(next);

    private decimal At(LocalDate date) =>
        decimal.Round(Left + ((Right - Left) * (decimal)Months.Days(_start, LocalDate.Min(LocalDate.Max(date, _start), _end)) / Months.Days(_start, _end)), 2);

    private (decimal X, decimal Width) Span(LocalDate start, LocalDate end) => (At(start), Math.Max(1, At(end) - At(start) - 1));

    private static XElement Label(string text, decimal y) => S("text", A("x", 0), A("y", y), S("title", text), Shortened(text, Left - 10));

    private static XElement? Fitting(string text, decimal x, decimal width, decimal y, string fill, bool bold)
    {
        string shown = Shortened(text, width - 8);
        return shown.Length < Math.Min(text.Length, 4) ? null
            : S("text", A("x", x + 4), A("y", y), A("fill", fill), bold ? A("font-weight", "600") : null, shown);
    }

    // By whole letters as people see them, so that no surrogate pair is cut.
    private static string Shortened(string text, decimal width)
    {
        int most = (int)(width / LetterWidth);
        var letters = new StringInfo(text);
        return letters.LengthInTextElements <= most ? text : most < 2 ? "" : letters.SubstringByTextElements(0, most - 1) + "…";
    }

    private static XElement Rect(decimal x, decimal y, decimal width, decimal height, string fill) =>
        S("rect", A("x", x), A("y", y), A("width", width), A("height", height), A("rx", "2"), A("fill", fill));

    private static XElement Line(decimal x1, decimal y1, decimal x2, decimal y2, string stroke) =>
        S("line", A("x1", x1), A("y1", y1), A("x2", x2), A("y2", y2), A("stroke", stroke));

    private sealed record Lane(string Product, ImmutableArray<Bar> Bars, ImmutableArray<LocalDate> Once, string OnceText);

    private sealed record Bar(LocalDate Start, LocalDate End, string Text, bool Free, bool Usage)
    {
        public bool Continues(Bar next) => End == next.Start && Text == next.Text && Free == next.Free && Usage == next.Usage;
    }
}
