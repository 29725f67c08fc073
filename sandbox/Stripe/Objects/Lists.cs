using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Objects;

/// <summary>Cursor pages over the objects of a kind, newest first.</summary>
public static class Lists
{
    private static readonly HashSet<string> Paging = ["limit", "starting_after", "ending_before", "expand"];

    /// <summary>One page of the objects that satisfy every filter of the request.</summary>
    /// <param name="store">Holds the places cursors refer to.</param>
    /// <param name="objects">Candidates in order of creation.</param>
    /// <param name="parameters">Validated parameters; all but the paging ones are filters.</param>
    /// <param name="url">Path of the list.</param>
    /// <param name="filters">Filters that are more than equality or range on the field of the same name.</param>
    /// <exception cref="ApiException">A limit out of 1 to 100, or an unknown cursor.</exception>
    public static JsonObject Page(
        Store store, IEnumerable<JsonObject> objects, JsonObject parameters, string url,
        IReadOnlyDictionary<string, Func<JsonObject, JsonNode, bool>>? filters = null)
    {
        var limit = Limit(parameters);
        var matching = objects.Where(candidate => parameters
            .Where(filter => !Paging.Contains(filter.Key))
            .All(filter => filters?.GetValueOrDefault(filter.Key) is { } special
                ? special(candidate, filter.Value!)
                : Matches(candidate[filter.Key], filter.Value!)));
        var before = Cursor(store, parameters, "ending_before");
        var after = Cursor(store, parameters, "starting_after");
        List<JsonObject> newestFirst = [.. matching
            .Where(candidate => (before is null || Place(store, candidate) > before) && (after is null || Place(store, candidate) < after))
            .OrderByDescending(candidate => Place(store, candidate))];
        var page = before is null ? newestFirst.Take(limit) : newestFirst.TakeLast(limit);
        return Envelope(page, newestFirst.Count > limit, url);
    }

    public static JsonObject Envelope(IEnumerable<JsonObject> page, bool hasMore, string url) => new()
    {
        ["object"] = "list",
        ["data"] = page.Select(JsonNode? (found) => found.DeepClone()).ToArray(),
        ["has_more"] = hasMore,
        ["url"] = url,
        ["page"] = true,
    };

    /// <exception cref="ApiException">Not within 1 to 100.</exception>
    public static int Limit(JsonObject parameters) => parameters.MaybeNumber("limit") switch
    {
        null => 10,
        >= 1 and <= 100 and var limit => (int)limit,
        < 1 => throw ApiException.Invalid("This value must be greater than or equal to 1.", "limit", "parameter_invalid_integer"),
        _ => throw ApiException.Invalid("This value must be less than or equal to 100 (it currently is '" + parameters.MaybeNumber("limit") + "').", "limit", "parameter_invalid_integer"),
    };

    public static bool Matches(JsonNode? actual, JsonNode wanted) => wanted switch
    {
        JsonObject range => actual is JsonValue time && InRange(new JsonObject { ["v"] = time.DeepClone() }.MaybeNumber("v"), range),
        _ => actual is not null && actual.ToJsonString() == wanted.ToJsonString(),
    };

    public static bool InRange(long? value, JsonObject range) => value is { } number && range.All(bound =>
    {
        var limit = range.Number(bound.Key);
        return bound.Key switch
        {
            "gt" => number > limit,
            "gte" => number >= limit,
            "lt" => number < limit,
            _ => number <= limit,
        };
    });

    private static long Place(Store store, JsonObject candidate) => store.Place(candidate.Id()) ?? 0;

    private static long? Cursor(Store store, JsonObject parameters, string name) => parameters.Text(name) is not { } id
        ? null
        : store.Place(id) ?? throw ApiException.Invalid($"No such object: '{id}'", name, "resource_missing");
}
