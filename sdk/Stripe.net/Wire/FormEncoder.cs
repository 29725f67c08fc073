using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json.Serialization;
using Stripe;

namespace Hub.Sdk.StripeWire;

/// <summary>Writes options as Stripe's API v1 reads them.</summary>
/// <remarks>
/// Nesting in brackets, lists by index, lower-case booleans, Unix seconds, invariant decimals with their scale.
/// Null leaves a parameter out, except where assignment is tracked: there it sends an empty value, which clears.
/// An empty list sends its name with an empty value. Properties of a base class come last.
/// Source: Stripe.net 52.2.0, observed; docs/adr/0002-sdk-source.md.
/// </remarks>
internal static class FormEncoder
{
    private static readonly ConcurrentDictionary<Type, Parameter[]> Cache = new();

    public static string Encode(BaseOptions options)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (options != null)
        {
            AddOptions(pairs, null, options);
        }

        return string.Join('&', pairs.Select(pair => $"{Escape(pair.Key)}={Escape(pair.Value)}"));
    }

    // Brackets stay readable; Stripe takes them raw.
    private static string Escape(string text) =>
        WebUtility.UrlEncode(text).Replace("%5B", "[", StringComparison.Ordinal).Replace("%5D", "]", StringComparison.Ordinal);

    private static void Add(List<KeyValuePair<string, string>> pairs, string name, object value)
    {
        switch (value)
        {
            case null: pairs.Add(new(name, string.Empty)); break;
            case IAnyOf anyOf: AddPresent(pairs, name, anyOf.Value); break;
            case INestedOptions nested: AddOptions(pairs, name, nested); break;
            case IDictionary map: AddMap(pairs, name, map); break;
            case string text: pairs.Add(new(name, text)); break;
            case IEnumerable list: AddList(pairs, name, list); break;
            default: pairs.Add(new(name, Text(value))); break;
        }
    }

    private static void AddPresent(List<KeyValuePair<string, string>> pairs, string name, object value)
    {
        if (value != null)
        {
            Add(pairs, name, value);
        }
    }

    private static string Text(object value) => value switch
    {
        DateTime time => UnixTime.Write(time).ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => string.Format(CultureInfo.InvariantCulture, "{0}", value),
    };

    private static void AddOptions(List<KeyValuePair<string, string>> pairs, string prefix, INestedOptions options)
    {
        foreach (var parameter in Cache.GetOrAdd(options.GetType(), Describe))
        {
            var value = parameter.Property.GetValue(options);
            if (parameter.Name == null)
            {
                AddMap(pairs, prefix, (IDictionary)value);
            }
            else if (value != null)
            {
                Add(pairs, Nest(prefix, parameter.Name), value);
            }
            else if (options is IHasSetTracking tracked && tracked.IsPropertySet(parameter.Property.Name))
            {
                pairs.Add(new(Nest(prefix, parameter.Name), string.Empty));
            }
        }
    }

    private static void AddMap(List<KeyValuePair<string, string>> pairs, string prefix, IDictionary map)
    {
        foreach (DictionaryEntry entry in map ?? new Hashtable())
        {
            Add(pairs, Nest(prefix, Text(entry.Key)), entry.Value);
        }
    }

    private static void AddList(List<KeyValuePair<string, string>> pairs, string name, IEnumerable list)
    {
        var before = pairs.Count;
        var index = 0;
        foreach (var item in list)
        {
            Add(pairs, $"{name}[{index++}]", item);
        }

        if (pairs.Count == before)
        {
            pairs.Add(new(name, string.Empty));
        }
    }

    // A caller's own name may already be nested, as in AddExtraParam("a[b]", …): only its head is put in brackets.
    private static string Nest(string prefix, string name)
    {
        if (string.IsNullOrEmpty(prefix))
        {
            return name;
        }

        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? $"{prefix}[{name}]" : $"{prefix}[{name[..bracket]}]{name[bracket..]}";
    }

    private static Parameter[] Describe(Type type) =>
    [
        .. type.GetRuntimeProperties()
            .Select(property => new Parameter(
                property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name,
                property,
                property.GetCustomAttribute<JsonExtensionDataAttribute>() != null))
            .Where(parameter => parameter.Name != null || parameter.IsExtra),
    ];

    private sealed record Parameter(string Name, PropertyInfo Property, bool IsExtra);
}
