using static Hub.Sandbox.Salesforce.Schema.Fields;

namespace Hub.Sandbox.Salesforce.Schema;

/// <summary>Quotes and their lines, as an org has them that has switched Quotes on.</summary>
/// <remarks>Source: object reference, Quote and QuoteLineItem; the many address and tax fields are left out.</remarks>
internal static class Quotes
{
    public static SObjectType Quote() => new("Quote", "0Q0",
        Text("Name").Required(), Text("QuoteNumber", 30).ReadOnly(), Lookup("OpportunityId", "Opportunity", "Quotes").Required().CreateOnly(),
        Lookup("Pricebook2Id", "Pricebook2").CreateOnly(), Lookup("ContactId", "Contact", "Quotes"), Bool("IsSyncing").ReadOnly(),
        Pick("Status", "Draft", "Needs Review", "In Review", "Approved", "Rejected", "Presented", "Accepted", "Denied"), Date("ExpirationDate"),
        LongText("Description", 32_000), Int("LineItemCount").ReadOnly(), Money("Subtotal").ReadOnly(), Money("TotalPrice").ReadOnly(), Money("GrandTotal").ReadOnly(),
        Currency().ReadOnly());

    public static SObjectType Line() => new("QuoteLineItem", "0QL",
        Lookup("QuoteId", "Quote", "QuoteLineItems").Required().CreateOnly(), Text("LineNumber").ReadOnly(), Int("SortOrder"),
        Lookup("PricebookEntryId", "PricebookEntry", "QuoteLineItems").CreateOnly(), Lookup("Product2Id", "Product2", "QuoteLineItems").CreateOnly(),
        Number("Quantity", 12, 2).Required(), Money("UnitPrice").Required(), Money("ListPrice").ReadOnly(), Percent("Discount"), Money("Subtotal").ReadOnly(),
        Money("TotalPrice").ReadOnly(), Date("ServiceDate"), Text("Description"), Bool("HasSchedule").ReadOnly(), Bool("HasRevenueSchedule").ReadOnly(),
        Bool("HasQuantitySchedule").ReadOnly(), Currency().ReadOnly());
}
