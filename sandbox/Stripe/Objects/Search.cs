using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Objects;

/// <summary>The search endpoints: a small query language over an index that lags behind.</summary>
public static partial class Search
{
    /// <summary>An object is found only this many seconds of sandbox time after it was created.</summary>
    public const long LagSeconds = 60;

    private const int MaxClauses = 10;

    private static readonly Dictionary<string, HashSet<string>> Searchable = new(StringComparer.Ordinal)
    {
        ["customer"] = ["created", "metadata", "email", "name", "phone"],
        ["invoice"] = ["created", "metadata", "currency", "customer", "subscription", "status", "number", "receipt_number", "total"],
        ["price"] = ["created", "metadata", "active", "currency", "lookup_key", "product", "type"],
        ["product"] = ["created", "metadata", "active", "description", "name", "shippable", "url"],
        ["subscription"] = ["created", "metadata", "status", "canceled_at"],
    };

    /// <exception cref="ApiException">The query does not follow the grammar, or asks for a field that is not searchable.</exception>
    public static JsonObject Run(Store store, string kind, JsonObject parameters, string url, long now)
    {
        var matches = Compile(kind, parameters.Text("query") ?? throw ApiException.Missing("query"));
        var skipped = parameters.Text("page") is { } page ? Offset(page) : 0;
        var limit = Lists.Limit(parameters);
        List<JsonObject> found = [.. store.All(kind).Reverse().Where(o => o.Number("created") <= now - LagSeconds && matches(o)).Skip(skipped)];
        var result = Lists.Envelope(found.Take(limit), found.Count > limit, url);
        result["object"] = "search_result";
        result["next_page"] = found.Count > limit ? $"page_{skipped + limit}" : null;
        result["_total_count"] = (long)(found.Count + skipped);
        return result;
    }

    private static int Offset(string page) =>
        page.StartsWith("page_", StringComparison.Ordinal) && int.TryParse(page[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw ApiException.Invalid($"Invalid page: {page}", "page");

    private static Func<JsonObject, bool> Compile(string kind, string query)
    {
        var clauses = new List<Func<JsonObject, bool>>();
        var joiners = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var at = 0;
        while (at < query.Length)
        {
            var match = Clause().Match(query, at);
            if (!match.Success || match.Index != at)
            {
                throw ApiException.Invalid($"We were unable to parse your search query near '{query[at..]}'.", "query");
            }

            clauses.Add(Test(kind, match));
            joiners.UnionWith(match.Groups["join"].Success ? [match.Groups["join"].Value] : at + match.Length < query.Length ? ["AND"] : []);
            at += match.Length;
        }

        if (clauses.Count is 0 or > MaxClauses || joiners.Count > 1)
        {
            throw ApiException.Invalid("A query has 1 to 10 clauses, joined by AND or by OR but not by both.", "query");
        }

        return joiners.Contains("OR") ? o => clauses.Any(clause => clause(o)) : o => clauses.All(clause => clause(o));
    }

    private static Func<JsonObject, bool> Test(string kind, Match clause)
    {
        var field = clause.Groups["field"].Value;
        if (!Searchable[kind].Contains(field))
        {
            throw ApiException.Invalid($"Field `{field}` is an unsupported search field for resource `{kind}s`.", "query");
        }

        var negated = clause.Groups["not"].Success;
        var wanted = clause.Groups["text"].Success ? clause.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal) : clause.Groups["number"].Value;
        var key = clause.Groups["key"].Success ? clause.Groups["key"].Value : null;
        var op = clause.Groups["op"].Value;
        return o => Holds(Value(o, field, key), op, wanted) != negated;
    }

    private static JsonNode? Value(JsonObject candidate, string field, string? key) => field switch
    {
        "metadata" => key is null ? null : candidate.Obj("metadata")?[key],
        "subscription" => candidate.Obj("parent")?.Obj("subscription_details")?["subscription"],
        _ => candidate[field],
    };

    private static bool Holds(JsonNode? actual, string op, string wanted)
    {
        var text = actual is null ? null : actual.GetValueKind() == System.Text.Json.JsonValueKind.String ? actual.GetValue<string>() : actual.ToJsonString();
        if (wanted == "null")
        {
            return text is null;
        }

        return text is not null && op switch
        {
            ":" => string.Equals(text, wanted, StringComparison.OrdinalIgnoreCase),
            "~" => wanted.Length >= 3 && text.Contains(wanted, StringComparison.OrdinalIgnoreCase),
            _ => decimal.TryParse(text, CultureInfo.InvariantCulture, out var left) && decimal.TryParse(wanted, CultureInfo.InvariantCulture, out var right)
                && (op switch { ">" => left > right, ">=" => left >= right, "<" => left < right, _ => left <= right }),
        };
    }

    [GeneratedRegex("""\s*(?<not>-)?(?<field>[a-z_]+)(\[["'](?<key>[^"']+)["']\])?(?<op>:|~|>=|<=|>|<)("(?<text>(\\.|[^"\\])*)"|'(?<text>[^']*)'|(?<number>[\w.\-]+))(\s+(?<join>AND|OR|and|or)\s+|\s*$|\s+)""")]
    private static partial Regex Clause();
}
