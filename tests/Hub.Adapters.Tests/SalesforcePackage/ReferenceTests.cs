using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Hub.Core.Contracts;
using Hub.Salesforce;

namespace Hub.Adapters.Tests.SalesforcePackage;

/// <summary>What the package's parts name exists, and the push fits the Hub that receives it. No org compiles the package here, so this stands in for it.</summary>
public sealed partial class ReferenceTests
{
    private const string Pushing = "flows/Hub_Opportunity_Changed.flow-meta.xml";
    private const string Workflow = "workflows/Opportunity.workflow-meta.xml";

    private static readonly Package Shipped = Package.OfTheRepository;

    [Fact]
    public void Every_file_is_well_formed_metadata_under_its_own_name()
    {
        string field = "objects/Account/fields/Hub_Tax_Id__c.field-meta.xml";
        Package planted = Shipped
            .With(field, "<fullName>Hub_Tax_Id__c</fullName>", "<fullName>Hub_Tax__c</fullName>")
            .With("objects/Account/fields/Hub_Tax_Code__c.field-meta.xml", "<CustomField>")
            .With(Pushing, "<Flow xmlns=\"http://soap.sforce.com/2006/04/metadata\">", "<Flow>");

        Assert.Equal(
            [
                $"{Package.Main}flows/Hub_Opportunity_Changed.flow-meta.xml: namespace", $"{Package.Main}objects/Account/fields/Hub_Tax_Code__c.field-meta.xml: not well-formed",
                $"{Package.Main}{field}: named Hub_Tax__c",
            ],
            Malformed(planted));
        Assert.Empty(Malformed(Shipped));
    }

    [Fact]
    public void Every_version_is_the_one_the_Hub_is_pinned_to()
    {
        Package planted = Shipped.With(Pushing, "<apiVersion>67.0</apiVersion>", "<apiVersion>60.0</apiVersion>").With("manifest/remove/package.xml", "<version>67.0</version>", "");

        Assert.Equal(["flows/Hub_Opportunity_Changed.flow-meta.xml: 60.0", "manifest/remove/package.xml: none"], OtherVersions(planted));
        Assert.Empty(OtherVersions(Shipped));
    }

    [Fact]
    public void Hub_names_anywhere_lead_to_a_field_or_another_part()
    {
        Package planted = Shipped
            .Without("objects/Opportunity/fields/Hub_Sync_Status__c.field-meta.xml")
            .Without("customPermissions/Hub_No_Push.customPermission-meta.xml")
            .With("layouts/Hub_Invoice__c-Hub invoice Layout.layout-meta.xml", "Hub_Total__c", "Hub_Totals__c");
        string[] unknown = [.. Unknown(planted)];

        Assert.Contains("flows/Hub_Opportunity_Changed.flow-meta.xml: Hub_Sync_Status__c", unknown);
        Assert.Contains("flows/Hub_Line_Changed.flow-meta.xml: Hub_No_Push", unknown);
        Assert.Contains("objects/Opportunity/listViews/Hub_Needs_Attention.listView-meta.xml: Hub_Sync_Status__c", unknown);
        Assert.Contains("layouts/Hub_Invoice__c-Hub invoice Layout.layout-meta.xml: Hub_Totals__c", unknown);
        Assert.Contains("permissionsets/Hub_Integration.permissionset-meta.xml: Hub_No_Push", unknown);
        Assert.Empty(Unknown(Shipped));
    }

    [Fact]
    public void Fields_on_layouts_lists_and_permission_sets_belong_to_their_object()
    {
        string layout = "layouts/OpportunityLineItem-Hub Opportunity Product Layout.layout-meta.xml";
        Package planted = Shipped.With(layout, "Hub_Line_Start__c", "Hub_Contract_Start__c")
            .With("permissionsets/Hub_Sales.permissionset-meta.xml", "Opportunity.Hub_Contract_Start__c", "Account.Hub_Contract_Start__c");

        Assert.Equal([$"{layout}: OpportunityLineItem.Hub_Contract_Start__c", "permissionsets/Hub_Sales.permissionset-meta.xml: Account.Hub_Contract_Start__c"], Misplaced(planted));
        Assert.Empty(Misplaced(Shipped));
    }

