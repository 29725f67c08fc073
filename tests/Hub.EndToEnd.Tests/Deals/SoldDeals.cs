using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Core.Books;
using Hub.Core.Contracts;
using Hub.EndToEnd.Tests.Support;

namespace Hub.EndToEnd.Tests.Deals;

/// <summary>Every sale is planned offline, won in the sandbox, billed by a running host, and played to the end of its term on one clock.</summary>
public sealed class SoldDeals : IAsyncLifetime
{
    private const string Won = "2028-02-10T06:00:00Z";
    private const string End = "2031-04-02";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Contracts__RollingPhases"] = "true",
        ["Salesforce__Quotes"] = "true",

        // Three years pass: what is not tested here must not fire on the way.
        ["AzureWebJobs__PlanReminders__Disabled"] = "true",
        ["AzureWebJobs__StartReconciliation__Disabled"] = "true",
        ["AzureWebJobs__WatchPoison__Disabled"] = "true",
    };

    private readonly Dictionary<string, JsonElement> _opportunities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Played> _played = new(StringComparer.Ordinal);
    private readonly CancellationToken _ct = Within.Minutes(5);
    private SandboxStack _stack = null!;

    /// <summary>Names of all sales.</summary>
    public static IEnumerable<string> Names => Sales(Catalogue.Unknown).Select(sale => sale.Label);

    internal Played this[string name] => _played[name];

    private static IEnumerable<Sale> Sales(Catalogue catalogue) =>
    [
        .. TermShapes.Sales(catalogue), .. PriceShapes.Sales(catalogue), .. ChangeShapes.Sales(catalogue), .. AmendmentShapes.Sales(catalogue), .. RollingShapes.Sales(catalogue),
    ];

    public async Task InitializeAsync()
    {
        _stack = await SandboxStack.Start(Settings, _ct, now: Won);
        var catalogue = new Catalogue(await Prepare());
        Sale[] sales = [.. Sales(catalogue)];
        await _stack.Insert(catalogue.Records(), _ct);
        Dictionary<string, BillingPlan> plans = [];
        var rates = await _stack.World.StripeList("/v1/tax_rates", _ct);
        var customers = await _stack.World.StripeList("/v1/customers", _ct);
        foreach (Sale sale in sales)
        {
            plans[sale.Label] = Planned(sale, sale.Books(new Dictionary<string, IReadOnlyList<JsonElement>> { ["tax_rates"] = rates, ["customers"] = customers }));
            await _stack.Insert(sale.Records(won: false), _ct);
            await _stack.World.EditRecord("Opportunity", sale.Key, new { StageName = "Closed Won" }, _ct);
        }

        // A poll sees what happened before its own instant.
        await _stack.World.AdvanceTo((await _stack.World.Now(_ct)).AddMinutes(1), _ct);
        await _stack.Host.Client.RunTimer("DetectClosedWon", _ct);
        await _stack.Host.Client.WaitUntilIdle(_ct);
        await PlayToTheEnd(sales);
        await _stack.Host.Client.RunTimer("WriteBackResults", _ct);
        await Look(sales, plans);
    }

    /// <summary>What the host printed of an opportunity, for the message of a test that fails.</summary>
    internal string Log(Sale sale) => string.Join('\n', _stack.Host.ReadLog().Split('\n').Where(line => line.Contains(sale.Key, StringComparison.Ordinal)).TakeLast(5));

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    private async Task<Dictionary<string, string>> Prepare()
    {
        foreach (string code in Catalogue.Codes)
        {
            await Create("/v1/products", ("id", Catalogue.StripeProduct(code)), ("name", code));
        }

        return new()
        {
            ["meter"] = await Create(
                "/v1/billing/meters", ("display_name", "API calls"), ("event_name", "api_call"), ("default_aggregation[formula]", "sum")),
            ["exclusive"] = await Create("/v1/tax_rates", ("display_name", "VAT"), ("percentage", "20"), ("inclusive", "false")),
            ["inclusive"] = await Create("/v1/tax_rates", ("display_name", "MwSt"), ("percentage", "19"), ("inclusive", "true")),
            ["payer"] = await Create("/v1/customers", ("name", "Saved card"), ("invoice_settings[default_payment_method]", "pm_card_visa")),
            ["creditor"] = await Create("/v1/customers", ("name", "Saved card"), ("invoice_settings[default_payment_method]", "pm_card_visa")),
            ["seat-price"] = await Create(
                "/v1/prices", ("product", Catalogue.StripeProduct("SEAT")), ("currency", "usd"), ("unit_amount", "2000"), ("recurring[interval]", "month")),
        };
    }

    private async Task<string> Create(string path, params (string Name, string Value)[] form) =>
        (await _stack.World.StripePost(path, form.Select(field => KeyValuePair.Create(field.Name, field.Value)), _ct)).GetProperty("id").GetString()!;

    private static BillingPlan Planned(Sale sale, string books)
    {
        BooksOutcome read = BooksReading.Read("sale", books);
        PlanOutcome outcome = read is BooksOutcome.Read(var file)
            ? BooksPlanning.Plan(file)[sale.Changes.Count].Outcome
            : throw new InvalidOperationException(string.Join("\n", ((BooksOutcome.Unreadable)read).Defects));
        return outcome is PlanOutcome.Planned(var plan)
            ? plan
            : throw new InvalidOperationException(outcome is PlanOutcome.Rejected(var problems) ? string.Join("\n", problems) : outcome.ToString());
    }

    // Stops where somebody has to act: usage is reported before its period ends, the Hub's own invoices go out on their day.
    private async Task PlayToTheEnd(Sale[] sales)
    {
        Dictionary<string, string> customers = (await _stack.World.StripeList("/v1/customers", _ct))
            .Where(customer => customer.GetProperty("metadata").TryGetProperty("sf_account_id", out _))
            .ToDictionary(customer => customer.GetProperty("metadata").GetProperty("sf_account_id").GetString()!, customer => customer.GetProperty("id").GetString()!);
        var reports = sales.SelectMany(sale => sale.Readings.Select(reading => (At: Instant(reading.Key).AddDays(20), sale, reading)));
        var issues = sales.SelectMany(sale => sale.HubDays).Distinct().Select(day => Instant(day).AddHours(8));
        var changes = sales.SelectMany(sale => sale.Changes).Select(change => new Stop(Instant(change.WonOn).AddHours(6), null, 0, change));
        var stops = reports.Select(report => new Stop(report.At, report.sale, report.reading.Value, null))
            .Concat(issues.Select(at => new Stop(at, null, 0, null)))
            .Concat(changes)
            .OrderBy(stop => stop.At);
        foreach (var (at, sale, quantity, change) in stops)
        {
            if (at > await _stack.World.Now(_ct))
            {
                await _stack.World.AdvanceTo(at, _ct);
            }

            if (change is not null)
            {
                await Win(change);
            }
            else if (sale is not null && customers.TryGetValue(sale.Payer, out string? customer))
            {
                await _stack.World.StripePost("/v1/billing/meter_events", Event(customer, quantity, at), _ct);
            }
            else if (sale is null)
            {
                await _stack.Host.Client.RunTimer("DetectAdjustments", _ct);
                await _stack.Host.Client.WaitUntilIdle(_ct);
            }
        }

        await _stack.World.AdvanceTo(Instant(End), _ct);
        await AskForEverythingAgain(sales);
    }

    private async Task Win(Sale change)
    {
        await _stack.Insert(change.Records(won: false), _ct);
        await _stack.World.EditRecord("Opportunity", change.Key, new { StageName = "Closed Won" }, _ct);
        await _stack.World.AdvanceTo((await _stack.World.Now(_ct)).AddMinutes(1), _ct);
        await _stack.Host.Client.RunTimer("DetectClosedWon", _ct);
        await _stack.Host.Client.WaitUntilIdle(_ct);
    }

    // Years later Stripe has forgotten every idempotency key: only the Hub's own record tells that all has been issued.
    private async Task AskForEverythingAgain(Sale[] sales)
    {
        foreach (Sale sale in sales.Where(sale => sale.HubDays.Count > 0))
        {
            await _stack.Storage.Send("contract-adjustment", new { opportunityId = sale.Key }, _ct);
        }

        await _stack.Host.Client.RunTimer("DetectAdjustments", _ct);
        await _stack.Host.Client.WaitUntilIdle(_ct);
    }

    private static Dictionary<string, string> Event(string customer, decimal quantity, DateTimeOffset at) => new()
    {
        ["event_name"] = "api_call",
        ["payload[stripe_customer_id]"] = customer,
        ["payload[value]"] = quantity.ToString(CultureInfo.InvariantCulture),
        ["timestamp"] = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    private async Task Look(Sale[] sales, Dictionary<string, BillingPlan> plans)
    {
        foreach (JsonElement opportunity in await _stack.World.Records("Opportunity", _ct))
        {
            _opportunities[opportunity.GetProperty("Id").GetString()!] = opportunity;
        }

        var invoices = (await _stack.World.StripeList("/v1/invoices", _ct)).ToLookup(Opportunity);
        var notes = (await _stack.World.StripeList("/v1/credit_notes", _ct)).ToLookup(note => note.GetProperty("invoice").GetString());
        var customers = (await _stack.World.StripeList("/v1/customers", _ct)).ToDictionary(customer => customer.GetProperty("id").GetString()!);
        foreach (Sale sale in sales)
        {
            JsonElement[] own = [.. invoices[sale.Key]];
            _played[sale.Label] = new(
                sale, plans[sale.Label], own, [.. own.SelectMany(invoice => notes[invoice.GetProperty("id").GetString()])],
                own.Length == 0 ? default : customers[own[0].GetProperty("customer").GetString()!], _opportunities[sale.Key],
                [.. sale.Changes.Select(change => _opportunities[change.Key])]);
        }
    }

    private static string? Opportunity(JsonElement invoice)
    {
        JsonElement metadata = invoice.GetProperty("parent") is { ValueKind: JsonValueKind.Object } parent
            ? parent.GetProperty("subscription_details").GetProperty("metadata")
            : invoice.GetProperty("metadata");
        return metadata.TryGetProperty("sf_opportunity_id", out JsonElement id) ? id.GetString() : null;
    }

    private sealed record Stop(DateTimeOffset At, Sale? Reports, decimal Quantity, Sale? Wins);

    private static DateTimeOffset Instant(string day) => DateTimeOffset.Parse(day + "T00:00:00Z", CultureInfo.InvariantCulture);
}

