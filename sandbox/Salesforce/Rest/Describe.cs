using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>What the API tells about the org's objects.</summary>
public static class Describe
{
    public static JsonObject Global(ApiRequest request) => new()
    {
        ["encoding"] = "UTF-8",
        ["maxBatchSize"] = 200,
        ["sobjects"] = new JsonArray([.. OrgSchema.Types.Select(type => (JsonNode)Summary(request, type))]),
    };

    public static JsonObject Basic(ApiRequest request, SObjectType type) => new()
    {
        ["objectDescribe"] = Summary(request, type),
        ["recentItems"] = new JsonArray(),
    };

    public static JsonObject Full(ApiRequest request, SObjectType type)
    {
        var described = Summary(request, type);
        described["fields"] = new JsonArray([.. type.Fields.Select(field => (JsonNode)Of(field))]);
        described["childRelationships"] = new JsonArray([.. Children(type)]);
        return described;
    }

    private static IEnumerable<JsonNode> Children(SObjectType parent) =>
        from child in OrgSchema.Types
        from field in child.Fields
        where field.Children is not null && field.References.Contains(parent.Name)
        select (JsonNode)new JsonObject { ["childSObject"] = child.Name, ["field"] = field.Name, ["relationshipName"] = field.Children };

    private static JsonObject Summary(ApiRequest request, SObjectType type) => new()
    {
        ["name"] = type.Name,
        ["label"] = type.Custom ? type.Name[..^3].Replace('_', ' ') : type.Name,
        ["keyPrefix"] = type.Prefix,
        ["custom"] = type.Custom,
        ["queryable"] = true,
        ["retrieveable"] = true,
        ["createable"] = type.Writable,
        ["updateable"] = type.Writable,
        ["deletable"] = type.Writable,
        ["mergeable"] = type.Mergeable,
        ["urls"] = new JsonObject
        {
            ["sobject"] = $"{request.Root}/sobjects/{type.Name}",
            ["describe"] = $"{request.Root}/sobjects/{type.Name}/describe",
            ["rowTemplate"] = $"{request.Root}/sobjects/{type.Name}/{{ID}}",
        },
    };

    private static JsonObject Of(Field field) => new()
    {
        ["name"] = field.Name,
        ["label"] = field.Label,
        ["type"] = field.TypeName,
        ["length"] = field.Length,
        ["byteLength"] = field.Length * 3,
        ["precision"] = field.Type == FieldType.Whole ? 0 : field.Precision,
        ["digits"] = field.Type == FieldType.Whole ? field.Precision : 0,
        ["scale"] = field.Scale,
        ["nillable"] = !field.Required && field.Type is not (FieldType.Boolean or FieldType.Id),
        ["createable"] = field.Createable,
        ["updateable"] = field.Updateable,
        ["unique"] = field.Unique,
        ["externalId"] = field.ExternalId,
        ["idLookup"] = field.ExternalId || field.Type == FieldType.Id,
        ["caseSensitive"] = field.CaseSensitive,
        ["custom"] = field.Custom,
        ["defaultedOnCreate"] = field.Default is not null,
        ["filterable"] = field.Filterable,
        ["sortable"] = field.Filterable,
        ["restrictedPicklist"] = field.Restricted,
        ["picklistValues"] = new JsonArray([.. field.Values.Select(value => (JsonNode)new JsonObject
        {
            ["active"] = true,
            ["defaultValue"] = Equals(value, field.Default),
            ["label"] = value,
            ["value"] = value,
        })]),
        ["referenceTo"] = new JsonArray([.. field.References.Select(target => (JsonNode)target)]),
        ["relationshipName"] = field.Relationship,
    };
}
