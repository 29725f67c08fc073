using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Tests.Seed;

/// <summary>A seeded deal with the conventions' arithmetic done on it in whole numbers, independently of the code that made it.</summary>
public sealed class SeededDeal
{
    private static readonly string[] Terms =
        ["Due on receipt", "Net 7", "Net 10", "Net 14", "Net 15", "Net 20", "Net 30", "Net 45", "Net 60", "Net 75", "Net 90"];

    private readonly JsonObject tables;

    public SeededDeal(JsonObject tables, string id)
    {
        this.tables = tables;
        Opportunity = Find("Opportunity", id)!;
        Lines = [.. tables["OpportunityLineItem"]!.AsArray().Select(line => line!.AsObject()).Where(line => (string?)line["OpportunityId"] == id)];
    }

    public JsonObject Opportunity { get; }

    public IReadOnlyList<JsonObject> Lines { get; }

    public string Currency => (string)Opportunity["CurrencyIsoCode"]!;

    private JsonObject? Contract => (string?)Opportunity["ContractId"] is { } id ? Find("Contract", id) : null;

    private DateOnly? Start => Date(Contract is { } contract ? contract["StartDate"] : Opportunity["Hub_Contract_Start__c"]);

    private DateOnly? End => Date(Contract is { } contract ? contract["EndDate"] : Opportunity["Hub_Contract_End__c"]);

    private int Months => (int)(Thousandths((Contract is { } contract ? contract["ContractTerm"] : Opportunity["Hub_Term_Months__c"]) ?? 0) / 1_000);

    /// <summary>Months of a billing period.</summary>
    private int Period => (string?)Opportunity["Hub_Billing_Frequency__c"] switch
    {
        "Monthly" => 1,
        "Quarterly" => 3,
        "Semiannual" => 6,
        "Annual" => 12,
        "Upfront" => Months,
        _ => 0,
    };

    /// <summary>What the deal breaks, as finding codes; empty when it can be billed.</summary>
    public IEnumerable<string> Defects() => OfTheDeal().Concat(Lines.SelectMany(OfTheLine)).Distinct();

    /// <summary>The first period's recurring lines plus all one-time lines, in minor units.</summary>
    public BigInteger FirstInvoice() => Lines
        .Where(line => Date(line["Hub_Line_Start__c"]) is not { } from || from == Start)
        .Aggregate(BigInteger.Zero, (sum, line) => sum + (Minor(line) ?? throw new InvalidOperationException("not whole")));

    private IEnumerable<string> OfTheDeal()
    {
        if (Lines.Aggregate(BigInteger.Zero, (sum, line) => sum + Thousandths(line["TotalPrice"]!)) != Thousandths(Opportunity["Amount"]!))
        {
            yield return "amount-contradiction";
        }

        if (!Terms.Contains((string?)Opportunity["Hub_Payment_Terms__c"]))
        {
            yield return "payment-terms-unknown";
        }

        if ((string?)Find("Contact", (string)Opportunity["Hub_Billing_Contact__c"]!)!["Email"] is null)
        {
            yield return "billing-email-missing";
        }

        if (Lines.Any(Recurs) && Start is null)
        {
            yield return "contract-start-missing";
        }

        if (Start is { } start && End is { } end && end != start.AddMonths(Months).AddDays(-1))
        {
            yield return "term-contradiction";
        }

        if (Start < new DateOnly(2026, 1, 5).AddDays(-90))
        {
            yield return "backdated-too-far";
        }
    }

    private IEnumerable<string> OfTheLine(JsonObject line)
    {
        var product = Find("Product2", (string)line["Product2Id"]!)!;
        var entry = Find("PricebookEntry", (string)line["PricebookEntryId"]!)!;
        var discounted = Thousandths(line["UnitPrice"]!) * Thousandths(line["Quantity"]!) * (100_000 - Thousandths(line["Discount"] ?? 0));
        if (discounted != Thousandths(line["TotalPrice"]!) * 1_000 * 100_000)
        {
            yield return "line-total-contradiction";
        }

        if ((string?)product["Hub_Stripe_Product_Id__c"] is null)
        {
            yield return "product-unmapped";
        }

        if (!(bool)product["IsActive"]!)
        {
            yield return "product-inactive";
        }

        if ((string?)line["CurrencyIsoCode"] != Currency || (string?)entry["CurrencyIsoCode"] != Currency || (string?)entry["Product2Id"] != (string?)line["Product2Id"])
        {
            yield return "currency-mixed";
        }

        if (Recurs(line) && Thousandths(line["Quantity"]!) % 1_000 != 0)
        {
            yield return "quantity-not-whole";
        }

        if ((Date(line["Hub_Line_Start__c"]) is { } from && from < Start) || (Date(line["Hub_Line_End__c"]) is { } to && to > Start!.Value.AddMonths(Months).AddDays(-1)))
        {
            yield return "line-outside-contract";
        }

        if ((string?)line["Hub_Price_Basis__c"] is null)
        {
            yield return "price-basis-missing";
        }
        else if (Start is not null || !Recurs(line))
        {
            if (Minor(line) is null || Stub(line) is null)
            {
                yield return "amount-not-representable";
            }
        }
    }

    private static bool Recurs(JsonObject line) => (string?)line["Hub_Charge_Type__c"] == "Recurring";

    /// <summary>Minor units of one billing period after discount; null when that is no amount of the currency (C8).</summary>
    private BigInteger? Minor(JsonObject line) => MinorOf(line, Recurs(line) ? Period : 1);

    /// <summary>The same for the rest of a term that is no whole number of periods; zero when there is none.</summary>
    private BigInteger? Stub(JsonObject line) => Recurs(line) && Months % Period > 0 ? MinorOf(line, Months % Period) : BigInteger.Zero;

    private BigInteger? MinorOf(JsonObject line, int months)
    {
        var basis = (string?)line["Hub_Price_Basis__c"] switch
        {
            "Month" => 1,
            "Quarter" => 3,
            "Year" => 12,
            "Period" => Period,
            "Term" => Months,
            "Once" => 1,
            var other => throw new InvalidOperationException($"Price basis {other}"),
        };
        var (factor, grain) = Currency switch { "JPY" => (1, 1), "KWD" => (1_000, 10), _ => (100, 1) };
        var left = 100_000 - Thousandths(line["Discount"] ?? 0);
        var numerator = Thousandths(line["UnitPrice"]!) * Thousandths(line["Quantity"]!) * left * months * factor;
        var denominator = new BigInteger(1_000) * 1_000 * 100_000 * basis;
        return numerator % (denominator * grain) == 0 ? numerator / denominator : null;
    }

    private JsonObject? Find(string table, string id) =>
        tables[table]!.AsArray().Select(record => record!.AsObject()).SingleOrDefault(record => (string?)record["Id"] == id);

    private static DateOnly? Date(JsonNode? node) => (string?)node is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    private static BigInteger Thousandths(JsonNode node)
    {
        var scaled = decimal.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) * 1_000m;
        return scaled == decimal.Truncate(scaled) ? new BigInteger(scaled) : throw new InvalidOperationException($"{node} has more than three decimals.");
    }
}
