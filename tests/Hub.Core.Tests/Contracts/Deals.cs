using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Tests.Contracts;

/// <summary>Deals with valid defaults: USD, annual prepaid, 12 months from 2026-10-15, Net 20, processed on 2026-10-01. A test states what matters.</summary>
internal sealed class Deals
{
    public const string OpportunityId = "006000000000001AAA";
    private const string OriginalNumber = "000000000001";

    public const string AccountId = "001000000000001AAA";

    private readonly JsonObject _opportunity = new()
    {
        ["Id"] = OpportunityId,
        ["AccountId"] = AccountId,
        ["StageName"] = "Closed Won",
        ["IsWon"] = true,
        ["IsClosed"] = true,
        ["Type"] = "New",
        ["CurrencyIsoCode"] = "USD",
        ["LastStageChangeDate"] = "2026-10-01T08:30:00.000+0000",
        ["SystemModstamp"] = "2026-10-01T08:31:00.000+0000",
        ["Hub_Contract_Start__c"] = "2026-10-15",
        ["Hub_Term_Months__c"] = 12,
        ["Hub_Billing_Frequency__c"] = "Annual",
        ["Hub_Payment_Terms__c"] = "Net 20",
        ["Hub_Billing_Contact__c"] = "003000000000001AAA",
    };

    private readonly JsonObject _account = new() { ["Id"] = AccountId, ["Name"] = "Acme Ltd" };
    private readonly JsonObject _contact = new() { ["Id"] = "003000000000001AAA", ["Name"] = "Pat", ["Email"] = "billing@acme.example" };
    private readonly List<JsonObject> _lines = [];
    private readonly Dictionary<string, JsonObject> _products = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _entries = [];
    private readonly List<JsonObject> _quoted = [];
    private readonly string _number;
    private JsonObject? _contract;
    private bool _amountStated;

    private Deals(string number) => _number = number;

    public static Deals New() => new(OriginalNumber);

    /// <summary>An opportunity that amends <see cref="OpportunityId"/> and leaves everything else to the contract.</summary>
    /// <param name="number">Tells the amendments of a test apart.</param>
    public static Deals Amending(string type, string? effective, int number = 2)
    {
        var deal = new Deals(number.ToString("D12", CultureInfo.InvariantCulture));
        foreach (string field in new[] { "Hub_Contract_Start__c", "Hub_Term_Months__c", "Hub_Billing_Frequency__c", "Hub_Payment_Terms__c", "Hub_Billing_Contact__c" })
        {
            deal._opportunity[field] = null;
        }

        return deal.With(
            ("Id", $"006{deal._number}AAA"), ("Type", null), ("Hub_Deal_Type__c", type), ("Hub_Amends_Contract__c", OpportunityId), ("Hub_Effective_Date__c", effective));
    }

    /// <summary>The outcome for the last of several opportunities of one contract, each with its processing date.</summary>
    public static PlanOutcome Plan(BillingSnapshot? billing, ContractsOptions? options, params (Deals Deal, string Processed)[] deals) => ContractPlanning.Plan(
        new([.. deals.Select(part => new ProcessedDeal(part.Deal.Snapshot(), Date(part.Processed)))]), billing ?? BillingSnapshot.Empty, options ?? new());

    public static BillingPlan Planned(params (Deals Deal, string Processed)[] deals) => Plan(null, null, deals) switch
    {
        PlanOutcome.Planned(var plan) => plan,
        PlanOutcome.Rejected(var found) => throw new Xunit.Sdk.XunitException(string.Join("\n", found)),
        var other => throw new Xunit.Sdk.XunitException(other.ToString()),
    };

    public static ImmutableArray<Problem> Findings(params (Deals Deal, string Processed)[] deals) => Assert.IsType<PlanOutcome.Rejected>(Plan(null, null, deals)).Problems;

