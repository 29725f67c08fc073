using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Objects;

/// <summary>Everything the simulated account holds: objects by id, and by kind in order of creation.</summary>
/// <remarks>Not thread-safe; the module holds one lock around a request or a step of the clock.</remarks>
public sealed class Store
{
    private readonly Dictionary<string, JsonObject> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<long, JsonObject>> byKind = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> counters = new(StringComparer.Ordinal);
    private long place;

    /// <summary>A new id of the shape the service uses; the same calls always give the same ids.</summary>
    public string NewId(string prefix)
    {
        counters[prefix] = counters.GetValueOrDefault(prefix) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}_1Sb{counters[prefix]:D11}");
    }

    public JsonObject Add(JsonObject added)
    {
        var id = added.Id();
        byId.Add(id, added);
        places[id] = ++place;
        Kind(added.Text("object")!).Add(place, added);
        return added;
    }

    public JsonObject? Find(string id) => byId.GetValueOrDefault(id);

    public JsonObject? Find(string kind, string id) => byId.GetValueOrDefault(id) is { } found && found.Text("object") == kind ? found : null;

    /// <exception cref="ApiException">There is no such object.</exception>
    public JsonObject Get(string kind, string id, string? param = null) => Find(kind, id) ?? throw ApiException.NoSuch(kind, id, param);

    /// <summary>All of a kind, oldest first.</summary>
    public IEnumerable<JsonObject> All(string kind) => Kind(kind).Values;

    /// <summary>When it was added, relative to others; known for removed objects too, so that cursors outlive deletion.</summary>
    public long? Place(string id) => places.TryGetValue(id, out var known) ? known : null;

    public void Remove(JsonObject removed)
    {
        byId.Remove(removed.Id());
        Kind(removed.Text("object")!).Remove(places[removed.Id()]);
    }

    public IReadOnlyDictionary<string, int> Counts() => new SortedDictionary<string, int>(
        byKind.Where(kind => kind.Value.Count > 0).ToDictionary(kind => kind.Key, kind => kind.Value.Count, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Takes in a copy of everything another store holds, and goes on counting ids where it stands.</summary>
    public void CopyFrom(Store other)
    {
        foreach (var (id, copied) in other.byId.OrderBy(entry => other.places[entry.Key]))
        {
            byId.Add(id, copied.CopyObject());
            places[id] = other.places[id];
            Kind(copied.Text("object")!).Add(places[id], byId[id]);
        }

        foreach (var (prefix, count) in other.counters)
        {
            counters[prefix] = count;
        }

        place = other.place;
    }

    public void Clear()
    {
        byId.Clear();
        places.Clear();
        byKind.Clear();
        counters.Clear();
        place = 0;
    }

    private SortedDictionary<long, JsonObject> Kind(string kind)
    {
        if (!byKind.TryGetValue(kind, out var all))
        {
            byKind[kind] = all = [];
        }

        return all;
    }
}
