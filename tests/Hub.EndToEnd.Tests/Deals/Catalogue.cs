using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce;

namespace Hub.EndToEnd.Tests.Deals;

/// <summary>What is on sale: products in both systems, price book entries per currency, a meter and tax rates.</summary>
/// <param name="Ids">Ids that Stripe gave, by name: <c>meter</c>, <c>exclusive</c>, <c>inclusive</c>, <c>payer</c>, <c>seat-price</c>.</param>
internal sealed record Catalogue(IReadOnlyDictionary<string, string> Ids)
{
    private const string Pricebook = "01sHb0000000001IAA";

    private static readonly (string Code, string Charge)[] Sold =
    [
        ("SEAT", "Recurring"), ("PLATFORM", "Recurring"), ("SUPPORT", "Recurring"), ("SETUP", "OneTime"), ("TRAINING", "OneTime"), ("API", "Usage"),
    ];

    private static readonly string[] Currencies = ["USD", "JPY", "KWD"];

    private int _sales;

    /// <summary>A catalogue whose Stripe ids do not matter, such as for the names of its sales.</summary>
    public static Catalogue Unknown { get; } = new(new Dictionary<string, string>());

    public static IEnumerable<string> Codes => Sold.Select(product => product.Code);

    public static string StripeProduct(string code) => "prod_" + code;

    public string Id(string name) => Ids.GetValueOrDefault(name, "unknown");

    /// <summary>A sale of an account of its own.</summary>
    public Sale Sale(string label) => new(label, Next(), this);

    /// <summary>A number no other record of the catalogue has.</summary>
    public int Next() => ++_sales;

    public static string ProductId(string code) => RecordIds.Create("01t", 1 + Index(code));

    public static string EntryId(string code, string currency, bool priced) =>
        RecordIds.Create("01u", 1 + (Index(code) * 10) + (Array.IndexOf(Currencies, currency) * 2) + (priced ? 1 : 0));

    /// <summary>Every product, price book entry and the price book.</summary>
    public JsonObject Records() => new()
    {
        ["Pricebook2"] = new JsonArray(new JsonObject { ["Id"] = Pricebook, ["Name"] = "Standard", ["IsActive"] = true }),
        ["Product2"] = new JsonArray([.. Codes.Select(Product)]),
        ["PricebookEntry"] = new JsonArray(
            [.. Codes.SelectMany(code => Currencies.SelectMany(currency => new[] { Entry(code, currency, false), Entry(code, currency, true) }))]),
    };

    private JsonObject Product(string code) => new JsonObject
    {
        ["Id"] = ProductId(code),
        ["Name"] = code,
        ["ProductCode"] = code,
        ["IsActive"] = true,
        ["Hub_Charge_Type__c"] = Sold[Index(code)].Charge,
        ["Hub_Stripe_Product_Id__c"] = StripeProduct(code),
        ["Hub_Meter_Id__c"] = Sold[Index(code)].Charge == "Usage" ? Id("meter") : null,
    };

    private JsonObject Entry(string code, string currency, bool priced) => new JsonObject
    {
        ["Id"] = EntryId(code, currency, priced),
        ["Pricebook2Id"] = Pricebook,
        ["Product2Id"] = ProductId(code),
        ["ProductCode"] = code,
        ["CurrencyIsoCode"] = currency,
        ["UnitPrice"] = 20,
        ["IsActive"] = true,
        ["Hub_Stripe_Price_Id__c"] = priced ? Id("seat-price") : null,
    };

    private static int Index(string code) => Array.FindIndex(Sold, product => product.Code == code);
}

/// <summary>One won opportunity with an account of its own, and what it must bill, worked out by hand.</summary>
internal sealed class Sale
{
    private readonly List<JsonObject> _lines = [];
    private readonly List<Sale> _changes = [];
    private readonly Sale? _contract;
    private readonly Dictionary<string, decimal> _readings = [];
    private readonly int _number;
    private readonly Catalogue _catalogue;
    private readonly JsonObject _account;
    private readonly JsonObject _contact;
    private readonly JsonObject _opportunity;
    private JsonObject? _parent;
    private JsonObject? _quote;

