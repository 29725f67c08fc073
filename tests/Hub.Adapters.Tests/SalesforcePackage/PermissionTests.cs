using System.Collections.Immutable;

namespace Hub.Adapters.Tests.SalesforcePackage;

/// <summary>Who may do what; each rule was seen to fail on a planted violation, which stands beside it.</summary>
public sealed class PermissionTests
{
    private const string Integration = "permissionsets/Hub_Integration.permissionset-meta.xml";
    private const string Sales = "permissionsets/Hub_Sales.permissionset-meta.xml";

    private static readonly Package Shipped = Package.OfTheRepository;

    /// <summary>Standard fields without field-level security: whoever reads the object reads them, and a permission set that names them is refused.</summary>
    /// <remarks>As profiles of orgs list them: what is absent there cannot be granted.</remarks>
    private static readonly ImmutableHashSet<string> AlwaysReadable =
    [
        "Opportunity.Name", "Opportunity.StageName", "Opportunity.IsWon", "Opportunity.IsClosed", "Opportunity.CloseDate", "Opportunity.LastStageChangeDate",
        "OpportunityLineItem.OpportunityId", "OpportunityLineItem.Product2Id", "OpportunityLineItem.PricebookEntryId", "OpportunityLineItem.Quantity", "OpportunityLineItem.UnitPrice",
        "Account.Name", "Account.MasterRecordId", "Contact.Name", "Product2.Name", "Product2.IsActive", "PricebookEntry.Product2Id", "PricebookEntry.UnitPrice",
    ];

    private static readonly ImmutableHashSet<string> OnEveryObject = ["Id", "SystemModstamp", "LastModifiedById", "IsDeleted", "CurrencyIsoCode"];

    [Fact]
    public void Integration_user_reads_exactly_what_the_Hub_selects()
    {
        Package planted = Shipped.With(Integration, "<field>Account.Phone</field>", "<field>Account.Fax</field>");

        Assert.Equal(["too much: Account.Fax", "too little: Account.Phone"], OtherReads(planted));
        Assert.Empty(OtherReads(Shipped));
    }

    [Fact]
    public void Integration_user_edits_exactly_what_the_Hub_writes()
    {
        Package planted = Shipped.With(
            Integration,
            "<editable>false</editable>\n    <field>Opportunity.Hub_Hold_Billing__c</field>",
            "<editable>true</editable>\n    <field>Opportunity.Hub_Hold_Billing__c</field>");

        Assert.Equal(["too much: Opportunity.Hub_Hold_Billing__c"], OtherEdits(planted));
        Assert.Empty(OtherEdits(Shipped));
    }

    [Fact]
    public void Integration_user_has_no_right_beyond_its_work()
    {
        Assert.Equal(
            [
                "Account: read edit viewAll", "Contact: read viewAll", "Contract: read viewAll", "Hub_Invoice__c: read create edit viewAll", "Opportunity: read edit viewAll",
                "Pricebook2: read", "Product2: read",
            ],
            Shipped.Permissions("Hub_Integration").Objects);
        Assert.Equal(["ApiEnabled"], Shipped.Permissions("Hub_Integration").User);
        Assert.Equal(["Hub_No_Push"], Shipped.Permissions("Hub_Integration").Custom);
    }

    [Fact]
    public void Nobody_deletes_and_nobody_overrides_sharing()
    {
        Package planted = Shipped.With(Sales, "<allowDelete>false</allowDelete>", "<allowDelete>true</allowDelete>");

        Assert.Equal(["Hub_Sales Account: read delete", "Hub_Sales Hub_Invoice__c: read delete", "Hub_Sales Opportunity: read edit delete"], TooPowerful(planted));
        Assert.Empty(TooPowerful(Shipped));
    }

    [Fact]
    public void Only_an_approver_sets_the_approved_version_and_nobody_sets_name_or_time()
    {
        Package planted = Shipped
            .With(Sales, "<editable>false</editable>\n    <field>Opportunity.Hub_Approved_Version__c</field>", "<editable>true</editable>\n    <field>Opportunity.Hub_Approved_Version__c</field>")
            .With("permissionsets/Hub_Billing_Setup.permissionset-meta.xml", "<hasActivationRequired>", "<customPermissions><enabled>true</enabled><name>Hub_Approve_Deal</name></customPermissions><hasActivationRequired>");

        Assert.Equal(["Hub_Billing_Setup: Hub_Approve_Deal", "Hub_Deal_Approver: Hub_Approve_Deal", "Hub_Deal_Approver: Opportunity.Hub_Approved_Version__c", "Hub_Sales: Opportunity.Hub_Approved_Version__c"], Approvals(planted));
        Assert.Equal(["Hub_Deal_Approver: Hub_Approve_Deal", "Hub_Deal_Approver: Opportunity.Hub_Approved_Version__c"], Approvals(Shipped));
    }

