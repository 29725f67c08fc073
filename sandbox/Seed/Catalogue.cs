using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Seed;

/// <summary>What is sold: products with a list price per month (or once) in each currency.</summary>
public sealed class Catalogue
{
    private readonly ImmutableDictionary<(string Code, string Currency), (string Id, decimal Price)> entries;

    public Catalogue(JsonObject records)
    {
        Products = [.. records["Product2"]!.AsArray().Select(Product)];
        entries = records["PricebookEntry"]!.AsArray().ToImmutableDictionary(
            entry => ((string)entry!["ProductCode"]!, (string)entry["CurrencyIsoCode"]!),
            entry => ((string)entry!["Id"]!, (decimal)entry["UnitPrice"]!));
        Pricebook = (string)records["PricebookEntry"]![0]!["Pricebook2Id"]!;
    }

    public ImmutableArray<CatalogueProduct> Products { get; }

    public string Pricebook { get; }

    public CatalogueProduct this[string code] => Products.Single(product => product.Code == code);

    /// <summary>Price book entry and list price, in major units.</summary>
    public (string Id, decimal Price) Entry(string code, string currency) => entries[(code, currency)];

    private static CatalogueProduct Product(JsonNode? record) => new(
        (string)record!["Id"]!,
        (string)record["ProductCode"]!,
        (string)record["Name"]!,
        (string)record["Hub_Charge_Type__c"]!,
        (string?)record["Hub_Stripe_Product_Id__c"]);
}

/// <param name="ChargeType"><c>Recurring</c> or <c>OneTime</c>.</param>
/// <param name="StripeId">Null: not mapped.</param>
public sealed record CatalogueProduct(string Id, string Code, string Name, string ChargeType, string? StripeId);
