using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>Up to 200 records in one call, each with a result of its own.</summary>
internal sealed class CollectionResource(Org org)
{
    private const int MostRecords = 200;
    private const int MostReads = 2_000;

    private static readonly SalesforceError RolledBack = new(
        "ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid and the request was using AllOrNone header");

    public ApiReply Rows(ApiRequest request) => request.Method switch
    {
        "POST" => Each(request, Records(request), (transaction, record) => (RecordWrites.Create(transaction, TypeOf(record), record), null)),
        "PATCH" => Update(request),
        "DELETE" => Delete(request),
        _ => Router.NotAllowed(request, "POST,PATCH,DELETE"),
    };

    public ApiReply Upsert(ApiRequest request, SObjectType type, string keyName)
    {
        var key = Upserts.Key(type, keyName);
        var records = Records(request);
        var repeated = records.GroupBy(record => KeyOf(record, key), StringComparer.Ordinal)
            .Where(same => same.Key.Length > 0 && same.Count() > 1)
            .Select(same => same.Key)
            .ToHashSet(StringComparer.Ordinal);
        return Each(request, records, (transaction, record) =>
        {
            var value = KeyOf(record, key);
            if (TypeOf(record) != type)
            {
                throw new RefusedException("INVALID_TYPE", $"sObject type of the record is not {type.Name}");
            }

            if (repeated.Contains(value))
            {
                throw new RefusedException(new SalesforceError("DUPLICATE_EXTERNAL_ID", $"Duplicate external id specified: {value}") { Fields = [key.Name] });
            }

            if (value.Length == 0)
            {
                throw new RefusedException(new SalesforceError("MISSING_ARGUMENT", $"{key.Name} not specified") { Fields = [key.Name] });
            }

            var rest = Without(record, key.Name);
            var (row, created) = Upserts.Run(transaction, type, key, value, rest, updateOnly: false);
            return (row, created);
        });
    }

    /// <summary>Reads records by id; what is missing or deleted is null.</summary>
    public ApiReply Read(ApiRequest request, SObjectType type)
    {
        var (ids, fields) = request.Method switch
        {
            "GET" => (Split(request.Parameter("ids")), Split(request.Parameter("fields"))),
            "POST" => (Texts(request.Body["ids"]), Texts(request.Body["fields"])),
            _ => ([], []),
        };
        if (request.Method is not ("GET" or "POST"))
        {
            return Router.NotAllowed(request, "GET,POST");
        }

        if (fields.Count == 0 || ids.Count > MostReads)
        {
            throw new RefusedException("MALFORMED_QUERY", fields.Count == 0 ? "fields is required" : $"at most {MostReads} ids");
        }

        // An unknown field is refused even when no record is found.
        var unknown = fields.FirstOrDefault(field => type.Find(field) is null);
        if (unknown is not null)
        {
            throw new RefusedException("INVALID_FIELD", $"No such column '{unknown}' on entity '{type.Name}'.");
        }

        return ApiReply.Ok(new JsonArray([.. ids.Select(id => (JsonNode?)Shown(request, type, id, fields))]));
    }

    private JsonObject? Shown(ApiRequest request, SObjectType type, string id, List<string> fields) =>
        RecordIds.Normalise(id) is { } full && org.Data.Rows(type).GetValueOrDefault(full) is { IsDeleted: false } row
            ? RecordResource.Shown(row, ["Id", .. fields.Where(field => !field.Equals("Id", StringComparison.OrdinalIgnoreCase))], $"{request.Root}/sobjects")
            : null;

