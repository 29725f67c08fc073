using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;

namespace Hub.Sandbox.Seed;

/// <summary>The story of the demo: 40 accounts, 60 won deals of the week before 5 January 2026 and five open ones.</summary>
/// <param name="Tables">Salesforce records by object.</param>
/// <param name="Products">Products the deals are billed under, to be created in Stripe.</param>
/// <param name="Won">Ids of the won opportunities.</param>
/// <param name="Refused">Finding code to the opportunity that has it, and no other.</param>
public sealed record Story(
    JsonObject Tables,
    ImmutableArray<CatalogueProduct> Products,
    ImmutableArray<string> Won,
    ImmutableSortedDictionary<string, string> Refused)
{
    private const int Accounts = 40;
    private const int WonDeals = 60;
    private const int OpenDeals = 5;

    /// <summary>Accounts that have a Stripe customer from earlier business: every third invented one. Its id is filled in once Stripe gave one.</summary>
    public IEnumerable<JsonNode> BilledBefore => Tables["Account"]!.AsArray()
        .Where(account => !SampleAccounts.Contains((string)account!["Id"]!))
        .Where((_, place) => place % 3 == 0)
        .Select(account => account!);

    private static HashSet<string> SampleAccounts { get; } =
        [.. Samples.Names.SelectMany(name => Samples.Records(name)["Account"]!.AsArray()).Select(account => (string)account!["Id"]!)];

    /// <summary>The same seed gives the same story.</summary>
    public static Story Of(int seed)
    {
        var dice = new Dice(seed);
        var catalogue = new Catalogue(Samples.Catalogue());
        var tables = new JsonObject();
        Merge(tables, Samples.Catalogue());
        foreach (var name in Samples.Names)
        {
            Merge(tables, Samples.Records(name));
        }

        var samples = Samples.Names.Count;
        var customers = Customers.Make(dice, Accounts - samples);
        var deals = new Deals(dice, catalogue);
        var defects = new Defects(deals, customers);
        var refused = defects.All();
        var records = new DealRecords(catalogue);
        var good = WonDeals - samples - refused.Count;
        foreach (var number in Enumerable.Range(0, good + OpenDeals))
        {
            var deal = deals.Shapes[number % deals.Shapes.Count](customers[number % customers.Length]);
            records.Add(number < good ? deal : deal with { Stage = dice.Of(["Negotiation/Review", "Proposal/Price Quote"]) });
        }

        var codes = refused.ToImmutableSortedDictionary(entry => entry.Code, entry => records.Add(entry.Deal), StringComparer.Ordinal);
        Merge(tables, new JsonObject
        {
            ["Account"] = new JsonArray([.. customers.Select(customer => (JsonNode)Account(customer))]),
            ["Contact"] = new JsonArray([.. customers.Select(customer => (JsonNode)Contact(customer)), MuteContact(defects.MuteAt)]),
        });
        Merge(tables, records.Tables);
        var won = tables["Opportunity"]!.AsArray().Where(deal => (string?)deal!["StageName"] == "Closed Won").Select(deal => (string)deal!["Id"]!);
        return new Story(tables, [.. catalogue.Products.Where(product => product.StripeId is not null)], [.. won], codes);
    }

    private static JsonObject Account(Customer customer) => new()
    {
        ["Id"] = customer.Id,
        ["Name"] = customer.Name,
        ["OwnerId"] = Org.SalesOpsUser,
        ["BillingStreet"] = customer.Street,
        ["BillingCity"] = customer.City,
        ["BillingCountry"] = customer.Country,
        ["CurrencyIsoCode"] = customer.Currency,
        ["SystemModstamp"] = Before,
    };

    private static JsonObject Contact(Customer customer) => new()
    {
        ["Id"] = customer.ContactId,
        ["AccountId"] = customer.Id,
        ["FirstName"] = customer.First,
        ["LastName"] = customer.Last,
        ["Name"] = $"{customer.First} {customer.Last}",
        ["Email"] = customer.Email,
        ["SystemModstamp"] = Before,
    };

    private static JsonObject MuteContact(Customer customer) => new()
    {
        ["Id"] = Defects.Mute,
        ["AccountId"] = customer.Id,
        ["LastName"] = "Accounts Payable",
        ["Name"] = "Accounts Payable",
        ["SystemModstamp"] = Before,
    };

    /// <summary>Customers were there before their deals.</summary>
    private static string Before => "2025-12-15T09:00:00.000+0000";

    private static void Merge(JsonObject tables, JsonObject more)
    {
        foreach (var (name, records) in more)
        {
            if (tables[name] is not JsonArray table)
            {
                tables[name] = table = [];
            }

            var known = table.Select(record => (string)record!["Id"]!).ToHashSet(StringComparer.Ordinal);
            foreach (var record in records!.AsArray().Where(record => known.Add((string)record!["Id"]!)))
            {
                table.Add(record!.DeepClone());
            }
        }
    }
}