    public static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text).Value;

    /// <summary>Sets fields of the opportunity.</summary>
    public Deals With(params (string Field, object? Value)[] fields)
    {
        Put(_opportunity, fields);
        _amountStated |= fields.Any(field => field.Field == "Amount");
        return this;
    }

    public Deals Account(params (string Field, object? Value)[] fields)
    {
        Put(_account, fields);
        return this;
    }

    public Deals Contact(params (string Field, object? Value)[] fields)
    {
        Put(_contact, fields);
        return this;
    }

    public Deals Contract(params (string Field, object? Value)[] fields)
    {
        _contract ??= new() { ["Id"] = "800000000000001AAA" };
        Put(_contract, fields);
        return this;
    }

    /// <summary>Sets fields of a product that a line sells.</summary>
    public Deals Product(string code, params (string Field, object? Value)[] fields)
    {
        Put(ProductOf(code), fields);
        return this;
    }

    /// <summary>Adds a recurring line, priced per year.</summary>
    public Deals Line(string code, decimal? quantity, decimal? price, params (string Field, object? Value)[] fields)
    {
        var line = new JsonObject
        {
            ["Id"] = string.Create(CultureInfo.InvariantCulture, $"00k{(_number == OriginalNumber ? "000000" : _number[6..])}{_lines.Count + 1:D6}AAA"),
            ["OpportunityId"] = $"006{_number}AAA",
            ["Product2Id"] = ProductOf(code)["Id"]!.GetValue<string>(),
            ["PricebookEntryId"] = null,
            ["Quantity"] = quantity,
            ["UnitPrice"] = price,
            ["Hub_Price_Basis__c"] = "Year",
            ["Hub_Charge_Type__c"] = "Recurring",
        };
        Put(line, fields);
        _lines.Add(line);
        return this;
    }

    /// <summary>Adds a line charged once.</summary>
    public Deals OneTime(string code, decimal quantity, decimal price, params (string Field, object? Value)[] fields) =>
        Line(code, quantity, price, [("Hub_Price_Basis__c", "Once"), ("Hub_Charge_Type__c", "OneTime"), .. fields]);

    /// <summary>Adds a metered line; the price is per unit used.</summary>
    public Deals Usage(string code, decimal price, params (string Field, object? Value)[] fields)
    {
        Product(code, ("Hub_Meter_Id__c", "mtr_" + code));
        return Line(code, 1, price, [("Hub_Price_Basis__c", null), ("Hub_Charge_Type__c", "Usage"), .. fields]);
    }

    /// <summary>Adds a price book entry to the last line.</summary>
    public Deals Entry(params (string Field, object? Value)[] fields)
    {
        var entry = new JsonObject { ["Id"] = string.Create(CultureInfo.InvariantCulture, $"01u00000000000{_entries.Count + 1}AAA") };
        Put(entry, fields);
        _entries.Add(entry);
        _lines[^1]["PricebookEntryId"] = entry["Id"]!.GetValue<string>();
        return this;
    }

    public const string QuoteId = "0Q0000000000001CAA";

    /// <summary>Adds a line to the synced quote Q-7; only what is stated is there.</summary>
    public Deals Quoted(string code, decimal? quantity, decimal? price, params (string Field, object? Value)[] fields)
    {
        var line = new JsonObject
        {
            ["Id"] = string.Create(CultureInfo.InvariantCulture, $"0QL000000{_quoted.Count + 1:D6}GAA"),
            ["QuoteId"] = QuoteId,
            ["Product2Id"] = ProductOf(code)["Id"]!.GetValue<string>(),
            ["Quantity"] = quantity,
            ["UnitPrice"] = price,
        };
        Put(line, fields);
        _quoted.Add(line);
        return With(("SyncedQuoteId", QuoteId));
    }

    public DealSnapshot Snapshot()
    {
        if (!_amountStated)
        {
            _opportunity["Amount"] = _lines.Sum(Total);
        }

        return new(
            Record("Opportunity", _opportunity),
            [.. _lines.Select(line => Record("OpportunityLineItem", line))],
            Record("Account", _account),
            [Record("Contact", _contact)],
            [.. _products.Values.Select(product => Record("Product2", product))],
            [.. _entries.Select(entry => Record("PricebookEntry", entry))],
            _contract is null ? null : Record("Contract", _contract))
        {
            Quote = _quoted.Count == 0 ? null : new(
                Record("Quote", new() { ["Id"] = QuoteId, ["QuoteNumber"] = "Q-7" }), [.. _quoted.Select(line => Record("QuoteLineItem", line))]),
        };
    }

    public PlanOutcome Plan(string processed = "2026-10-01", BillingSnapshot? billing = null, ContractsOptions? options = null) =>
        ContractPlanning.Plan(Snapshot(), billing ?? BillingSnapshot.Empty, Date(processed), options ?? new());

    public BillingPlan Planned(string processed = "2026-10-01", BillingSnapshot? billing = null, ContractsOptions? options = null)
    {
        PlanOutcome outcome = Plan(processed, billing, options);
        return outcome is PlanOutcome.Planned(var plan)
            ? plan
            : throw new Xunit.Sdk.XunitException(outcome is PlanOutcome.Rejected(var found) ? string.Join("\n", found) : outcome.ToString());
    }

    public ImmutableArray<Problem> Findings(string processed = "2026-10-01", BillingSnapshot? billing = null, ContractsOptions? options = null) =>
        Assert.IsType<PlanOutcome.Rejected>(Plan(processed, billing, options)).Problems;

    /// <summary>Invoices as <c>2026-10-15 1125000 due 2026-11-04: SEAT 1080000, SETUP 45000</c>.</summary>
    public static string[] Invoices(BillingPlan plan) =>
    [
        .. plan.Invoices.Select(invoice =>
            $"{invoice.Date:uuuu-MM-dd} {invoice.Amount.MinorUnits} due {invoice.Due?.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture) ?? "-"}: "
            + string.Join(", ", invoice.Lines.Select(line => $"{line.ProductCode} {line.Amount?.MinorUnits.ToString(CultureInfo.InvariantCulture) ?? "?"}"))),
    ];

    /// <summary>Phases as <c>2026-10-15..2027-10-15: 40 SEAT @30000/year</c>.</summary>
    public static string[] Phases(BillingPlan plan) =>
    [
        .. plan.Schedule!.Phases.Select(phase => $"{phase.Start:uuuu-MM-dd}..{phase.End:uuuu-MM-dd}{(phase.TrialEnd is null ? "" : " free")}: "
            + string.Join(", ", phase.Items.Select(Item)) + string.Concat(phase.OneTime.Select(once =>
                string.Create(CultureInfo.InvariantCulture, $" + {once.Quantity:0.##} {once.ProductCode} @{once.UnitAmount}{(once.AmountOff is { } amount ? $" -{amount}" : "")}")))),
    ];

    private static string Item(PhaseItem item) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(item.Usage ? "metered" : item.Quantity)} {item.ProductCode} @{item.UnitAmount?.ToString(CultureInfo.InvariantCulture) ?? "tiers"}/{(item.Interval.Count == 1 ? "" : item.Interval.Count)}{item.Interval.Unit.ToString().ToLowerInvariant()}{(item.PercentOff is { } off ? $" -{off}%" : "")}{(item.AmountOff is { } amount ? $" -{amount}" : "")}");

    private static SalesforceRecord Record(string name, JsonObject json) => SalesforceRecord.From(name, JsonSerializer.SerializeToElement(json));

    private static void Put(JsonObject json, (string Field, object? Value)[] fields)
    {
        foreach ((string field, object? value) in fields)
        {
            json[field] = JsonSerializer.SerializeToNode(value);
        }
    }

    private static decimal Total(JsonObject line)
    {
        if (line["Hub_Charge_Type__c"]?.GetValue<string>() == "Usage")
        {
            return 0;
        }

        decimal Number(string field) => decimal.Parse(line[field]?.ToJsonString() ?? "0", NumberStyles.Float, CultureInfo.InvariantCulture);
        return Number("Quantity") * Number("UnitPrice") * (100 - Number("Discount")) / 100;
    }

    private JsonObject ProductOf(string code)
    {
        if (!_products.TryGetValue(code, out JsonObject? product))
        {
            product = new()
            {
                ["Id"] = $"01t{code.PadLeft(12, '0')}AAA",
                ["ProductCode"] = code,
                ["IsActive"] = true,
                ["Hub_Stripe_Product_Id__c"] = "prod_" + code,
            };
            _products.Add(code, product);
        }

        return product;
    }
}
