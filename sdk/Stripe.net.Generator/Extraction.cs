using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hub.Sdk.StripeGenerator;

/// <summary>Takes the whitelisted part out of a full description of the API.</summary>
/// <remarks>
/// A class shared by several operations gets the union of what they declare: a field is clearable when one of them allows clearing it,
/// and takes a union type (<c>enum|unix</c>) when one of them does, as in the published package.
/// </remarks>
public sealed partial class Extraction
{
    private readonly Whitelist _whitelist;
    private readonly JsonElement _full;
    private readonly SortedDictionary<string, ClassDescription> _options = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ClassDescription> _entities = new(StringComparer.Ordinal);

    private Extraction(Whitelist whitelist, JsonElement full) => (_whitelist, _full) = (whitelist, full);

    /// <exception cref="InvalidDataException">The whitelist names something that the full description does not have.</exception>
    public static ApiDescription Run(Whitelist whitelist, string fullJson)
    {
        using var document = JsonDocument.Parse(fullJson, new JsonDocumentOptions { MaxDepth = 256 });
        return new Extraction(whitelist, document.RootElement).Run();
    }

    private ApiDescription Run()
    {
        SortedDictionary<string, ServiceDescription> services = new(StringComparer.Ordinal);
        foreach (var (service, methods) in _whitelist.Operations)
        {
            services[service] = Service(service, methods);
        }

        foreach (var entity in _full.GetProperty("objects").EnumerateObject().Where(entity => _whitelist.Entities.ContainsKey(entity.Name)))
        {
            Collect(_entities, _whitelist.Entities, entity.Name, null, entity.Name, entity.Value);
        }

        CheckComplete(_whitelist.Options, _options);
        CheckComplete(_whitelist.Entities, _entities);
        string[] events =
        [
            .. _full.GetProperty("event_types").EnumerateArray().Select(type => type.GetString()!)
                .Where(type => _whitelist.EventPrefixes.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal))),
        ];
        return new ApiDescription(_full.GetProperty("api_version").GetString()!, services, _options, _entities, events);
    }

    private ServiceDescription Service(string name, string[] methods)
    {
        var service = _full.GetProperty("resources").EnumerateObject()
            .Select(resource => resource.Value.GetProperty("services"))
            .Where(all => all.TryGetProperty(name, out _))
            .Select(all => all.GetProperty(name))
            .First();
        var endpoints = service.GetProperty("endpoints").EnumerateArray().ToDictionary(endpoint => endpoint.GetProperty("m").GetString()!);
        OperationDescription[] operations = [.. methods.Select(method => Operation(name, endpoints[method]))];
        return new ServiceDescription(service.GetProperty("client").GetString()!, operations);
    }

    private OperationDescription Operation(string service, JsonElement endpoint)
    {
        var options = endpoint.GetProperty("opt").GetString()!;
        var parameters = _full.GetProperty("params").GetProperty(options);
        var kind = parameters.TryGetProperty("starting_after", out _) ? "ListOptions"
            : parameters.TryGetProperty("query", out _) ? "SearchOptions"
            : "BaseOptions";
        Collect(_options, _whitelist.Options, options, kind, service[..^"Service".Length], parameters);
        return new OperationDescription(
            endpoint.GetProperty("m").GetString()!,
            endpoint.GetProperty("http").GetString()!,
            endpoint.GetProperty("path").GetString()!,
            endpoint.GetProperty("ret").GetString()!,
            options,
            Flag(endpoint, "req"),
            Flag(endpoint, "auto"));
    }

    private static void Collect(
        SortedDictionary<string, ClassDescription> into,
        IReadOnlyDictionary<string, string[]> allowed,
        string name,
        string? baseClass,
        string file,
        JsonElement fields)
    {
        if (!allowed.TryGetValue(name, out var wanted))
        {
            return;
        }

        if (!into.TryGetValue(name, out var description))
        {
            into[name] = description = new ClassDescription(baseClass, file, new SortedDictionary<string, FieldDescription>(StringComparer.Ordinal));
        }

        foreach (var field in fields.EnumerateObject().Where(field => wanted.Contains(field.Name)))
        {
            description.Fields[field.Name] = Merge(description.Fields.GetValueOrDefault(field.Name), Field(field.Value));
            if (field.Value.TryGetProperty("f", out var children))
            {
                var child = Qualify(name, ClassIn(field.Value.GetProperty("t").GetString()!));
                Collect(into, allowed, child, baseClass is null ? null : "INestedOptions", file, children);
            }
        }
    }

    private static FieldDescription Merge(FieldDescription? known, FieldDescription found) => known is null
        ? found
        : found with
        {
            Type = known.Type.Contains('|', StringComparison.Ordinal) ? known.Type : found.Type,
            Values = known.Values ?? found.Values,
            Clearable = known.Clearable || found.Clearable,
            Nullable = known.Nullable || found.Nullable,
        };

    private static FieldDescription Field(JsonElement field) => new(
        UnionInOrder(field.GetProperty("t").GetString()!),
        field.TryGetProperty("cs", out var name) ? name.GetString() : null,
        Clearable: Flag(field, "u"),
        Nullable: Flag(field, "n") || Flag(field, "o"),
        Expandable: Flag(field, "e"),
        Values: Values(field));

    private static IReadOnlyList<string>? Values(JsonElement field)
    {
        if (!field.TryGetProperty("en", out var values))
        {
            return null;
        }

        // A pooled list is long by definition; it would drown the comment it is for.
        const int Most = 12;
        return values.ValueKind == JsonValueKind.Array && values.GetArrayLength() <= Most
            ? [.. values.EnumerateArray().Select(value => value.GetString()!)]
            : null;
    }

    private static string UnionInOrder(string type) => type is "unix|enum" ? "enum|unix" : type;

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var flag) && flag.GetInt32() == 1;

    // Parts of an object live in its namespace.
    private static string Qualify(string parent, string child) =>
        parent.Contains('.', StringComparison.Ordinal) && !child.Contains('.', StringComparison.Ordinal)
            ? parent[..(parent.IndexOf('.', StringComparison.Ordinal) + 1)] + child
            : child;

    private static string ClassIn(string type) => Element().Match(type) is { Success: true } match ? match.Groups[1].Value : type;

    private static void CheckComplete(IReadOnlyDictionary<string, string[]> wanted, SortedDictionary<string, ClassDescription> found)
    {
        string[] missing =
        [
            .. wanted.SelectMany(pair => pair.Value.Length == 0 ? [pair.Key] : pair.Value.Select(field => $"{pair.Key}.{field}"))
                .Where(path => !Has(found, path)),
        ];
        if (missing.Length > 0)
        {
            throw new InvalidDataException("Not in the description: " + string.Join(", ", missing));
        }
    }

    private static bool Has(SortedDictionary<string, ClassDescription> found, string path) =>
        found.ContainsKey(path)
        || (path.LastIndexOf('.') is > 0 and var dot
            && found.TryGetValue(path[..dot], out var description)
            && description.Fields.ContainsKey(path[(dot + 1)..]));

    [GeneratedRegex("^(?:List|StripeList)<(.+)>$")]
    private static partial Regex Element();
}