    [Fact]
    public void Steps_of_a_flow_lead_to_steps_of_the_flow()
    {
        Package planted = Shipped.With(Pushing, "<targetReference>Tell_The_Hub</targetReference>", "<targetReference>Tell_Nobody</targetReference>");

        Assert.Equal(["flows/Hub_Opportunity_Changed.flow-meta.xml: Tell_Nobody", "flows/Hub_Opportunity_Changed.flow-meta.xml: Tell_The_Hub is never reached"], Dangling(planted));
        Assert.Empty(Dangling(Shipped));
    }

    [Fact]
    public void Push_sends_a_message_of_the_package_that_the_Hub_accepts()
    {
        XElement message = Shipped.Read(Workflow).Element(Package.Metadata + "outboundMessages")!;
        XElement call = Shipped.Read(Pushing).Element(Package.Metadata + "actionCalls")!;

        Assert.Equal("outboundMessage", Value(call, "actionType"));
        Assert.Equal("Opportunity." + Value(message, "fullName"), Value(call, "actionName"));
        Assert.Equal("false", Value(message, "includeSessionId"));
        Assert.IsType<OutboundMessageOutcome.Accepted>(Received(message));

        XElement withoutId = XElement.Parse(message.ToString().Replace("<fields>Id</fields>", "<fields>Name</fields>", StringComparison.Ordinal));
        Assert.False(Received(withoutId) is OutboundMessageOutcome.Accepted { Notifications: [_] });
    }

    [Fact]
    public void Placeholders_are_replaced_from_the_environment_at_deployment()
    {
        Package planted = Shipped.With("sfdx-project.json", "integration@hub.invalid", "integration@hub.example");

        Assert.Equal(["integration@hub.invalid"], LeftOver(planted));
        Assert.Empty(LeftOver(Shipped));
    }