/// <summary>What became of a sale.</summary>
internal sealed record Played(
    Sale Sale, BillingPlan Plan, IReadOnlyList<JsonElement> Invoices, IReadOnlyList<JsonElement> CreditNotes, JsonElement Customer, JsonElement Opportunity,
    IReadOnlyList<JsonElement> Amendments)
{
    /// <summary>The plan's invoices and credit notes as text.</summary>
    public IReadOnlyList<string> Planned =>
    [
        .. Plan.Invoices.Where(invoice => invoice.Amount.MinorUnits != 0).Select(invoice => Bill.Text(
            Text(invoice.Date), invoice.Amount.MinorUnits, invoice.Due is { } due ? Text(due) : null, invoice.CreditNote,
            invoice.Lines.Select(line => (line.ProductCode, line.Amount!.Value.MinorUnits)))).Order(StringComparer.Ordinal),
    ];

    /// <summary>What Stripe issued within the plan's horizon, as text.</summary>
    public IReadOnlyList<string> Issued =>
    [
        .. Invoices.Where(invoice => invoice.GetProperty("total").GetInt64() != 0).Select(Text)
            .Concat(CreditNotes.Select(Note))
            .Where(text => Sale.GoesOnFrom is not { } end || string.CompareOrdinal(text[..10], end) < 0)
            .Order(StringComparer.Ordinal),
    ];

    private static string Text(JsonElement invoice) => Bill.Text(
        Day(invoice.GetProperty("created")), invoice.GetProperty("total").GetInt64(),
        invoice.GetProperty("total").GetInt64() > 0 && invoice.GetProperty("due_date") is { ValueKind: JsonValueKind.Number } due ? Day(due) : null,
        creditNote: false,
        invoice.GetProperty("lines").GetProperty("data").EnumerateArray().Select(line => (Product(line), AfterDiscount(line))));

    private static string Note(JsonElement note) => Bill.Text(
        Day(note.GetProperty("created")), -note.GetProperty("total").GetInt64(), null, creditNote: true,
        note.GetProperty("lines").GetProperty("data").EnumerateArray()
            .Select(line => (line.GetProperty("metadata").GetProperty("sf_product_code").GetString()!, -line.GetProperty("amount").GetInt64())));

    private static long AfterDiscount(JsonElement line) => line.GetProperty("amount").GetInt64()
        - line.GetProperty("discount_amounts").EnumerateArray().Sum(taken => taken.GetProperty("amount").GetInt64());

    private static string Product(JsonElement line) => line.GetProperty("pricing") is { ValueKind: JsonValueKind.Object } pricing
        ? pricing.GetProperty("price_details").GetProperty("product").GetString()!["prod_".Length..]
        : line.GetProperty("metadata").GetProperty("sf_product_code").GetString()!;

    private static string Day(JsonElement seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds.GetInt64()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(NodaTime.LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