    [Fact]
    public void Only_the_integration_user_writes_what_the_Hub_writes_back()
    {
        Package planted = Shipped.With(Sales, "<editable>false</editable>\n    <field>Opportunity.Hub_Sync_Status__c</field>", "<editable>true</editable>\n    <field>Opportunity.Hub_Sync_Status__c</field>");

        Assert.Equal(["Hub_Sales: Opportunity.Hub_Sync_Status__c"], WriteBackByOthers(planted));
        Assert.Empty(WriteBackByOthers(Shipped));
    }

    [Fact]
    public void Sales_ops_sees_every_field_and_changes_none()
    {
        Assert.Equal(HubFields.All.Order(StringComparer.Ordinal), Shipped.Permissions("Hub_Sales_Ops").Readable.Order(StringComparer.Ordinal));
        Assert.Empty(Shipped.Permissions("Hub_Sales_Ops").Editable);
    }

    [Fact]
    public void Every_field_that_people_fill_is_filled_by_somebody()
    {
        string[] filled = [.. Shipped.AllPermissions().Where(set => set.Name is not ("Hub_Integration" or "Hub_Product_Write_Back")).SelectMany(set => set.Editable).Distinct()];
        string[] people = [.. HubFields.All.Where(field => !field.StartsWith(HubFields.Invoice, StringComparison.Ordinal)).Except(HubFields.WrittenBack).Except(HubFields.Approval)];

        Assert.Empty(people.Except(filled));
    }

    [Fact]
    public void What_is_edited_is_read_and_what_has_fields_has_its_object()
    {
        Package planted = Shipped.With("permissionsets/Hub_Product_Write_Back.permissionset-meta.xml", "<object>Product2</object>", "<object>Account</object>");

        Assert.Equal(["Hub_Product_Write_Back: Product2"], WithoutObject(planted));
        Assert.Empty(WithoutObject(Shipped));
        Assert.All(Shipped.AllPermissions(), set => Assert.Empty(set.Editable.Except(set.Readable)));
    }

    private static IEnumerable<string> OtherReads(Package package)
    {
        string[] wanted = [.. HubFields.Selected.Where(HasSecurity).Select(Secured).Concat(HubFields.WrittenBack).Concat(HubFields.Mirror).Concat(HubFields.Approval).Distinct()];
        return Difference(wanted, package.Permissions("Hub_Integration").Readable);
    }

    private static IEnumerable<string> OtherEdits(Package package) =>
        Difference([.. HubFields.WrittenBack, .. HubFields.Mirror], package.Permissions("Hub_Integration").Editable);

    private static IEnumerable<string> Difference(string[] wanted, IEnumerable<string> granted) =>
        granted.Except(wanted).Select(field => $"too much: {field}").Concat(wanted.Except(granted).Order(StringComparer.Ordinal).Select(field => $"too little: {field}"));

    private static bool HasSecurity(string field) => !OnEveryObject.Contains(field.Split('.')[1]) && !AlwaysReadable.Contains(field);

    /// <summary>The parts of an address are granted as one.</summary>
    private static string Secured(string field) => field.Split('.') is [var target, var name]
        && ((string[])["Billing", "Shipping"]).FirstOrDefault(kind => ((string[])["Street", "City", "State", "PostalCode", "Country"]).Contains(name.Replace(kind, "", StringComparison.Ordinal)) && name.StartsWith(kind, StringComparison.Ordinal)) is { } address
        ? $"{target}.{address}Address" : field;

    private static IEnumerable<string> TooPowerful(Package package) =>
        from set in package.AllPermissions()
        from right in set.Objects
        where right.Contains("delete", StringComparison.Ordinal) || right.Contains("modifyAll", StringComparison.Ordinal) || set.User.Any(user => user != "ApiEnabled")
        select $"{set.Name} {right}";

    private static IEnumerable<string> Approvals(Package package) =>
        from set in package.AllPermissions()
        from right in set.Custom.Where(custom => custom == "Hub_Approve_Deal").Concat(set.Editable.Intersect(HubFields.Approval))
        select $"{set.Name}: {right}";

    // The customer id is the exception: people link existing customers.
    private static IEnumerable<string> WriteBackByOthers(Package package) =>
        from set in package.AllPermissions()
        where set.Name != "Hub_Integration"
        from field in set.Editable
        where field.StartsWith(HubFields.Invoice, StringComparison.Ordinal) || (field.StartsWith("Opportunity.", StringComparison.Ordinal) && HubFields.WrittenBack.Contains(field))
        select $"{set.Name}: {field}";

    // Lines have no rights of their own: they follow the opportunity. Price book entries follow the price book.
    private static IEnumerable<string> WithoutObject(Package package) =>
        from set in package.AllPermissions()
        from target in set.Readable.Select(field => field.Split('.')[0]).Distinct()
        let own = target switch { "OpportunityLineItem" => "Opportunity", "PricebookEntry" => "Pricebook2", _ => target }
        where !set.Objects.Any(right => right.StartsWith(own + ":", StringComparison.Ordinal))
        select $"{set.Name}: {target}";
}