    private ApiReply Update(ApiRequest request)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Each(request, Records(request), (transaction, record) =>
        {
            var id = IdOf(record);
            return seen.Add(RecordIds.Normalise(id) ?? id)
                ? (RecordWrites.Update(transaction, TypeOf(record), id, Without(record, "Id")), null)
                : throw new RefusedException(new SalesforceError("DUPLICATE_VALUE", $"duplicate id in one call: {id}") { Fields = ["Id"] });
        });
    }

    private static string IdOf(JsonObject record) =>
        record.FirstOrDefault(member => member.Key.Equals("id", StringComparison.OrdinalIgnoreCase)).Value is JsonValue value
        && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw new RefusedException("MISSING_ARGUMENT", "Id not specified in an update call");

    private ApiReply Delete(ApiRequest request)
    {
        var ids = Split(request.Parameter("ids"));
        var records = ids.Select(id => new JsonObject { ["id"] = id }).ToList();
        return Each(request, Limited(records), (transaction, record) =>
        {
            var id = record["id"]!.GetValue<string>();
            var type = RecordIds.Normalise(id) is { } full && OrgSchema.OfId(full) is { } known
                ? known
                : throw new RefusedException("MALFORMED_ID", $"malformed id {id}");
            var row = RecordWrites.Existing(transaction.Data, type, id);
            RecordWrites.Delete(transaction, type, id);
            return (row, null);
        }, request.Flag("allOrNone"));
    }

    private ApiReply Each(
        ApiRequest request, List<JsonObject> records, Func<Transaction, JsonObject, (Row Row, bool? Created)> work, bool? allOrNone = null)
    {
        var together = allOrNone ?? request.Body["allOrNone"] is JsonValue flag && flag.GetValueKind() == JsonValueKind.True;
        return org.Write(Org.IntegrationUser, request.Client, transaction =>
        {
            var before = transaction.Data;
            var results = records.Select(record => One(transaction, record, work)).ToList();
            if (together && results.Exists(Failed))
            {
                transaction.Data = before;
                results = [.. results.Select(result => Failed(result) ? result : ApiReply.RefusedRow(RolledBack))];
            }

            return ApiReply.Ok(new JsonArray([.. results]));
        });
    }

    private static bool Failed(JsonObject result) => !result["success"]!.GetValue<bool>();

    private static JsonObject One(Transaction transaction, JsonObject record, Func<Transaction, JsonObject, (Row Row, bool? Created)> work)
    {
        try
        {
            var (row, created) = work(transaction, record);
            return ApiReply.Saved(row.Id, created);
        }
        catch (RefusedException refused)
        {
            return ApiReply.RefusedRow(refused.Error);
        }
    }

    private static List<JsonObject> Records(ApiRequest request) => request.Body["records"] is JsonArray array && array.All(record => record is JsonObject)
        ? Limited([.. array.Select(record => record!.AsObject())])
        : throw new RefusedException("JSON_PARSER_ERROR", "records must be an array of objects");

    private static List<JsonObject> Limited(List<JsonObject> records) => records.Count <= MostRecords
        ? records
        : throw new RefusedException("EXCEEDED_ID_LIMIT", $"record limit reached. cannot submit more than {MostRecords} records into this call");

    private static SObjectType TypeOf(JsonObject record)
    {
        var name = (record["attributes"] as JsonObject)?["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String
            ? type.GetValue<string>()
            : throw new RefusedException("INVALID_INPUT", "Each record must name its type in attributes");
        return OrgSchema.Find(name) ?? throw new RefusedException("INVALID_TYPE", $"sObject type '{name}' is not supported.");
    }

    private static string KeyOf(JsonObject record, Field key) =>
        record.FirstOrDefault(member => member.Key.Equals(key.Name, StringComparison.OrdinalIgnoreCase)).Value is JsonValue value
        && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : "";

    private static JsonObject Without(JsonObject record, string name) => new(record
        .Where(member => !member.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    private static List<string> Split(string? list) => [.. (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static List<string> Texts(JsonNode? array) => array is JsonArray items && items.All(item => item?.GetValueKind() == JsonValueKind.String)
        ? [.. items.Select(item => item!.GetValue<string>())]
        : throw new RefusedException("JSON_PARSER_ERROR", "ids and fields must be arrays of text");
}