    public Sale(string label, int number, Catalogue catalogue)
    {
        (Label, _number, _catalogue) = (label, number, catalogue);
        _account = new() { ["Id"] = RecordId("001"), ["Name"] = label, ["BillingCountry"] = "US", ["Hub_Stripe_Customer_Id__c"] = null };
        _contact = new() { ["Id"] = RecordId("003"), ["AccountId"] = RecordId("001"), ["LastName"] = "Payer", ["Name"] = "Payer", ["Email"] = $"payer{number}@example.com" };
        _opportunity = new()
        {
            ["Id"] = RecordId("006"),
            ["Name"] = label,
            ["AccountId"] = RecordId("001"),
            ["StageName"] = "Closed Won",
            ["IsWon"] = true,
            ["IsClosed"] = true,
            ["Type"] = "New",
            ["CurrencyIsoCode"] = "USD",
            ["CloseDate"] = "2028-02-10",
            ["LastStageChangeDate"] = "2028-02-10T06:00:00.000+0000",
            ["SystemModstamp"] = "2028-02-10T06:00:00.000+0000",
            ["Hub_Payment_Terms__c"] = "Due on receipt",
            ["Hub_Billing_Contact__c"] = RecordId("003"),
        };
    }

    private Sale(Sale contract, string wonOn, string type, string effective)
        : this(contract.Label, contract._catalogue.Next(), contract._catalogue)
    {
        (_contract, WonOn) = (contract, wonOn);
        With(
            ("AccountId", contract.Payer), ("CurrencyIsoCode", (string)contract._opportunity["CurrencyIsoCode"]!), ("Type", null), ("CloseDate", wonOn),
            ("LastStageChangeDate", wonOn + "T06:00:00.000+0000"), ("SystemModstamp", wonOn + "T06:00:00.000+0000"), ("Hub_Payment_Terms__c", null),
            ("Hub_Billing_Contact__c", null), ("Hub_Deal_Type__c", type), ("Hub_Amends_Contract__c", contract.Key), ("Hub_Effective_Date__c", effective));
    }

    public string Label { get; }

    /// <summary>Day on which the opportunity is won, in the morning.</summary>
    public string WonOn { get; } = "2028-02-10";

    /// <summary>Opportunities that amend this one, in the order they are won.</summary>
    public IReadOnlyList<Sale> Changes => _changes;

    public string Key => RecordId("006");

    public string Payer => (string?)_parent?["Id"] ?? RecordId("001");

    /// <summary>What must be billed, in the form of <see cref="Bill"/>.</summary>
    public IReadOnlyList<string> Expected { get; private set; } = [];

    /// <summary>What Stripe must issue; null: what the plan says.</summary>
    public IReadOnlyList<string>? Issues { get; private set; }

    /// <summary>Readings by the first day of the metered period, <c>2028-03-01</c>.</summary>
    public IReadOnlyDictionary<string, decimal> Readings => _readings;

    /// <summary>Days, besides the first, on which the Hub itself must issue something.</summary>
    public IReadOnlyList<string> HubDays { get; private set; } = [];

    /// <summary>From when on Stripe's invoices are no longer in the plan: the end of the term, or of the horizon, of a contract that goes on.</summary>
    public string? GoesOnFrom { get; private set; }

    public Sale With(params (string Field, object? Value)[] fields) => Put(_opportunity, fields);

    public Sale Account(params (string Field, object? Value)[] fields) => Put(_account, fields);

    /// <summary>Has the deal billed to an account above the one that it belongs to.</summary>
    public Sale BilledToParent()
    {
        _parent = new() { ["Id"] = RecordIds.Create("001", 900_000 + _number), ["Name"] = Label + ", group", ["BillingCountry"] = "US" };
        return Account(("ParentId", (string)_parent["Id"]!), ("Hub_Bill_Parent__c", true));
    }

    public Sale Term(string start, int months, string frequency) =>
        With(("Hub_Contract_Start__c", start), ("Hub_Term_Months__c", months), ("Hub_Billing_Frequency__c", frequency));

    public Sale Terms(string paymentTerms) => With(("Hub_Payment_Terms__c", paymentTerms));

