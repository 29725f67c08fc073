using System.Globalization;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>Turns form parameters into typed JSON by an endpoint's declaration, refusing what the service refuses.</summary>
/// <remarks>A cleared parameter becomes an empty string, whatever its kind.</remarks>
public static class Parameters
{
    /// <exception cref="ApiException">The first parameter that is unknown, missing or of another type.</exception>
    public static JsonObject Validate(FormNode form, IReadOnlyDictionary<string, ParameterField> declared) => Fields(form, declared, "");

    private static JsonObject Fields(FormNode form, IReadOnlyDictionary<string, ParameterField> declared, string path)
    {
        string[] unknown = [.. form.Children.Keys.Where(key => !declared.ContainsKey(key)).Select(key => Name(path, key))];
        if (unknown.Length > 0)
        {
            var plural = unknown.Length > 1 ? "s" : "";
            throw ApiException.Invalid($"Received unknown parameter{plural}: {string.Join(", ", unknown)}", unknown[0], "parameter_unknown");
        }

        if (declared.FirstOrDefault(field => field.Value.Required && !form.Children.ContainsKey(field.Key)).Key is { } missing)
        {
            throw ApiException.Missing(Name(path, missing));
        }

        var values = new JsonObject();
        foreach (var (key, node) in form.Children)
        {
            values[key] = Value(node, declared[key], Name(path, key));
        }

        return values;
    }

    private static JsonNode? Value(FormNode node, ParameterField field, string name)
    {
        if (node.Text is { } text)
        {
            return text.Length == 0 ? Empty(field, name) : Scalar(text, field, name);
        }

        return field.Kind switch
        {
            "object" => Fields(node, field.Fields, name),
            "range" => Range(node, field, name),
            "list:object" => Elements(node, name).Select(e => (JsonNode?)Element(e, field, name)).ToArray(),
            "list:string" => Elements(node, name).Select(e => Scalar(TextOf(e.Node, e.Name), field with { Kind = "string" }, e.Name)).ToArray(),
            "map" => Map(node, name),
            "maps" => new JsonObject([.. node.Children.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)Fields(c.Value, field.Fields, Name(name, c.Key))))]),
            _ => throw ApiException.Invalid($"Invalid {Noun(field.Kind)}: {{...}}", name),
        };
    }

    private static JsonObject Element((FormNode Node, string Name) element, ParameterField field, string list) =>
        element.Node.Text is null ? Fields(element.Node, field.Fields, element.Name) : throw ApiException.Invalid("Invalid object", list);

    private static JsonValue Empty(ParameterField field, string name) => field.Clearable || field.Kind == "map"
        ? JsonValue.Create("")
        : throw ApiException.Invalid(
            $"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; however '{name}' cannot be unset. "
            + $"You should remove '{name}' from your request or supply a non-empty value.", name, "parameter_invalid_empty");

    private static JsonValue Scalar(string text, ParameterField field, string name) => field.Kind switch
    {
        "string" => JsonValue.Create(Word(text, field, name)),
        "long" or "unix" => JsonValue.Create(Integer(text, name)),
        "range" => JsonValue.Create(Integer(text, name)),
        "when" or "count" => field.Values.Contains(text) ? JsonValue.Create(text) : JsonValue.Create(Integer(text, name)),
        "bool" => JsonValue.Create(text switch
        {
            "true" => true,
            "false" => false,
            _ => throw ApiException.Invalid($"Invalid boolean: {text}", name),
        }),
        "decimal" => JsonValue.Create(Decimal(text, name)),
        "decimal-string" => JsonValue.Create(Decimal(text, name).ToString(CultureInfo.InvariantCulture)),
        "list:string" or "list:object" => throw ApiException.Invalid("Invalid array", name),
        _ => throw ApiException.Invalid("Invalid object", name),
    };

    private static string Word(string text, ParameterField field, string name)
    {
        if (text.Length > 5000)
        {
            throw ApiException.Invalid($"Invalid string: {text[..10]}...; must be at most 5000 characters", name);
        }

        return field.Values.Count == 0 || field.Values.Contains(text)
            ? text
            : throw ApiException.Invalid($"Invalid {LastSegment(name)}: must be one of {Choices(field.Values)}", name);
    }

    private static string Choices(IReadOnlyList<string> values) => values.Count switch
    {
        1 => values[0],
        2 => $"{values[0]} or {values[1]}",
        _ => $"{string.Join(", ", values.SkipLast(1))}, or {values[^1]}",
    };

    private static long Integer(string text, string name) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiException.Invalid($"Invalid integer: {text}", name, "parameter_invalid_integer");

    private static decimal Decimal(string text, string name) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiException.Invalid($"Invalid decimal: {text}", name);

    private static JsonObject Range(FormNode node, ParameterField field, string name)
    {
        var bounds = new JsonObject();
        foreach (var (key, bound) in node.Children)
        {
            if (!field.Fields.ContainsKey(key) && key is not ("gt" or "gte" or "lt" or "lte"))
            {
                throw ApiException.Invalid($"Received unknown parameter: {Name(name, key)}", Name(name, key), "parameter_unknown");
            }

            bounds[key] = Integer(TextOf(bound, Name(name, key)), Name(name, key));
        }

        return bounds;
    }

    private static JsonObject Map(FormNode node, string name)
    {
        var map = new JsonObject();
        foreach (var (key, value) in node.Children)
        {
            map[key] = TextOf(value, Name(name, key));
        }

        return map;
    }

    private static IEnumerable<(FormNode Node, string Name)> Elements(FormNode node, string name)
    {
        foreach (var key in node.Children.Keys.Where(key => !int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw ApiException.Invalid($"Invalid array index: {key}", Name(name, key));
        }

        return node.Children
            .OrderBy(child => int.Parse(child.Key, CultureInfo.InvariantCulture))
            .Select(child => (child.Value, Name(name, child.Key)));
    }

    private static string TextOf(FormNode node, string name) => node.Text ?? throw ApiException.Invalid("Invalid string: {...}", name);

    private static string Name(string path, string key) => path.Length == 0 ? key : $"{path}[{key}]";

    private static string LastSegment(string name) => name[(name.LastIndexOf('[') + 1)..].TrimEnd(']');

    private static string Noun(string kind) => kind switch
    {
        "long" or "unix" or "when" or "count" => "integer",
        "bool" => "boolean",
        "decimal" or "decimal-string" => "decimal",
        _ => "string",
    };
}
