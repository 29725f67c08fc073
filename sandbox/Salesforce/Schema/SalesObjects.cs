using static Hub.Sandbox.Salesforce.Schema.Fields;

namespace Hub.Sandbox.Salesforce.Schema;

/// <summary>The objects a sale consists of.</summary>
internal static class SalesObjects
{
    private static readonly string[] Frequencies = ["Monthly", "Quarterly", "Semiannual", "Annual", "Upfront"];
    private static readonly string[] ChargeTypes = ["Recurring", "OneTime", "Usage"];

    public static SObjectType Opportunity() => new("Opportunity", "006",
        Text("Name", 120).Required(), Lookup("AccountId", "Account", "Opportunities"),
        Restricted("StageName", [.. Stages.All.Select(stage => stage.Name)]).Required(), Money("Amount"), Percent("Probability"),
        Date("CloseDate").Required(), Pick("Type", "New", "Existing Customer - Upgrade", "Existing Customer - Downgrade"),
        Bool("IsClosed").ReadOnly(), Bool("IsWon").ReadOnly(), Pick("ForecastCategoryName"), Bool("HasOpportunityLineItem").ReadOnly(),
        Lookup("Pricebook2Id", "Pricebook2"), Lookup("OwnerId", "User"), Lookup("ContactId", "Contact").CreateOnly(),
        Lookup("ContractId", "Contract", "Opportunities"), Lookup("SyncedQuoteId", "Quote"), DateTime("LastStageChangeDate").ReadOnly(), Int("PushCount").ReadOnly(),
        LongText("Description", 32_000), TextArea("NextStep"), Currency(),
        Restricted("Hub_Deal_Type__c", "New", "Upsell", "Downsell", "Renewal", "Termination"),
        Date("Hub_Contract_Start__c"), Date("Hub_Contract_End__c"), Number("Hub_Term_Months__c", 3), Restricted("Hub_Billing_Frequency__c", Frequencies),
        Pick("Hub_Payment_Terms__c", "Due on receipt", "Net 7", "Net 10", "Net 14", "Net 15", "Net 20", "Net 30", "Net 45", "Net 60", "Net 75", "Net 90"),
        Restricted("Hub_Collection_Method__c", "send_invoice", "charge_automatically"), Text("Hub_PO_Number__c", 140),
        Lookup("Hub_Billing_Contact__c", "Contact"), Bool("Hub_Auto_Renew__c"), Restricted("Hub_Proration_Policy__c", "None", "Month", "Day"),
        Restricted("Hub_Credit_Policy__c", "Balance", "CreditNote", "None"), Text("Hub_Amends_Contract__c", 18), Date("Hub_Effective_Date__c"),
        Bool("Hub_Hold_Billing__c"), Number("Hub_Free_Months__c", 2), Number("Hub_Notice_Days__c", 4),
        Restricted("Hub_Sync_Status__c", "Waiting", "Needs attention", "Needs approval", "Billing active", "Held"), LongText("Hub_Sync_Message__c"),
        Text("Hub_Stripe_Schedule_Id__c", 64).Key(), Text("Hub_Stripe_Subscription_Id__c", 64), Url("Hub_First_Invoice_Url__c"),
        Date("Hub_Next_Invoice_Date__c"), Money("Hub_Contracted_Total__c"), Money("Hub_Invoiced_Total__c"), Money("Hub_Paid_Total__c"),
        DateTime("Hub_Last_Synced__c"), Text("Hub_Contract_Version__c", 80));

    public static SObjectType Line() => new("OpportunityLineItem", "00k",
        Lookup("OpportunityId", "Opportunity", "OpportunityLineItems").Required().CreateOnly(), Int("SortOrder"),
        Lookup("PricebookEntryId", "PricebookEntry", "OpportunityLineItems").CreateOnly(),
        Lookup("Product2Id", "Product2", "OpportunityLineItems").CreateOnly(), Text("ProductCode").ReadOnly(), Text("Name", 376).ReadOnly(),
        Number("Quantity", 12, 2).Required(), Money("TotalPrice"), Money("UnitPrice"), Money("ListPrice").ReadOnly(), Percent("Discount"),
        Money("Subtotal").ReadOnly(), Date("ServiceDate"), Text("Description"), Bool("HasSchedule").ReadOnly(),
        Bool("HasRevenueSchedule").ReadOnly(), Bool("HasQuantitySchedule").ReadOnly(), Currency().ReadOnly(),
        Restricted("Hub_Price_Basis__c", "Month", "Quarter", "Year", "Period", "Term", "Once"), Restricted("Hub_Charge_Type__c", ChargeTypes),
        Restricted("Hub_Billing_Frequency__c", Frequencies), Bool("Hub_Show_Discount__c"), Number("Hub_Discount_Months__c", 3), Money("Hub_Discount_Amount__c", 6),
        Date("Hub_Line_Start__c"), Date("Hub_Line_End__c"), LongText("Hub_Price_Tiers__c", 4_000), Restricted("Hub_Tiers_Mode__c", "Graduated", "Volume"));

    public static SObjectType History() => new("OpportunityHistory", "008",
        Lookup("OpportunityId", "Opportunity", "OpportunityHistories").ReadOnly(), Pick("StageName").ReadOnly(), Money("Amount").ReadOnly(),
        Money("PrevAmount").ReadOnly(), Date("CloseDate").ReadOnly(), Date("PrevCloseDate").ReadOnly(), Percent("Probability").ReadOnly(),
        Pick("ForecastCategory").ReadOnly(), Currency().ReadOnly())
    {
        Writable = false,
    };

    public static SObjectType ContactRole() => new("OpportunityContactRole", "00K",
        Lookup("OpportunityId", "Opportunity", "OpportunityContactRoles").Required().CreateOnly(), Lookup("ContactId", "Contact").Required(),
        Pick("Role", "Billing", "Decision Maker", "Evaluator"), Bool("IsPrimary"), Currency().ReadOnly());

    public static SObjectType Stage() => new("OpportunityStage", "01J",
        Text("ApiName").ReadOnly(), Text("MasterLabel").ReadOnly(), Bool("IsClosed").ReadOnly(), Bool("IsWon").ReadOnly(),
        Bool("IsActive").ReadOnly(), Percent("DefaultProbability").ReadOnly(), Int("SortOrder").ReadOnly())
    {
        Writable = false,
    };

    public static SObjectType Product() => new("Product2", "01t",
        Text("Name").Required(), Text("ProductCode"), LongText("Description", 4_000), Bool("IsActive"), Pick("Family"), Text("StockKeepingUnit", 180),
        Text("ExternalId") with { ExternalId = true }, Pick("QuantityUnitOfMeasure"), Currency(),
        Restricted("Hub_Charge_Type__c", ChargeTypes), Text("Hub_Stripe_Product_Id__c", 64), Text("Hub_Tax_Code__c", 32), Text("Hub_Meter_Id__c", 64));

    public static SObjectType Pricebook() => new("Pricebook2", "01s",
        Text("Name").Required(), Bool("IsActive"), Bool("IsStandard").ReadOnly(), Text("Description"));

    public static SObjectType Entry() => new("PricebookEntry", "01u",
        Lookup("Pricebook2Id", "Pricebook2", "PricebookEntries").Required().CreateOnly(),
        Lookup("Product2Id", "Product2", "PricebookEntries").Required().CreateOnly(), Text("Name").ReadOnly(), Text("ProductCode").ReadOnly(),
        Money("UnitPrice").Required(), Bool("IsActive"), Bool("UseStandardPrice"), Currency().CreateOnly(), Text("Hub_Stripe_Price_Id__c", 64));
}
