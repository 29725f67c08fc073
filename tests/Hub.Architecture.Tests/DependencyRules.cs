using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;

namespace Hub.Architecture.Tests;

/// <summary>The dependency rule of the repository as functions from a source tree to its violations (docs/adr/0001-layout.md).</summary>
internal static partial class DependencyRules
{
    private static readonly string[] CorePackages = ["NodaTime", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options"];
    private static readonly string[] SdkNamespaces = ["Stripe", "Azure.Data.Tables", "Azure.Storage.Queues", "Azure.Core", "Microsoft.Azure.Functions"];

    /// <summary>Which concepts a concept of the core may use; Audit and Queues are ports everyone may use.</summary>
    private static readonly Dictionary<string, string[]> Concepts = new(StringComparer.Ordinal)
    {
        ["Money"] = [],
        ["Time"] = [],
        ["Queues"] = [],
        ["Audit"] = [],
        ["Contracts"] = ["Money", "Time"],
        ["Invoices"] = ["Money", "Time"],
        ["Books"] = ["Money", "Time", "Contracts", "Invoices"],
        ["Collections"] = ["Money", "Time", "Contracts", "Invoices"],
        ["Reconciliation"] = ["Money", "Time", "Contracts", "Invoices"],
        ["StripeEvents"] = ["Money", "Time", "Contracts", "Invoices", "Collections", "Reconciliation"],
        ["Readiness"] = ["Money", "Time", "Contracts", "Invoices", "Collections", "Reconciliation", "StripeEvents"],
    };

    /// <summary>Rule 1: the core references NodaTime and the logging and options abstractions, nothing else.</summary>
    public static IEnumerable<string> CoreReferences(SourceTree tree) =>
        from project in tree.Projects("core")
        from reference in References(project)
        where !CorePackages.Contains(reference)
        select $"{project.Path} references {reference}";

    /// <summary>Rule 2: an adapter references the core and its own SDK, never another adapter.</summary>
    public static IEnumerable<string> AdapterReferences(SourceTree tree) =>
        from project in tree.Projects("adapters")
        from reference in References(project)
        where reference.Contains("adapters/", StringComparison.Ordinal) || reference.Contains("../Hub.", StringComparison.Ordinal)
            || reference.Contains("functions/", StringComparison.Ordinal) || reference.Contains("host/", StringComparison.Ordinal)
        where !reference.EndsWith("/Hub.Core.csproj", StringComparison.Ordinal)
        select $"{project.Path} references {reference}";

    /// <summary>Rule 2, second half: functions, host and command line never name an SDK's types of an adapter.</summary>
    public static IEnumerable<string> SdkTypesOutsideAdapters(SourceTree tree) =>
        from file in tree.CSharp("core", "functions", "cli", "bench")
        from line in file.Code
        let used = UsingDirective().Match(line.Line)
        where used.Success && SdkNamespaces.Any(sdk => IsWithin(used.Groups[1].Value, sdk))
        where !(file.Path.StartsWith("functions/", StringComparison.Ordinal) && IsWithin(used.Groups[1].Value, "Microsoft.Azure.Functions"))
        select $"{file.Path}:{line.Number} uses {used.Groups[1].Value}";

    /// <summary>Rule 3: a class with triggers decides nothing: no branch in its code.</summary>
    public static IEnumerable<string> BranchesInTriggers(SourceTree tree) =>
        from file in tree.CSharp("functions")
        where file.Text.Contains("[Function(", StringComparison.Ordinal)
        from line in file.Code
        where Branch().IsMatch(line.Line)
        select $"{file.Path}:{line.Number} decides: {line.Line.Trim()}";

    /// <summary>Rule 4: the sandbox shares no code with anything of ours.</summary>
    public static IEnumerable<string> SandboxReferences(SourceTree tree) =>
        from project in tree.Projects("sandbox")
        from reference in References(project)
        where reference.EndsWith(".csproj", StringComparison.Ordinal)
        select $"{project.Path} references {reference}";

    /// <summary>Rule 5: a static class of the core is a rule and sees no port, task, logger, clock or token; log extensions apart.</summary>
    public static IEnumerable<string> ImpureRules(IEnumerable<Type> types) =>
        from type in types
        where type is { IsAbstract: true, IsSealed: true } && type.Name != "Log"
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        from seen in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
        where SeesOutside(seen)
        select $"{type.FullName}.{method.Name} sees {seen.Name}";

    /// <summary>Rule 5, second half: concepts depend downwards only.</summary>
    public static IEnumerable<string> ConceptDirection(SourceTree tree) =>
        from file in tree.CSharp("core")
        let parts = file.Path.Split('/')
        where parts.Length > 2
        let concept = parts[1]
        from line in file.Code
        from Match match in CoreConcept().Matches(line.Line)
        let used = match.Groups[1].Value
        where used != concept && used is not ("Audit" or "Queues") && Concepts.ContainsKey(used)
        where !Concepts.GetValueOrDefault(concept, []).Contains(used)
        select $"{file.Path}:{line.Number} makes {concept} depend on {used}";

    /// <summary>No wall clock, unbounded wait or blocking call in product code; the time comes through TimeProvider.</summary>
    public static IEnumerable<string> WallClocks(SourceTree tree) =>
        from file in tree.CSharp("core", "adapters", "functions", "host")
        from line in file.Code
        where WallClock().IsMatch(line.Line)
        select $"{file.Path}:{line.Number} {line.Line.Trim()}";

    /// <summary>No binary floating point where money passes.</summary>
    public static IEnumerable<string> FloatingPoint(SourceTree tree) =>
        from file in tree.CSharp("core")
        from line in file.Code
        where Floating().IsMatch(line.Line)
        select $"{file.Path}:{line.Number} {line.Line.Trim()}";

    private static IEnumerable<string> References(SourceFile project) => XDocument.Parse(project.Text).Descendants()
        .Where(element => element.Name.LocalName is "ProjectReference" or "PackageReference")
        .Select(element => element.Attribute("Include")!.Value.Replace('\\', '/'));

    private static bool SeesOutside(Type type) =>
        type.IsAssignableTo(typeof(Task)) || type.IsAssignableTo(typeof(ILogger)) || type.IsAssignableTo(typeof(TimeProvider))
        || type == typeof(CancellationToken) || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() is { } open
            && (open == typeof(IAsyncEnumerable<>) || open == typeof(ValueTask<>)))
        || (type.IsInterface && type.Namespace?.StartsWith("Hub.Core", StringComparison.Ordinal) == true);

    private static bool IsWithin(string name, string space) =>
        name == space || name.StartsWith(space + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*(?:global )?using (?:static )?(?:\w+ = )?([\w.]+)")]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"\b(if|else|switch|for|foreach|while)\b|\s\?\s|\?\?")]
    private static partial Regex Branch();

    [GeneratedRegex(@"\bHub\.Core\.(\w+)")]
    private static partial Regex CoreConcept();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b|\bThread\.Sleep\b|\bSystemClock\.Instance\b|\.GetAwaiter\(\)\.GetResult\(\)|Task\.Delay\([^,()]*(\([^()]*\))?[^,()]*\)")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\b(double|float|Double|Single)\b(?!\s*quot)")]
    private static partial Regex Floating();
}