    /// <summary>Adds a recurring line priced per month.</summary>
    public Sale Line(string code, decimal quantity, decimal price, params (string Field, object? Value)[] fields)
    {
        var line = new JsonObject
        {
            ["Id"] = RecordIds.Create("00k", (_number * 100) + _lines.Count + 1),
            ["OpportunityId"] = RecordId("006"),
            ["Product2Id"] = Catalogue.ProductId(code),
            ["ProductCode"] = code,
            ["Quantity"] = quantity,
            ["UnitPrice"] = price,
            ["Discount"] = null,
            ["Hub_Price_Basis__c"] = "Month",
            ["Hub_Charge_Type__c"] = "Recurring",
        };
        _lines.Add(line);
        Put(line, fields);
        line.Remove("Priced", out JsonNode? priced);
        line["PricebookEntryId"] = Catalogue.EntryId(code, (string)_opportunity["CurrencyIsoCode"]!, priced is not null);
        line["CurrencyIsoCode"] = (string)_opportunity["CurrencyIsoCode"]!;
        line["TotalPrice"] = quantity * price * (100 - (line["Discount"] is { } discount ? (decimal)discount : 0)) / 100;
        return this;
    }

    /// <summary>Adds a recurring line with days of its own.</summary>
    public Sale Line(string code, decimal quantity, decimal price, string? start, string? end, params (string Field, object? Value)[] fields) =>
        Line(code, quantity, price, [("Hub_Line_Start__c", start), ("Hub_Line_End__c", end), .. fields]);

    public Sale Once(string code, decimal quantity, decimal price, params (string Field, object? Value)[] fields) =>
        Line(code, quantity, price, [("Hub_Price_Basis__c", "Once"), ("Hub_Charge_Type__c", "OneTime"), .. fields]);

    public Sale Usage(decimal price, params (string Field, object? Value)[] fields) =>
        Line("API", 1, price, [("Hub_Price_Basis__c", null), ("Hub_Charge_Type__c", "Usage"), .. fields]);

    /// <summary>Syncs the opportunity with a quote of the lines it has by now.</summary>
    public Sale Quoted(string number)
    {
        _quote = new() { ["Id"] = RecordId("0Q0"), ["OpportunityId"] = Key, ["Name"] = Label, ["QuoteNumber"] = number };
        return With(("SyncedQuoteId", RecordId("0Q0")));
    }

    public Sale Reads(string periodStart, decimal quantity)
    {
        _readings.Add(periodStart, quantity);
        return this;
    }

    /// <summary>Amends the contract: an opportunity of the same account that is won on a later day and leaves everything else to the contract.</summary>
    public Sale Changed(string wonOn, string type, string effective, Func<Sale, Sale> content)
    {
        _changes.Add(content(new(this, wonOn, type, effective)));
        return this;
    }

    /// <summary>Amends the contract through its first amendment.</summary>
    public Sale ChangedAgain(string wonOn, string type, string effective, Func<Sale, Sale> content) =>
        Changed(wonOn, type, effective, change => content(change.With(("Hub_Amends_Contract__c", _changes[0].Key))));

    public Sale HubIssuesOn(params string[] days)
    {
        HubDays = days;
        return this;
    }

    /// <summary>Where Stripe issues the same money on other invoices than a plan that knows days only.</summary>
    public Sale IssuedAs(params string[] invoices)
    {
        Issues = invoices;
        return this;
    }

    public Sale GoesOn(string from)
    {
        GoesOnFrom = from;
        return this;
    }

    public Sale Bills(params string[] invoices)
    {
        Expected = invoices;
        return this;
    }

    /// <summary>The same invoice on several days, due on each of them.</summary>
    public Sale BillsOn(string amountAndLines, params string[] days)
    {
        int colon = amountAndLines.IndexOf(':', StringComparison.Ordinal);
        return Bills([.. Expected, .. days.Select(day => $"{day} {amountAndLines[..colon]} due {day}{amountAndLines[colon..]}")]);
    }

