using System.Text;

namespace Hub.Sdk.StripeGenerator;

/// <summary>Writes the generated part of the subset. Same description, same bytes.</summary>
public static class Generator
{
    /// <returns>File name (no folder) to its text, line feeds only.</returns>
    public static SortedDictionary<string, string> Generate(ApiDescription api)
    {
        SortedDictionary<string, SourceFile> files = new(StringComparer.Ordinal);
        foreach (var (name, description) in api.Options)
        {
            // Create and update share their string enums, so the second one finds its enum already written.
            var file = File(files, description.File + "Options");
            foreach (var source in OptionsSource.Write(name, description).Where(file.IsNew))
            {
                file.Add(Naming.Split(name).Namespace, source);
            }
        }

        foreach (var (name, description) in api.Entities)
        {
            File(files, description.File).Add(Naming.Split(name).Namespace, EntitySource.Write(name, description));
        }

        foreach (var (name, service) in api.Services)
        {
            File(files, name).Add(Naming.Split(name).Namespace, ServiceSource.Write(name, service, Nested(api, service)));
        }

        File(files, "V1Services").Add("Stripe", Accessors(api, "V1Services", 1));
        File(files, "V1Services").Add("Stripe", Accessors(api, "TestHelpersService", 2));
        File(files, "EventTypes").Add("Stripe", EventTypes(api.EventTypes));
        File(files, "ObjectTypes").Add("Hub.Sdk.StripeWire", ObjectTypes(api));
        return new(files.ToDictionary(file => file.Key + ".cs", file => file.Value.ToString()), StringComparer.Ordinal);
    }

    private static SourceFile File(SortedDictionary<string, SourceFile> files, string name)
    {
        name = Naming.Split(name).Class;
        if (!files.TryGetValue(name, out var file))
        {
            files[name] = file = new SourceFile();
        }

        return file;
    }

    private static (string Accessor, string Service)[] Nested(ApiDescription api, ServiceDescription parent) =>
    [
        .. api.Services
            .Where(pair => pair.Value.Client.StartsWith(parent.Client + ".", StringComparison.Ordinal))
            .Select(pair => (pair.Value.Client[(parent.Client.Length + 1)..], pair.Key)),
    ];

    // Depth 1 is V1.Invoices; depth 2 is V1.TestHelpers.TestClocks. Services inside a service (V1.Invoices.LineItems) hang on that service.
    private static string Accessors(ApiDescription api, string className, int depth)
    {
        var group = depth == 1 ? "V1." : "V1.TestHelpers.";
        var members = api.Services
            .Where(pair => pair.Value.Client.StartsWith(group, StringComparison.Ordinal) && pair.Value.Client.Count(c => c == '.') == depth)
            .Select(pair => (Name: pair.Value.Client[group.Length..], Type: pair.Key))
            .Concat(depth == 1 ? [("TestHelpers", "TestHelpersService")] : [])
            .OrderBy(member => member.Item1, StringComparer.Ordinal)
            .ToArray();
        var text = new StringBuilder($"public class {className}\n{{\n    internal {className}(IStripeClient client)\n    {{\n");
        foreach (var (name, type) in members)
        {
            text.Append($"        {name} = new {Qualified(type)}(client);\n");
        }

        text.Append("    }\n");
        foreach (var (name, type) in members)
        {
            text.Append($"\n    public virtual {Qualified(type)} {name} {{ get; }}\n");
        }

        return text.Append("}\n").ToString();
    }

    // A property named like a namespace hides it inside its class.
    private static string Qualified(string type) => type.Contains('.', StringComparison.Ordinal) ? "global::Stripe." + type : type;

    private static string EventTypes(IReadOnlyList<string> types)
    {
        var text = new StringBuilder("public static class EventTypes\n{\n");
        foreach (var type in types)
        {
            text.Append($"    public const string {Naming.Pascal(type)} = \"{type}\";\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string ObjectTypes(ApiDescription api)
    {
        var text = new StringBuilder("internal static class ObjectTypes\n{\n");
        text.Append("    public static readonly Dictionary<string, Type> ByName = new(StringComparer.Ordinal)\n    {\n");
        foreach (var (name, description) in api.Entities)
        {
            if (description.Fields.TryGetValue("object", out var field) && field.Values is [var value])
            {
                text.Append($"        [\"{value}\"] = typeof(global::Stripe.{name}),\n");
            }
        }

        return text.Append("    };\n}\n").ToString();
    }
}
