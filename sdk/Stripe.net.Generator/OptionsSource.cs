using System.Text;

namespace Hub.Sdk.StripeGenerator;

/// <summary>Writes an options class and the string enums of its parameters.</summary>
internal static class OptionsSource
{
    public static IEnumerable<string> Write(string name, ClassDescription description)
    {
        var (_, className) = Naming.Split(name);
        yield return WriteClass(className, description);
        foreach (var (json, field) in description.Fields.Where(pair => pair.Value.Type.Contains("enum", StringComparison.Ordinal)))
        {
            yield return WriteEnum(Naming.StringEnum(className, Naming.Property(json, field)), field.Values ?? []);
        }
    }

    private static string WriteClass(string className, ClassDescription description)
    {
        var tracked = description.Fields.Any(pair => pair.Value.Clearable);
        List<string> bases = [description.Base!];
        if (description.Fields.ContainsKey("metadata"))
        {
            bases.Add("IHasMetadata");
        }

        if (description.Fields.TryGetValue("id", out _))
        {
            bases.Add("IHasId");
        }

        if (tracked)
        {
            bases.Add("IHasSetTracking");
        }

        var text = new StringBuilder($"public class {className} : {string.Join(", ", bases)}\n{{\n");
        if (tracked)
        {
            text.Append("    private readonly SetTracker tracker = new();\n");
        }

        foreach (var (json, field) in description.Fields)
        {
            WriteProperty(text, className, json, field);
        }

        if (tracked)
        {
            text.Append("\n    bool IHasSetTracking.IsPropertySet(string propertyName) => tracker.IsSet(propertyName);\n");
        }

        return text.Append("}\n").Replace("{\n\n", "{\n").ToString();
    }

    private static void WriteProperty(StringBuilder text, string className, string json, FieldDescription field)
    {
        var property = Naming.Property(json, field);
        var (type, converter) = Type(field.Type, Naming.StringEnum(className, property));
        text.Append('\n');
        if (field.Values is { } values)
        {
            text.Append($"    /// <summary>One of: {string.Join(", ", values)}.</summary>\n");
        }

        text.Append($"    [JsonPropertyName(\"{json}\")]\n");
        if (converter != null)
        {
            text.Append($"    [JsonConverter(typeof({converter}))]\n");
        }

        text.Append(field.Clearable
            ? $"    public {type} {property} {{ get; set {{ field = value; tracker.Track(); }} }}\n"
            : $"    public {type} {property} {{ get; set; }}\n");
    }

    private static (string Type, string? Converter) Type(string described, string stringEnum) => described switch
    {
        "string" => ("string", null),
        "bool" => ("bool?", null),
        "long" => ("long?", null),
        "decimal" => ("decimal?", null),
        "decimal-string" => ("decimal?", "DecimalStringConverter"),
        "unix" => ("DateTime?", "UnixSecondsConverter"),
        "enum" => (stringEnum, null),
        "enum|unix" => ($"AnyOf<DateTime?, {stringEnum}>", null),
        "enum|long" => ($"AnyOf<long?, {stringEnum}>", null),
        "DateRangeOptions|unix" => ("AnyOf<DateTime?, DateRangeOptions>", null),
        _ => (described, null),
    };

    private static string WriteEnum(string name, IReadOnlyList<string> values)
    {
        var text = new StringBuilder($"[JsonConverter(typeof(StringEnumConverterFactory))]\npublic class {name} : StringEnum\n{{\n");
        foreach (var value in values)
        {
            text.Append($"    public static readonly {name} {Naming.Pascal(value)} = new(\"{value}\");\n");
        }

        return text.Append($"\n    private {name}(string value)\n        : base(value)\n    {{\n    }}\n}}\n").ToString();
    }
}
