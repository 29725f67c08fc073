using System.Collections.Immutable;
using Hub.Sandbox.Salesforce;

namespace Hub.Sandbox.Seed;

/// <summary>Invents the companies of the story.</summary>
internal static class Customers
{
    private static readonly string[] Places =
    [
        "Alder", "Beacon", "Birch", "Bramble", "Canyon", "Cobalt", "Coral", "Crescent", "Dover", "Ember", "Falcon", "Garnet", "Hazel", "Heron",
        "Indigo", "Ivory", "Kestrel", "Larch", "Linden", "Maple", "Meadow", "Nimbus", "Onyx", "Orchard", "Pebble", "Quarry", "Ridge", "Saffron",
        "Sparrow", "Summit", "Thistle", "Umber", "Vale", "Willow", "Yarrow", "Zephyr",
    ];

    private static readonly string[] Trades =
        ["Bioscience", "Builders", "Capital", "Ceramics", "Energy", "Foods", "Freight", "Health", "Interiors", "Learning", "Media", "Mobility", "Optics", "Robotics", "Textiles", "Travel"];

    private static readonly string[] Firsts = ["Amara", "Bruno", "Chiara", "Daniel", "Elif", "Farah", "Goran", "Hana", "Ines", "Jonas", "Keiko", "Lars", "Mona", "Nadia", "Oscar", "Paula", "Rafael", "Sofia", "Tomas", "Vera"];
    private static readonly string[] Lasts = ["Abbott", "Bianchi", "Carver", "Dahl", "Eriksen", "Fischer", "Grant", "Hughes", "Ito", "Jansen", "Khan", "Lopez", "Moreau", "Novak", "Ortiz", "Petrov", "Quinn", "Rossi", "Silva", "Tanaka"];

    private static readonly Market[] Markets =
    [
        new("USD", "US", "Inc", ["Chicago", "Denver", "Austin", "Seattle"]),
        new("EUR", "DE", "GmbH", ["Berlin", "Munich", "Cologne"]),
        new("USD", "US", "LLC", ["Atlanta", "Phoenix", "Raleigh"]),
        new("GBP", "GB", "Ltd", ["London", "Leeds", "Cardiff"]),
        new("USD", "US", "Corp", ["Dallas", "Detroit", "Tampa"]),
        new("JPY", "JP", "K.K.", ["Tokyo", "Osaka", "Nagoya"]),
        new("EUR", "FR", "SAS", ["Paris", "Nantes", "Lille"]),
        new("USD", "US", "Group", ["Boston", "Houston", "Madison"]),
        new("KWD", "KW", "W.L.L.", ["Kuwait City", "Hawalli"]),
    ];

    public static ImmutableArray<Customer> Make(Dice dice, int count)
    {
        var places = Places.ToList();
        return [.. Enumerable.Range(0, count).Select(number => One(dice, places, number))];
    }

    private static Customer One(Dice dice, List<string> places, int number)
    {
        var market = Markets[number % Markets.Length];
        var place = dice.Of(places);
        places.Remove(place);
        var trade = dice.Of(Trades);
        var (first, last) = (dice.Of(Firsts), dice.Of(Lasts));
        return new Customer(
            RecordIds.Create("001", 10_000 + number),
            $"{place} {trade} {market.Suffix}",
            market.Country,
            dice.Of(market.Cities),
            $"{dice.Between(1, 240)} {dice.Of(Lasts)} Street",
            market.Currency,
            RecordIds.Create("003", 10_000 + number),
            first,
            last,
            $"{first}.{last}@{place}-{trade}.example.com".ToLowerInvariant());
    }

    private sealed record Market(string Currency, string Country, string Suffix, string[] Cities);
}
