using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>An org with one currency and few fields: JWT bearer sign-in, query, composite, describe and collections.</summary>
/// <remarks>Source: Salesforce REST API developer guide. Pages hold one record, sessions last a few calls, locators look like nobody else's.</remarks>
internal sealed class OtherSalesforce(OtherWorld world, string publicKeyPem)
{
    public const string Org = "00DQw000003kLmNMAU";
    public const string ClientId = "3MVG9.other.consumer.key";
    public const string User = "billing.robot@other.example";

    private const int CallsPerSession = 12;
    private const string Data = "/services/data/v67.0";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, JsonObject>> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (OtherSoql Query, string[] Ids)> _locators = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _sessions = new(StringComparer.Ordinal);

    /// <summary>Sessions begun so far.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>Ids of the records that were written to through the API, in order.</summary>
    public ConcurrentQueue<string> Written { get; } = new();

    /// <summary>Adds a record as JSON text, so that numbers keep the form they are written in.</summary>
    public void Add(string type, string json)
    {
        var record = (JsonObject)JsonNode.Parse(json)!;
        (_rows.TryGetValue(type, out var rows) ? rows : _rows[type] = [])[(string)record["Id"]!] = record;
        (_fields.TryGetValue(type, out var fields) ? fields : _fields[type] = []).UnionWith(record.Select(field => field.Key));
    }

    /// <summary>Fields the org has on top of those some record holds.</summary>
    public void AddFields(string type, params string[] names) => (_fields.TryGetValue(type, out var fields) ? fields : _fields[type] = []).UnionWith(names);

    public JsonObject Record(string type, string id)
    {
        lock (_gate)
        {
            return (JsonObject)_rows[type][id].DeepClone();
        }
    }