    /// <summary>The records as Salesforce holds them.</summary>
    public JsonObject Records(bool won)
    {
        var opportunity = (JsonObject)_opportunity.DeepClone();
        opportunity["Amount"] = _lines.Where(line => (string?)line["Hub_Charge_Type__c"] != "Usage").Sum(line => (decimal)line["TotalPrice"]!);
        if (!won)
        {
            foreach (string stage in (string[])["IsWon", "IsClosed", "LastStageChangeDate", "SystemModstamp"])
            {
                opportunity.Remove(stage);
            }

            opportunity["StageName"] = "Negotiation/Review";
        }

        var records = new JsonObject
        {
            ["Account"] = _contract is not null ? [] : new JsonArray([.. new[] { _parent, _account }.OfType<JsonObject>().Select(account => account.DeepClone())]),
            ["Contact"] = _contract is null ? new JsonArray(_contact.DeepClone()) : [],
            ["Opportunity"] = new JsonArray(opportunity),
            ["OpportunityLineItem"] = new JsonArray([.. _lines.Select(line => line.DeepClone())]),
        };
        if (_quote is not null)
        {
            records["Quote"] = new JsonArray(_quote.DeepClone());
            records["QuoteLineItem"] = new JsonArray([.. _lines.AsEnumerable().Reverse().Select(QuoteLine)]);
        }

        return records;
    }

    private JsonObject QuoteLine(JsonObject line)
    {
        var quoted = new JsonObject { ["Id"] = RecordIds.Create("0QL", (_number * 100) + _lines.IndexOf(line) + 1), ["QuoteId"] = RecordId("0Q0") };
        foreach (string field in (string[])["Product2Id", "PricebookEntryId", "Quantity", "UnitPrice", "Discount"])
        {
            quoted[field] = line[field]?.DeepClone();
        }

        return quoted;
    }

    /// <summary>The books file of this sale with all that amends it, on the morning the last of them is won, before Stripe knows of any.</summary>
    public string Books(IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> stripe)
    {
        JsonObject salesforce = Records(won: true);
        foreach ((string table, JsonNode? record) in _changes.SelectMany(change => change.Records(won: true)).SelectMany(list => list.Value!.AsArray().Select(row => (list.Key, row))))
        {
            salesforce[table]!.AsArray().Add(record!.DeepClone());
        }

        foreach ((string table, JsonNode? records) in _catalogue.Records())
        {
            salesforce[table] = records!.DeepClone();
        }

        string? usageLine = (string?)_lines.Find(line => (string?)line["Hub_Charge_Type__c"] == "Usage")?["Id"];
        return new JsonObject
        {
            ["asOf"] = (_changes.Count == 0 ? WonOn : _changes[^1].WonOn) + "T06:00:00Z",
            ["settings"] = new JsonObject { ["Contracts:RollingPhases"] = true },
            ["salesforce"] = salesforce,
            ["stripe"] = new JsonObject(stripe.Select(list => KeyValuePair.Create(list.Key, (JsonNode?)JsonSerializer.SerializeToNode(list.Value)))),
            ["usage"] = new JsonArray(
                [.. _readings.Select(reading => new JsonObject { ["lineId"] = usageLine, ["month"] = reading.Key[..7], ["quantity"] = reading.Value })]),
        }.ToJsonString();
    }

    private string RecordId(string prefix) => RecordIds.Create(prefix, 50_000 + _number);

    private Sale Put(JsonObject record, (string Field, object? Value)[] fields)
    {
        foreach ((string field, object? value) in fields)
        {
            record[field] = JsonSerializer.SerializeToNode(value);
        }

        return this;
    }
}

/// <summary>One invoice or credit note as text: <c>2028-03-01 1125000 due 2028-03-21: SEAT 1080000, SETUP 45000</c>.</summary>
internal static class Bill
{
    /// <param name="amount">After discount and tax, minor units.</param>
    /// <param name="lines">After discount, before tax; lines of 0 are left out, the rest goes in order of its text.</param>
    public static string Text(string date, long amount, string? due, bool creditNote, IEnumerable<(string Product, long Amount)> lines) =>
        string.Create(CultureInfo.InvariantCulture, $"{date} {amount} {(creditNote ? "credit note" : "due " + (due ?? "-"))}: ")
        + string.Join(", ", lines.Where(line => line.Amount != 0)
            .Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Product} {line.Amount}")).Order(StringComparer.Ordinal));
}
