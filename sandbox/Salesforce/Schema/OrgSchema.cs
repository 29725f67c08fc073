using System.Collections.Immutable;
using static Hub.Sandbox.Salesforce.Schema.Fields;

namespace Hub.Sandbox.Salesforce.Schema;

/// <summary>The org: a multi-currency one with quotes, without orders, schedules or person accounts, with the Hub's package installed.</summary>
/// <remarks>
/// Fields, lengths and flags follow the published object reference; custom fields follow the Hub's mapping. Money has three
/// decimals instead of the standard two, as an org that sells in dinars sets it up.
/// </remarks>
public static class OrgSchema
{
    public static ImmutableArray<SObjectType> Types { get; } =
    [
        Account(), Contact(), SalesObjects.Opportunity(), SalesObjects.Line(), SalesObjects.History(), SalesObjects.ContactRole(),
        SalesObjects.Stage(), SalesObjects.Product(), SalesObjects.Pricebook(), SalesObjects.Entry(), Contract(), Task(), Case(), User(), Invoice(),
        Files.Document(), Files.Version(), Files.Link(), Quotes.Quote(), Quotes.Line(),
    ];

    private static ImmutableDictionary<string, SObjectType> ByName { get; } =
        Types.ToImmutableDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The object of that name, whatever its case; null when the org has none.</summary>
    public static SObjectType? Find(string name) => ByName.GetValueOrDefault(name);

    public static SObjectType? OfId(string id) => Types.FirstOrDefault(type => id.StartsWith(type.Prefix, StringComparison.Ordinal));

    /// <summary>The child object and the field that points to the parent, for a child relationship such as <c>OpportunityLineItems</c>.</summary>
    public static (SObjectType Type, Field Field)? Children(SObjectType parent, string relationship) => Types
        .SelectMany(type => type.Fields.Select(field => (Type: type, Field: field)))
        .Where(child => child.Field.References.Contains(parent.Name)
            && string.Equals(child.Field.Children, relationship, StringComparison.OrdinalIgnoreCase))
        .Select(child => ((SObjectType, Field)?)child)
        .FirstOrDefault();

    private static SObjectType Account() => new("Account", "001",
    [
        Text("Name").Required(), Lookup("ParentId", "Account", "ChildAccounts"), Text("AccountNumber", 40), Pick("Type"), Pick("Industry"),
        .. Address("Billing"), .. Address("Shipping"),
        Phone("Phone"), Url("Website"), Lookup("OwnerId", "User"), Lookup("MasterRecordId", "Account").ReadOnly(), Currency(),
        Text("Hub_Stripe_Customer_Id__c", 64).Key(), Text("Hub_Tax_Id__c", 64), Text("Hub_Tax_Id_Type__c", 32),
        Restricted("Hub_Tax_Exempt__c", "none", "exempt", "reverse"), Text("Hub_Billing_Language__c", 16), Text("Hub_Tax_Rate_Id__c", 64),
        Bool("Hub_New_Stripe_Customer__c"), Bool("Hub_Bill_Parent__c"),
    ]);

    private static SObjectType Contact() => new("Contact", "003",
    [
        Lookup("AccountId", "Account", "Contacts"), Text("FirstName", 40), Text("LastName", 80).Required(), Text("Name", 121).ReadOnly(),
        Text("Title", 128), Email("Email"), Phone("Phone"), .. Address("Mailing"), DateTime("EmailBouncedDate"), Bool("IsEmailBounced").ReadOnly(),
        Lookup("OwnerId", "User"), Lookup("MasterRecordId", "Contact").ReadOnly(), Currency(),
    ]);

    private static SObjectType Contract() => new("Contract", "800",
        Lookup("AccountId", "Account", "Contracts").Required(), Text("ContractNumber", 30).ReadOnly(),
        Pick("Status", "Draft", "In Approval Process", "Activated") with { Default = "Draft" },
        Pick("StatusCode", "Draft", "InApprovalProcess", "Activated").ReadOnly() with { Default = "Draft" },
        Date("StartDate"), Int("ContractTerm"), Date("EndDate").ReadOnly(), Date("CustomerSignedDate"), LongText("Description", 32_000),
        Lookup("OwnerId", "User"), Currency());

    private static SObjectType Task() => new("Task", "00T",
        new Field("WhatId", FieldType.Reference) { Length = 18, References = ["Account", "Opportunity", "Contract", "Case", "Hub_Invoice__c"], Relationship = "What", Children = "Tasks" },
        new Field("WhoId", FieldType.Reference) { Length = 18, References = ["Contact"], Relationship = "Who" },
        Text("Subject"), Date("ActivityDate"),
        Pick("Status", "Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred") with { Default = "Not Started" },
        Pick("Priority", "High", "Normal", "Low") with { Default = "Normal" }, LongText("Description", 32_000), Bool("IsClosed").ReadOnly(),
        Lookup("OwnerId", "User"), Currency(), Text("Hub_External_Id__c", 64).Key());

    private static SObjectType Case() => new("Case", "500",
        Text("CaseNumber", 30).ReadOnly(), Lookup("AccountId", "Account", "Cases"), Lookup("ContactId", "Contact", "Cases"), Text("Subject"),
        LongText("Description", 32_000), Pick("Status", "New", "Working", "Escalated", "Closed") with { Default = "New" }, Pick("Reason"),
        Pick("Origin", "Email", "Phone", "Web"), Pick("Priority", "High", "Medium", "Low") with { Default = "Medium" }, Bool("IsClosed").ReadOnly(),
        DateTime("ClosedDate").ReadOnly(), Email("SuppliedEmail"), Lookup("OwnerId", "User"), Lookup("MasterRecordId", "Case").ReadOnly(), Currency());

    private static SObjectType User() => new("User", "005",
        Text("Username", 80).ReadOnly(), Text("Name", 121).ReadOnly(), Text("LastName", 80).ReadOnly(), Email("Email").ReadOnly(),
        Bool("IsActive").ReadOnly() with { Default = true })
    {
        Writable = false,
    };

    private static SObjectType Invoice() => new("Hub_Invoice__c", "a0H",
        Text("Name", 80), Lookup("Hub_Opportunity__c", "Opportunity", "Hub_Invoices__r"), Text("Hub_Stripe_Invoice_Id__c", 64).Key(),
        Text("Hub_Invoice_Number__c", 64), Currency(), Restricted("Hub_Status__c", "Open", "Paid", "Void", "Written Off"), Money("Hub_Total__c"),
        Money("Hub_Paid_Amount__c"), Date("Hub_Due_Date__c"), Url("Hub_Invoice_Url__c"), Lookup("OwnerId", "User"));

    private static IEnumerable<Field> Address(string kind) =>
    [
        TextArea(kind + "Street"), Text(kind + "City", 40), Text(kind + "State", 80), Text(kind + "PostalCode", 20), Text(kind + "Country", 80),
    ];
}