    public Task LogIn(HttpContext context, string body)
    {
        if (world.Faults.Strikes("token endpoint shows a page"))
        {
            return Reply.Html503(context);
        }

        Dictionary<string, StringValues> form = QueryHelpers.ParseQuery(body);
        bool known = context.Request.Path == "/services/oauth2/token"
            && form.GetValueOrDefault("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer"
            && IsOurs(form.GetValueOrDefault("assertion").ToString());
        if (!known)
        {
            return Reply.Json(context, 400, new JsonObject { ["error_description"] = "user hasn't approved this consumer", ["error"] = "invalid_grant" });
        }

        string token = $"{Org[..15]}!other.{_sessions.Count}";
        _sessions[token] = 0;
        return Reply.Json(context, 200, new JsonObject
        {
            ["token_format"] = "opaque",
            ["scope"] = "api id",
            ["token_type"] = "Bearer",
            ["id"] = $"https://login.salesforce.com/id/{Org}/005Qw000004AbCdIAK",
            ["instance_url"] = world.InstanceUrl.GetLeftPart(UriPartial.Authority),
            ["access_token"] = token,
        });
    }

    public Task Serve(HttpContext context, string body)
    {
        context.Response.Headers["Sforce-Limit-Info"] = "per-app-api-usage=17/250(appName=StripeHub); api-usage=18/15000; something-new=1/2";
        string path = context.Request.Path.Value!;
        if (path == "/services/data")
        {
            return Reply.Json(context, 200, new JsonArray(Version("100.0"), Version("67.0"), Version("66.0")));
        }

        string token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (!IsAlive(token))
        {
            return Reply.Json(context, 401, Errors("INVALID_SESSION_ID", "Session expired or invalid"));
        }

        if (path == $"{Data}/composite" && world.Faults.Strikes("instance shows a page"))
        {
            return Reply.Html503(context);
        }

        (int status, JsonNode answer) = Answer(context.Request.Method, path + context.Request.QueryString, body);
        return Reply.Json(context, status, answer);
    }

    private static JsonObject Version(string number) => new() { ["url"] = $"/services/data/v{number}", ["version"] = number, ["label"] = $"Release {number}" };

    private static JsonArray Errors(string code, string message) => new(new JsonObject { ["message"] = message, ["errorCode"] = code });

    private bool IsOurs(string assertion)
    {
        if (assertion.Split('.') is not [var header, var claims, var signature])
        {
            return false;
        }

        using RSA key = RSA.Create();
        key.ImportFromPem(publicKeyPem);
        JsonNode told = JsonNode.Parse(Base64Url.DecodeFromChars(claims))!;
        long seconds = (long)told["exp"]! - world.Seconds;
        return key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            && (string?)told["iss"] == ClientId && (string?)told["sub"] == User
            && (string?)told["aud"] == world.LoginUrl.GetLeftPart(UriPartial.Authority) && seconds is > 0 and <= 180;
    }

    private bool IsAlive(string token)
    {
        if (!_sessions.ContainsKey(token))
        {
            return false;
        }

        if (_sessions.AddOrUpdate(token, 1, (_, calls) => calls + 1) <= CallsPerSession)
        {
            return true;
        }

        world.Faults.Strikes("session expires");
        return false;
    }

    private (int Status, JsonNode Answer) Answer(string method, string address, string body)
    {
        string path = address.Split('?')[0];
        lock (_gate)
        {
            return (method, path) switch
            {
                ("GET", $"{Data}/query" or $"{Data}/queryAll") => Query(QueryHelpers.ParseQuery(address[path.Length..])["q"].ToString()),
                ("GET", _) when _locators.TryGetValue(path, out var locator) => (200, Page(locator.Query, locator.Ids)),
                ("POST", $"{Data}/composite") => (200, Composite(JsonNode.Parse(body)!)),
                ("PATCH", $"{Data}/composite/sobjects") => (200, Update(JsonNode.Parse(body)!)),
                ("GET", _) when path.EndsWith("/describe", StringComparison.Ordinal) => Describe(path.Split('/')[^2]),
                _ => (404, Errors("NOT_FOUND", "The requested resource does not exist")),
            };
        }
    }

    private (int Status, JsonNode Answer) Query(string text)
    {
        try
        {
            OtherSoql query = OtherSoql.Parse(text);
            if (!_fields.TryGetValue(query.Object, out HashSet<string>? known))
            {
                return (400, Errors("INVALID_TYPE", $"sObject type '{query.Object}' is not supported."));
            }

            if (query.Fields.FirstOrDefault(field => !known.Contains(field)) is { } unknown)
            {
                return (400, Errors("INVALID_FIELD", $"\nERROR at Row:1:Column:8\nNo such column '{unknown}' on entity '{query.Object}'."));
            }

            IEnumerable<JsonObject> found = _rows.GetValueOrDefault(query.Object)?.Values.Where(row => query.Where(WithParent(query.Object, row))) ?? [];
            found = query.Order.Reverse().Aggregate(found, (rows, field) => rows.OrderBy(row => OtherSoql.Text(row, field) ?? "", Comparer<string>.Create(OtherSoql.Compare)));
            return (200, Page(query, [.. found.Select(row => (string)row["Id"]!)]));
        }
        catch (FormatException malformed)
        {
            return (400, Errors("MALFORMED_QUERY", malformed.Message));
        }
    }

    // Conditions on lines may name fields of the opportunity they belong to.
    private JsonObject WithParent(string type, JsonObject row)
    {
        if (type != "OpportunityLineItem" || (string?)row["OpportunityId"] is not { } id || !_rows["Opportunity"].TryGetValue(id, out JsonObject? parent))
        {
            return row;
        }

        JsonObject joined = row.DeepClone().AsObject();
        foreach ((string field, JsonNode? value) in parent)
        {
            joined[$"Opportunity.{field}"] = value?.DeepClone();
        }

        return joined;
    }

    private JsonObject Page(OtherSoql query, string[] ids)
    {
        // An empty result says nothing about being done.
        var page = new JsonObject { ["records"] = new JsonArray([.. ids.Take(1).Select(id => Shown(query, _rows[query.Object][id]))]), ["totalSize"] = ids.Length };
        if (ids.Length > 1)
        {
            string locator = $"{Data}/query/01g~{_locators.Count:x}.{Guid.NewGuid():N}!{ids.Length}";
            _locators[locator] = (query, ids[1..]);
            page["nextRecordsUrl"] = locator;
        }

        if (ids.Length > 0)
        {
            page["done"] = ids.Length == 1;
        }

        return page;
    }

    // Records of the catalogue leave out what is null; the others say so.
    private static JsonObject Shown(OtherSoql query, JsonObject row)
    {
        bool silent = query.Object is "Product2" or "PricebookEntry" or "Account";
        var shown = new JsonObject();
        foreach (string field in query.Fields.Reverse().Where(field => row[field] is not null || !silent))
        {
            shown[field] = row[field]?.DeepClone();
        }

        shown["attributes"] = new JsonObject { ["url"] = $"{Data}/sobjects/{query.Object}/{row["Id"]}", ["type"] = query.Object };
        return shown;
    }

    private JsonObject Composite(JsonNode body) => new()
    {
        ["compositeResponse"] = new JsonArray([.. body["compositeRequest"]!.AsArray().Reverse().Select(part =>
        {
            (int status, JsonNode answer) = Answer((string)part!["method"]!, (string)part["url"]!, "");
            return new JsonObject { ["referenceId"] = (string)part["referenceId"]!, ["httpHeaders"] = new JsonObject(), ["httpStatusCode"] = status, ["body"] = answer };
        })]),
    };

    private (int Status, JsonNode Answer) Describe(string type) => _fields.TryGetValue(type, out HashSet<string>? fields)
        ? (200, new JsonObject
        {
            ["urls"] = new JsonObject(),
            ["fields"] = new JsonArray([.. fields.Select(field => new JsonObject { ["type"] = "any", ["nillable"] = true, ["name"] = field })]),
            ["name"] = type,
        })
        : (404, Errors("NOT_FOUND", "The requested resource does not exist"));

    private JsonArray Update(JsonNode body) => new([.. body["records"]!.AsArray().Select(record => Update(record!.AsObject()))]);

    private JsonObject Update(JsonObject change)
    {
        string type = (string)change["attributes"]!["type"]!;
        string id = (string)change["id"]!;
        if (change.Select(field => field.Key).FirstOrDefault(field => field is not ("attributes" or "id") && !_fields[type].Contains(field)) is { } unknown)
        {
            return new JsonObject
            {
                ["errors"] = new JsonArray(new JsonObject { ["fields"] = new JsonArray(), ["statusCode"] = "INVALID_FIELD", ["message"] = $"No such column '{unknown}' on sobject of type {type}" }),
                ["success"] = false,
            };
        }

        JsonObject row = _rows[type][id];
        foreach ((string field, JsonNode? value) in change.Where(field => field.Key is not ("attributes" or "id")))
        {
            row[field] = value?.DeepClone();
        }

        row["SystemModstamp"] = world.Now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + "+0000";
        Written.Enqueue(id);
        return new JsonObject { ["errors"] = new JsonArray(), ["success"] = true, ["id"] = id };
    }
}