    [Fact]
    public void Address_that_is_pushed_to_is_the_Hubs_own()
    {
        string route = File.ReadAllText(Path.Combine(Package.Root, "functions/Contracts/SalesforceWebhookFunction.cs"));

        Assert.EndsWith("/api/webhooks/salesforce", Value(Shipped.Read(Workflow).Descendants(Package.Metadata + "outboundMessages").Single(), "endpointUrl"), StringComparison.Ordinal);
        Assert.Contains("Route = \"webhooks/salesforce\"", route, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_Hub_writes_itself_is_not_pushed_back_to_it()
    {
        Package planted = Shipped.With(Pushing, "$Permission.Hub_No_Push", "$Permission.Hub_Approve_Deal");

        Assert.Equal(["flows/Hub_Opportunity_Changed.flow-meta.xml"], Loops(planted));
        Assert.Empty(Loops(Shipped));
        Assert.Equal(["Hub_Integration"], Shipped.AllPermissions().Where(set => set.Custom.Contains("Hub_No_Push")).Select(set => set.Name));
    }

    [Fact]
    public void A_push_that_fails_lets_the_save_pass()
    {
        Package planted = Shipped.With("flows/Hub_Line_Changed.flow-meta.xml", "faultConnector", "connector");

        Assert.Equal(["flows/Hub_Line_Changed.flow-meta.xml: Touch_The_Opportunity"], Unguarded(planted));
        Assert.Empty(Unguarded(Shipped));
    }

    [Fact]
    public void Preview_button_opens_the_opportunitys_page_below_the_configured_address()
    {
        string url = Value(Shipped.Read("objects/Opportunity/webLinks/Hub_Preview_Billing.webLink-meta.xml"), "url")!;

        Assert.StartsWith("{!$Setup.Hub_Settings__c.Hub_Base_Url__c}/api/opportunities/{!Opportunity.Id}/preview?format=html", url, StringComparison.Ordinal);
    }

    [Fact]
    public void Removal_takes_only_parts_of_the_package_and_leaves_the_data()
    {
        Package planted = Shipped.With("manifest/remove/destructiveChanges.xml", "<members>Hub_No_Push</members>", "<members>Hub_Gone</members>")
            .With("manifest/remove/destructiveChanges.xml", "<name>WebLink</name>", "<name>CustomField</name>");

        Assert.Equal(["CustomPermission Hub_Gone", "CustomField Opportunity.Hub_Preview_Billing"], WronglyRemoved(planted));
        Assert.Empty(WronglyRemoved(Shipped));
    }

    private static string? Value(XElement element, string name) => element.Element(Package.Metadata + name)?.Value;

    private static IEnumerable<string> Malformed(Package package)
    {
        foreach (string path in package.Xml)
        {
            XElement? root = null;
            try
            {
                root = package.Read(path);
            }
            catch (XmlException)
            {
                // Reported below.
            }

            if (root is null || root.Name.Namespace != Package.Metadata)
            {
                yield return $"{path}: {(root is null ? "not well-formed" : "namespace")}";
            }
            else if (!path.EndsWith("Opportunity.workflow-meta.xml", StringComparison.Ordinal) && Value(root, "fullName") is { } name && name != Package.NameOf(path))
            {
                yield return $"{path}: named {name}";
            }
        }
    }

    private static IEnumerable<string> OtherVersions(Package package)
    {
        string pinned = new SalesforceOptions().ApiVersion;
        using JsonDocument project = JsonDocument.Parse(package.Files["sfdx-project.json"]);
        IEnumerable<(string Path, string Version)> versions =
        [
            ("sfdx-project.json", project.RootElement.GetProperty("sourceApiVersion").GetString()!),
            .. package.Under("flows/", ".xml").Select(path => (path, Value(package.Read(path), "apiVersion") ?? "none")),
            .. package.Read(Workflow).Descendants(Package.Metadata + "apiVersion").Select(version => (Workflow, version.Value)),
            .. package.Files.Keys.Where(path => path.StartsWith("manifest/", StringComparison.Ordinal)).Select(path => (path, Value(package.Read(path), "version") ?? "none")),
        ];
        return versions.Where(found => found.Version != pinned).Select(found => $"{found.Path}: {found.Version}");
    }

    // Every component's name, and the names of relationships; a Hub_ name that is none of them leads nowhere.
    private static IEnumerable<string> Unknown(Package package)
    {
        HashSet<string> known =
        [
            .. package.Under("", ".xml").SelectMany(path => Package.NameOf(path).Split('.')),
            .. package.Under("objects/", ".xml").Select(path => path.Split('/')[1]),
            .. package.Fields.Select(field => field["relationshipName"]).OfType<string>(),
            .. package.Read(Workflow).Descendants(Package.Metadata + "fullName").Select(name => name.Value),
        ];
        return from path in package.Under("", ".xml")
               let text = Texts().Replace(package.Files[Package.Main + path], "")
               from name in HubName().Matches(text).Select(match => match.Value).Distinct()
               where !known.Contains(name)
               select $"{path}: {name}";
    }

    private static IEnumerable<string> Misplaced(Package package)
    {
        HashSet<string> fields = [.. package.Fields.Select(field => field.Key)];
        var named =
            from path in package.Under("", ".xml")
            let root = package.Read(path)
            let own = path.StartsWith("layouts/", StringComparison.Ordinal) ? Package.NameOf(path).Split('-')[0] : path.Split('/')[1]
            from element in root.Descendants().Where(element => element.Name.LocalName is "field" or "columns" or "fields" && !element.HasElements)
            let target = path.StartsWith("permissionsets/", StringComparison.Ordinal) ? element.Value
                : path.StartsWith("layouts/", StringComparison.Ordinal) && element.Parent!.Name.LocalName == "relatedLists" ? $"{Value(element.Parent!, "relatedList")!.Split('.')[0]}.{element.Value}"
                : path.StartsWith("flows/", StringComparison.Ordinal) ? $"{FlowObject(element)}.{element.Value}"
                : path.StartsWith("workflows/", StringComparison.Ordinal) ? $"Opportunity.{element.Value}"
                : $"{own}.{element.Value}"
            select (path, target);
        return named.Where(found => HubFields.IsHub(found.target) && !fields.Contains(found.target)).Select(found => $"{found.path}: {found.target}").Distinct();
    }

    private static string FlowObject(XElement element) =>
        element.Ancestors().Select(parent => Value(parent, "object")).FirstOrDefault(found => found is not null) ?? "";

    private static IEnumerable<string> Dangling(Package package)
    {
        foreach (string path in package.Under("flows/", ".xml"))
        {
            XElement flow = package.Read(path);
            string[] steps = [.. flow.Elements().Where(step => step.Name.LocalName is "actionCalls" or "assignments" or "decisions" or "recordLookups" or "recordUpdates" or "screens").Select(step => Value(step, "name")!)];
            string[] targets = [.. flow.Descendants(Package.Metadata + "targetReference").Select(target => target.Value)];
            foreach (string defect in targets.Except(steps).Concat(steps.Except(targets).Select(step => $"{step} is never reached")))
            {
                yield return $"{path}: {defect}";
            }
        }
    }

    private static OutboundMessageOutcome Received(XElement message)
    {
        const string org = "00D000000000001";
        string fields = string.Concat(message.Elements(Package.Metadata + "fields").Select(field => $"<sf:{field.Value}>{(field.Value == "Id" ? "006000000000001AAA" : "x")}</sf:{field.Value}>"));
        string soap = $"""
            <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>
            <notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>{org}</OrganizationId><Notification><Id>04l000000000001</Id>
            <sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">{fields}</sObject></Notification></notifications></e:Body></e:Envelope>
            """;
        return OutboundMessage.Parse(Encoding.UTF8.GetBytes(soap), SalesforceId.Parse(org));
    }

    private static IEnumerable<string> LeftOver(Package package)
    {
        using JsonDocument project = JsonDocument.Parse(package.Files["sfdx-project.json"]);
        string text = package.Files[Package.Main + Workflow];
        foreach (JsonElement replacement in project.RootElement.GetProperty("replacements").EnumerateArray())
        {
            Assert.Equal(Package.Main + Workflow, replacement.GetProperty("filename").GetString());
            Assert.StartsWith("HUB_", replacement.GetProperty("replaceWithEnv").GetString(), StringComparison.Ordinal);
            text = text.Replace(replacement.GetProperty("stringToReplace").GetString()!, "", StringComparison.Ordinal);
        }

        return Placeholder().Matches(text).Select(match => match.Value);
    }

    // Both flows lead to a push, the line's by way of its opportunity.
    private static IEnumerable<string> Loops(Package package) =>
        from path in package.Under("flows/", ".xml")
        let flow = package.Read(path)
        where flow.Descendants(Package.Metadata + "triggerType").Any(trigger => trigger.Value == "RecordAfterSave")
        where !flow.Descendants(Package.Metadata + "conditions").Any(condition =>
            Value(condition, "leftValueReference") == "$Permission.Hub_No_Push" && Value(condition, "operator") == "EqualTo" && condition.Value.EndsWith("false", StringComparison.Ordinal))
        select path;

    private static IEnumerable<string> Unguarded(Package package) =>
        from path in package.Under("flows/", ".xml")
        from step in package.Read(path).Elements().Where(step => step.Name.LocalName is "actionCalls" or "recordUpdates")
        where step.Element(Package.Metadata + "faultConnector") is null
        select $"{path}: {Value(step, "name")}";

    private static IEnumerable<string> WronglyRemoved(Package package)
    {
        string[] data = ["CustomField", "CustomObject", "CustomTab"];
        HashSet<string> parts = [.. package.Under("", ".xml").Select(Package.NameOf), .. package.Read(Workflow).Descendants(Package.Metadata + "fullName").Select(name => name.Value)];
        return from types in package.Read("manifest/remove/destructiveChanges.xml").Elements(Package.Metadata + "types")
               let type = Value(types, "name")!
               from member in types.Elements(Package.Metadata + "members").Select(member => member.Value)
               where data.Contains(type) || !(parts.Contains(member) || parts.Contains(member.Split('.')[^1]))
               select $"{type} {member}";
    }

    [GeneratedRegex("<(description|label|inlineHelpText|errorMessage|interviewLabel|masterLabel|relationshipLabel|developerName)>.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex Texts();

    [GeneratedRegex("\\bHub_[A-Za-z0-9_]+")]
    private static partial Regex HubName();

    [GeneratedRegex("[\\w.@:/]*hub\\.invalid[\\w./]*")]
    private static partial Regex Placeholder();
}
