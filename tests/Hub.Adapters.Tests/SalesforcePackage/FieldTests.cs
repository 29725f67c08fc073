using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Hub.Core.Contracts;

namespace Hub.Adapters.Tests.SalesforcePackage;

/// <summary>The package's fields are the mapping's; each rule was seen to fail on a planted violation, which stands beside it.</summary>
public sealed partial class FieldTests
{
    private const string Key64 = "Text(64) unique external case";
    private const string Pick = "Picklist restricted";
    private const string Money = "Currency(18,3)";
    private const string Contracts = "Hub.Core.Contracts.";

    private static readonly Package Shipped = Package.OfTheRepository;

    /// <summary>The mapping, with the sizes the Hub's values need: 64 for a plan's SHA-256, 140 for what Stripe prints, three decimals for dinars.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Mapping = new Dictionary<string, string>
    {
        ["Opportunity.Hub_Deal_Type__c"] = Pick,
        ["Opportunity.Hub_Contract_Start__c"] = "Date",
        ["Opportunity.Hub_Contract_End__c"] = "Date",
        ["Opportunity.Hub_Term_Months__c"] = "Number(4,0)",
        ["Opportunity.Hub_Billing_Frequency__c"] = Pick,
        ["Opportunity.Hub_Payment_Terms__c"] = Pick,
        ["Opportunity.Hub_Collection_Method__c"] = Pick,
        ["Opportunity.Hub_PO_Number__c"] = "Text(140)",
        ["Opportunity.Hub_Billing_Contact__c"] = "Lookup(Contact)",
        ["Opportunity.Hub_Auto_Renew__c"] = "Checkbox",
        ["Opportunity.Hub_Proration_Policy__c"] = Pick,
        ["Opportunity.Hub_Credit_Policy__c"] = Pick,
        ["Opportunity.Hub_Amends_Contract__c"] = "Lookup(Contract)",
        ["Opportunity.Hub_Effective_Date__c"] = "Date",
        ["Opportunity.Hub_Hold_Billing__c"] = "Checkbox",
        ["Opportunity.Hub_Free_Months__c"] = "Number(3,0)",
        ["Opportunity.Hub_Notice_Days__c"] = "Number(4,0)",
        ["Opportunity.Hub_Approved_By__c"] = "Lookup(User)",
        ["Opportunity.Hub_Approved_At__c"] = "DateTime",
        ["Opportunity.Hub_Approved_Version__c"] = "Text(64)",
        ["Opportunity.Hub_Sync_Status__c"] = Pick,
        ["Opportunity.Hub_Sync_Message__c"] = "LongTextArea(32768)",
        ["Opportunity.Hub_Stripe_Schedule_Id__c"] = Key64,
        ["Opportunity.Hub_Stripe_Subscription_Id__c"] = "Text(64)",
        ["Opportunity.Hub_First_Invoice_Url__c"] = "Url",
        ["Opportunity.Hub_Next_Invoice_Date__c"] = "Date",
        ["Opportunity.Hub_Contracted_Total__c"] = Money,
        ["Opportunity.Hub_Invoiced_Total__c"] = Money,
        ["Opportunity.Hub_Paid_Total__c"] = Money,
        ["Opportunity.Hub_Last_Synced__c"] = "DateTime",
        ["Opportunity.Hub_Contract_Version__c"] = "Text(64)",
        ["OpportunityLineItem.Hub_Price_Basis__c"] = Pick,
        ["OpportunityLineItem.Hub_Charge_Type__c"] = Pick,
        ["OpportunityLineItem.Hub_Billing_Frequency__c"] = Pick,
        ["OpportunityLineItem.Hub_Show_Discount__c"] = "Checkbox",
        ["OpportunityLineItem.Hub_Discount_Amount__c"] = "Currency(18,6)",
        ["OpportunityLineItem.Hub_Discount_Months__c"] = "Number(4,0)",
        ["OpportunityLineItem.Hub_Line_Start__c"] = "Date",
        ["OpportunityLineItem.Hub_Line_End__c"] = "Date",
        ["OpportunityLineItem.Hub_Price_Tiers__c"] = "LongTextArea(4000)",
        ["OpportunityLineItem.Hub_Tiers_Mode__c"] = Pick,
        ["Account.Hub_Stripe_Customer_Id__c"] = Key64,
        ["Account.Hub_Tax_Id__c"] = "Text(64)",
        ["Account.Hub_Tax_Id_Type__c"] = "Text(32)",
        ["Account.Hub_Tax_Exempt__c"] = Pick,
        ["Account.Hub_Tax_Rate_Id__c"] = "Text(64)",
        ["Account.Hub_Billing_Language__c"] = "Text(16)",
        ["Account.Hub_New_Stripe_Customer__c"] = "Checkbox",
        ["Account.Hub_Bill_Parent__c"] = "Checkbox",
        ["Product2.Hub_Charge_Type__c"] = Pick,
        ["Product2.Hub_Stripe_Product_Id__c"] = "Text(255)",
        ["Product2.Hub_Tax_Code__c"] = "Text(32)",
        ["Product2.Hub_Meter_Id__c"] = "Text(255)",
        ["PricebookEntry.Hub_Stripe_Price_Id__c"] = "Text(255)",
        ["Hub_Invoice__c.Hub_Opportunity__c"] = "Lookup(Opportunity)",
        ["Hub_Invoice__c.Hub_Stripe_Invoice_Id__c"] = Key64,
        ["Hub_Invoice__c.Hub_Invoice_Number__c"] = "Text(64)",
        ["Hub_Invoice__c.Hub_Status__c"] = Pick,
        ["Hub_Invoice__c.Hub_Total__c"] = Money,
        ["Hub_Invoice__c.Hub_Paid_Amount__c"] = Money,
        ["Hub_Invoice__c.Hub_Due_Date__c"] = "Date",
        ["Hub_Invoice__c.Hub_Invoice_Url__c"] = "Url",
        ["Hub_Settings__c.Hub_Base_Url__c"] = "Url",
        ["Hub_Settings__c.Hub_Preview_Key__c"] = "Text(255)",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    [Fact]
    public void Fields_have_the_types_sizes_and_flags_of_the_mapping()
    {
        string customer = "objects/Account/fields/Hub_Stripe_Customer_Id__c.field-meta.xml";
        Package planted = Shipped.With(customer, "<unique>true</unique>", "<unique>false</unique>").Without("objects/Product2/fields/Hub_Tax_Code__c.field-meta.xml");

        Assert.Equal(["Account.Hub_Stripe_Customer_Id__c: Text(64) external case", "Product2.Hub_Tax_Code__c: missing"], OtherThanMapped(planted));
        Assert.Empty(OtherThanMapped(Shipped));
    }

    [Fact]
    public void Every_field_the_Hub_names_is_in_the_package_and_every_field_of_the_package_is_named()
    {
        string unused = Shipped.Files[Package.Main + "objects/Product2/fields/Hub_Tax_Code__c.field-meta.xml"].Replace("Hub_Tax_Code__c", "Hub_Unused__c", StringComparison.Ordinal);
        Package planted = Shipped.Without("objects/OpportunityLineItem/fields/Hub_Line_End__c.field-meta.xml").With("objects/Product2/fields/Hub_Unused__c.field-meta.xml", unused);

        Assert.Equal(["OpportunityLineItem.Hub_Line_End__c: missing", "Product2.Hub_Unused__c: unused"], OtherThanNamed(planted));
        Assert.Empty(OtherThanNamed(Shipped));
    }

    [Fact]
    public void Write_back_sends_only_fields_of_the_package()
    {
        Assert.Contains("Opportunity.Hub_Sync_Status__c", HubFields.WrittenBack);
        Assert.DoesNotContain("Opportunity.Hub_Hold_Billing__c", HubFields.WrittenBack);
        Assert.Equal(12, HubFields.WrittenBack.Count);
        Assert.Empty(HubFields.WrittenBack.Except(Shipped.Fields.Select(field => field.Key)));
    }

    [Fact]
    public void Picklists_offer_exactly_what_the_Hub_understands()
    {
        Package planted = Shipped.With("objects/Opportunity/fields/Hub_Payment_Terms__c.field-meta.xml", "Net 20", "Net 25");

        Assert.Equal(["Opportunity.Hub_Payment_Terms__c: Net 20, Net 25"], OtherValues(planted));
        Assert.Empty(OtherValues(Shipped));
    }

    // Read from the source: the statuses are texts in one switch there, and a status that the picklist lacks is a refused write-back.
    [Fact]
    public void Statuses_the_write_back_can_send_can_be_chosen()
    {
        string source = File.ReadAllText(Path.Combine(Package.Root, "core/Contracts/WriteBackPlanning.cs"));
        string[] sent = [.. Status().Matches(StatusSwitch().Match(source).Value).Select(match => match.Groups[1].Value)];
        string[] values = [.. Shipped.Fields.Single(field => field.Key == "Opportunity.Hub_Sync_Status__c").Values];

        Assert.Contains("Billing active", sent);
        Assert.Contains("Needs attention", sent);
        Assert.Empty(sent.Except(values));
    }

    [Fact]
    public void Names_and_texts_fit_Salesforce_and_every_field_explains_itself()
    {
        const string longName = "Hub_A_Name_Of_Forty_One_Characters_In_All__c";
        string taxCode = Shipped.Files[Package.Main + "objects/Product2/fields/Hub_Tax_Code__c.field-meta.xml"];
        Package planted = Shipped
            .With("objects/Opportunity/fields/Hub_Contract_End__c.field-meta.xml", "<inlineHelpText>", $"<inlineHelpText>{new string('x', 510)}")
            .With("objects/Opportunity/fields/Hub_Contract_Start__c.field-meta.xml", "<label>Contract start</label>", $"<label>{new string('x', 41)}</label>")
            .With("objects/Account/fields/Hub_Tax_Id__c.field-meta.xml", "Passed to Stripe together with its type.", "")
            .With($"objects/Product2/fields/{longName}.field-meta.xml", taxCode.Replace("Hub_Tax_Code__c", longName, StringComparison.Ordinal))
            .With("permissionsets/Hub_Sales.permissionset-meta.xml", "<description>", $"<description>{new string('x', 255)}");

        Assert.Equal(
            [
                "Account.Hub_Tax_Id__c: description", "Opportunity.Hub_Contract_End__c: inlineHelpText", "Opportunity.Hub_Contract_Start__c: label",
                $"Product2.{longName}: name", "permissionsets/Hub_Sales.permissionset-meta.xml: text",
            ],
            Unfit(planted));
        Assert.Empty(Unfit(Shipped));
    }

    [Fact]
    public void No_field_is_required_of_anyone()
    {
        Package planted = Shipped.With("objects/Opportunity/fields/Hub_Contract_Start__c.field-meta.xml", "<required>false</required>", "<required>true</required>");

        Assert.Equal(["Opportunity.Hub_Contract_Start__c"], Required(planted));
        Assert.Empty(Required(Shipped));
    }

    private static IEnumerable<string> OtherThanMapped(Package package)
    {
        ILookup<string, string> shapes = package.Fields.ToLookup(field => field.Key, field => field.Shape);
        return Mapping.Where(entry => !shapes[entry.Key].SequenceEqual([entry.Value]))
            .Select(entry => $"{entry.Key}: {shapes[entry.Key].FirstOrDefault() ?? "missing"}")
            .Concat(shapes.Where(shape => !Mapping.ContainsKey(shape.Key)).Select(shape => $"{shape.Key}: not mapped"));
    }

    private static IEnumerable<string> OtherThanNamed(Package package)
    {
        // The settings object serves the button, not the Hub.
        string[] fields = [.. package.Fields.Where(field => field.Object != "Hub_Settings__c").Select(field => field.Key)];
        return HubFields.All.Except(fields).Order(StringComparer.Ordinal).Select(field => $"{field}: missing")
            .Concat(fields.Except(HubFields.All).Select(field => $"{field}: unused"));
    }

    private static IEnumerable<string> OtherValues(Package package)
    {
        Dictionary<string, IEnumerable<string>> wanted = new()
        {
            ["Opportunity.Hub_Deal_Type__c"] = Enum.GetNames<DealType>(),
            ["Opportunity.Hub_Billing_Frequency__c"] = Names("Frequency"),
            ["Opportunity.Hub_Payment_Terms__c"] = new ContractsOptions().PaymentTerms.Keys,
            ["Opportunity.Hub_Collection_Method__c"] = ["send_invoice", "charge_automatically"],
            ["Opportunity.Hub_Proration_Policy__c"] = Enum.GetNames<ProrationPolicy>(),
            ["Opportunity.Hub_Credit_Policy__c"] = Enum.GetNames<CreditPolicy>(),
            ["Opportunity.Hub_Sync_Status__c"] = ["Waiting", "Needs attention", "Needs approval", "Billing active", "Held"],
            ["OpportunityLineItem.Hub_Price_Basis__c"] = Names("PriceBasis"),
            ["OpportunityLineItem.Hub_Charge_Type__c"] = Names("ChargeType"),
            ["OpportunityLineItem.Hub_Billing_Frequency__c"] = Names("Frequency"),
            ["OpportunityLineItem.Hub_Tiers_Mode__c"] = Names("TiersMode"),
            ["Account.Hub_Tax_Exempt__c"] = ["none", "exempt", "reverse"],
            ["Product2.Hub_Charge_Type__c"] = Names("ChargeType"),
            ["Hub_Invoice__c.Hub_Status__c"] = ["Open", "Paid", "Void", "Written Off"],
        };
        return from field in package.Fields
               where field["type"] == "Picklist"
               let known = wanted.GetValueOrDefault(field.Key, [])
               let other = known.Except(field.Values).Concat(field.Values.Except(known)).ToArray()
               where other.Length > 0
               select $"{field.Key}: {string.Join(", ", other)}";
    }

    private static string[] Names(string type) => Enum.GetNames(typeof(ContractsOptions).Assembly.GetType(Contracts + type, throwOnError: true)!);

    private static IEnumerable<string> Required(Package package) => package.Fields.Where(field => field["required"] == "true").Select(field => field.Key);

    private static IEnumerable<string> Unfit(Package package)
    {
        foreach (PackageField field in package.Fields)
        {
            if (field.Name.Length - "__c".Length > 40)
            {
                yield return $"{field.Key}: name";
            }

            foreach ((string element, int most) in ((string, int)[])[("label", 40), ("inlineHelpText", 510), ("description", 1000)])
            {
                if (field[element] is not { Length: > 0 } text || text.Length > most)
                {
                    yield return $"{field.Key}: {element}";
                }
            }
        }

        foreach (string path in package.Under("", ".xml").Where(path => !path.EndsWith(".field-meta.xml", StringComparison.Ordinal)))
        {
            foreach (string text in package.Read(path).Descendants().Where(element => element.Name.LocalName is "description" or "errorMessage").Select(element => element.Value))
            {
                if (text.Length is 0 or > 255)
                {
                    yield return $"{path}: text";
                }
            }
        }
    }

    [GeneratedRegex("SyncStatus\\] = [^;]+;")]
    private static partial Regex StatusSwitch();

    [GeneratedRegex("=> \"([^\"]+)\"")]
    private static partial Regex Status();
}
