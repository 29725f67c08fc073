using System.Collections.Immutable;
using System.Reflection;
using Hub.Core.Contracts;
using Hub.Salesforce;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Adapters.Tests.SalesforcePackage;

/// <summary>The custom fields the Hub reads and writes, taken from its code where the code names them.</summary>
internal static class HubFields
{
    public const string Invoice = "Hub_Invoice__c";

    /// <summary>Read where approval is on.</summary>
    public static ImmutableArray<string> Approval { get; } = ["Opportunity.Hub_Approved_By__c", "Opportunity.Hub_Approved_At__c", "Opportunity.Hub_Approved_Version__c"];

    /// <summary>The mirror's fields, the whole set the Hub writes on it.</summary>
    public static ImmutableArray<string> Mirror { get; } =
    [
        "Hub_Invoice__c.Hub_Opportunity__c", "Hub_Invoice__c.Hub_Stripe_Invoice_Id__c", "Hub_Invoice__c.Hub_Invoice_Number__c", "Hub_Invoice__c.Hub_Status__c",
        "Hub_Invoice__c.Hub_Total__c", "Hub_Invoice__c.Hub_Paid_Amount__c", "Hub_Invoice__c.Hub_Due_Date__c", "Hub_Invoice__c.Hub_Invoice_Url__c",
    ];

    /// <summary>Everything the code names, and what is listed above, as Object.Field.</summary>
    public static ImmutableHashSet<string> All { get; } = [.. Named(), .. Approval, .. Mirror];

    /// <summary>What the Hub puts on records it did not create.</summary>
    /// <remarks>On the opportunity: what is named but not read for planning. The customer id is read and written.</remarks>
    public static ImmutableHashSet<string> WrittenBack { get; } =
    [
        .. Named().Where(key => key.StartsWith("Opportunity.", StringComparison.Ordinal) && !DealFields.Opportunity.Contains(key.Split('.')[1])).Except(Approval),
        $"{F.Objects.Account}.{F.Account.StripeCustomerId}",
    ];

    /// <summary>What the Hub selects, as Object.Field, standard fields included.</summary>
    public static IEnumerable<string> Selected => RecordFields.Wanted.SelectMany(entry => entry.Value.Select(name => $"{entry.Key}.{name}"));

    public static bool IsHub(string key) => key.Split('.')[1].StartsWith("Hub_", StringComparison.Ordinal);

    private static IEnumerable<string> Named() =>
        from type in typeof(F).GetNestedTypes()
        where type.Name != nameof(F.Objects)
        let target = type.Name == "Invoice" ? Invoice : (string)typeof(F.Objects).GetField(type.Name)!.GetRawConstantValue()!
        from constant in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        let value = constant.GetRawConstantValue() as string
        where value is not null && value.StartsWith("Hub_", StringComparison.Ordinal) && value.EndsWith("__c", StringComparison.Ordinal)
        select $"{target}.{value}";
}
