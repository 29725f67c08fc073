using static Hub.Sandbox.Salesforce.Schema.Fields;

namespace Hub.Sandbox.Salesforce.Schema;

/// <summary>Files, their versions and the records they are attached to.</summary>
/// <remarks>A file is created with its first version; what is known about it comes from the latest one. Source: object reference, ContentDocument, ContentVersion and ContentDocumentLink.</remarks>
internal static class Files
{
    private static readonly string[] Holders = ["Account", "Opportunity", "Contract", "Contact", "Case", "Product2", "User", "Hub_Invoice__c"];

    public static SObjectType Document() => new("ContentDocument", "069",
        Text("Title").ReadOnly(), Text("FileType", 20).ReadOnly(), Text("FileExtension", 40).ReadOnly(), Int("ContentSize").ReadOnly(),
        Lookup("LatestPublishedVersionId", "ContentVersion").ReadOnly(), Lookup("OwnerId", "User").ReadOnly())
    {
        Writable = false,
    };

    public static SObjectType Version() => new("ContentVersion", "068",
        Lookup("ContentDocumentId", "ContentDocument", "ContentVersions").CreateOnly(), Text("Title"), Text("PathOnClient", 500).Required().CreateOnly(),
        new Field("VersionData", FieldType.Base64).Required().CreateOnly(), Holder("FirstPublishLocationId").CreateOnly(), Text("VersionNumber", 20).ReadOnly(),
        Bool("IsLatest").ReadOnly(), Text("FileType", 20).ReadOnly(), Text("FileExtension", 40).ReadOnly(), Int("ContentSize").ReadOnly(),
        Lookup("OwnerId", "User").ReadOnly());

    public static SObjectType Link() => new("ContentDocumentLink", "06A",
        Lookup("ContentDocumentId", "ContentDocument", "ContentDocumentLinks").Required().CreateOnly(),
        Holder("LinkedEntityId").Required().CreateOnly() with { Children = "ContentDocumentLinks" },
        Restricted("ShareType", "V", "C", "I").Required(), Restricted("Visibility", "AllUsers", "InternalUsers", "SharedUsers") with { Default = "AllUsers" });

    private static Field Holder(string name) => new(name, FieldType.Reference) { Length = 18, References = [.. Holders], Relationship = name[..^2] };
}
