using System.Text;

namespace Hub.Sdk.StripeGenerator;

/// <summary>Writes an entity class.</summary>
internal static class EntitySource
{
    // Stripe's response says where a balance transaction stems from; the published package marks the possible types so.
    private static readonly string[] BalanceTransactionSources = ["Charge", "Dispute", "Payout", "Refund"];

    public static string Write(string name, ClassDescription description)
    {
        var (_, className) = Naming.Split(name);
        var bases = string.Join(", ", Bases(className, description));
        var text = new StringBuilder($"[JsonConverter(typeof(EntityConverterFactory))]\npublic class {className} : {bases}\n{{\n");
        foreach (var (json, field) in description.Fields)
        {
            text.Append('\n');
            if (field.Values is { } values && json != "object")
            {
                text.Append($"    /// <summary>One of: {string.Join(", ", values)}.</summary>\n");
            }

            if (!field.Expandable)
            {
                text.Append($"    [JsonPropertyName(\"{json}\")]\n    public {Type(json, field)} {Naming.Property(json, field)} {{ get; set; }}\n");
            }
            else if (field.Type.StartsWith("List<", StringComparison.Ordinal))
            {
                WriteExpandableList(text, json, field);
            }
            else
            {
                WriteExpandable(text, json, field);
            }
        }

        return text.Append("}\n").Replace("{\n\n", "{\n").ToString();
    }

    private static IEnumerable<string> Bases(string className, ClassDescription description)
    {
        yield return $"StripeEntity<{className}>";
        if (BalanceTransactionSources.Contains(className))
        {
            yield return "IBalanceTransactionSource";
        }

        if (description.Fields.ContainsKey("id"))
        {
            yield return "IHasId";
        }

        if (description.Fields.ContainsKey("metadata"))
        {
            yield return "IHasMetadata";
        }

        if (description.Fields.ContainsKey("object"))
        {
            yield return "IHasObject";
        }
    }

    private static void WriteExpandable(StringBuilder text, string json, FieldDescription field)
    {
        var name = Naming.Property(json, field);
        text.Append($$"""
                public string {{name}}Id { get => Internal{{name}}?.Id; set => Internal{{name}} = SetExpandableFieldId(value, Internal{{name}}); }

                /// <summary>Null unless expanded.</summary>
                public {{field.Type}} {{name}} { get => Internal{{name}}?.ExpandedObject; set => Internal{{name}} = SetExpandableFieldObject(value, Internal{{name}}); }

                [JsonPropertyName("{{json}}")]
                internal ExpandableField<{{field.Type}}> Internal{{name}} { get; set; }

            """.ReplaceLineEndings("\n"));
    }

    private static void WriteExpandableList(StringBuilder text, string json, FieldDescription field)
    {
        var name = Naming.Property(json, field);
        var element = field.Type["List<".Length..^1];
        text.Append($$"""
                public List<string> {{name[..^1]}}Ids { get => Internal{{name}}?.ConvertAll(item => item.Id); set => Internal{{name}} = SetExpandableArrayIds<{{element}}>(value); }

                /// <summary>Nulls unless expanded.</summary>
                public List<{{element}}> {{name}} { get => Internal{{name}}?.ConvertAll(item => item.ExpandedObject); set => Internal{{name}} = SetExpandableArrayObjects(value); }

                [JsonPropertyName("{{json}}")]
                internal List<ExpandableField<{{element}}>> Internal{{name}} { get; set; }

            """.ReplaceLineEndings("\n"));
    }

    private static string Type(string json, FieldDescription field)
    {
        var value = field.Type switch
        {
            "bool" => "bool",
            "long" => "long",
            "decimal" or "decimal-string" => "decimal",
            "unix" => "DateTime",
            _ => null,
        };

        // A deleted stub is the only place where "deleted" appears, so it is nullable although the description does not say so.
        return value is null ? field.Type : field.Nullable || json == "deleted" ? value + "?" : value;
    }
}
