using System.Text.RegularExpressions;

namespace Hub.Architecture.Tests.Bicep;

/// <summary>What a compiler or a reviewer would object to; each rule returns sentences, none when all is well.</summary>
internal static partial class BicepRules
{
    /// <summary>Settings the Flex Consumption plan refuses or ignores. Source: Microsoft Learn, Flex Consumption plan.</summary>
    private static readonly string[] NotOnFlex =
    [
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTSHARE", "SCM_DO_BUILD_DURING_DEPLOYMENT", "ENABLE_ORYX_BUILD", "WEBSITE_TIME_ZONE", "TZ",
        "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "FUNCTIONS_WORKER_PROCESS_COUNT", "WEBSITE_VNET_ROUTE_ALL",
    ];

    public static IEnumerable<string> OneVersionPerType(IEnumerable<BicepSource> files) =>
        from file in files
        from resource in file.Of("resource")
        group resource.Target by resource.Target.Split('@')[0] into versions
        where versions.Distinct().Count() > 1
        select $"{versions.Key} is used in several versions: {string.Join(", ", versions.Distinct())}";

    public static IEnumerable<string> EveryResourceHasAStableVersion(IEnumerable<BicepSource> files) =>
        from file in files
        from resource in file.Of("resource")
        where !Versioned().IsMatch(resource.Target)
        select $"{file.Path}: {resource.Name} '{resource.Target}' has no stable version";

    public static IEnumerable<string> Described(IEnumerable<BicepSource> files) =>
        from file in files
        from declaration in file.Of("param").Concat(file.Of("output"))
        where !declaration.Described
        select $"{file.Path}: {declaration.Keyword} {declaration.Name} has no description";

    public static IEnumerable<string> NothingUnused(IEnumerable<BicepSource> files) =>
        from file in files
        from declaration in file.Of("param").Concat(file.Of("var"))
        where !file.Code.Contains($"@export()", StringComparison.Ordinal) && BicepSource.Mentions(file.Code).Count(name => name == declaration.Name) < 2
        select $"{file.Path}: {declaration.Keyword} {declaration.Name} is never used";

    /// <summary>Modules exist, get every parameter they need and none they lack, and have the outputs that are read.</summary>
    public static IEnumerable<string> ModulesFit(IReadOnlyList<BicepSource> files)
    {
        foreach ((BicepSource file, Declaration module) in files.SelectMany(file => file.Of("module").Select(module => (file, module))))
        {
            BicepSource? target = files.FirstOrDefault(candidate => candidate.Path == module.Target);
            if (target is null)
            {
                yield return $"{file.Path}: module {module.Name} points at {module.Target}, which does not exist";
                continue;
            }

            string[] given = [.. TopLevel(module.Text, "params")];
            string[] known = [.. target.Of("param").Select(param => param.Name)];
            string[] needed = [.. target.Of("param").Where(param => !param.HasDefault).Select(param => param.Name)];
            string[] read = [.. OutputRead(module.Name).Matches(file.Code).Select(match => match.Groups[1].Value).Distinct()];
            foreach (string defect in
                given.Except(known).Select(name => $"gets unknown parameter {name}")
                    .Concat(needed.Except(given).Select(name => $"lacks parameter {name}"))
                    .Concat(read.Except(target.Of("output").Select(output => output.Name)).Select(name => $"has no output {name}")))
            {
                yield return $"{file.Path}: module {module.Name} {defect}";
            }
        }
    }

    public static IEnumerable<string> ParametersFit(string parameterFile, BicepSource main)
    {
        string[] given = [.. ParameterGiven().Matches(parameterFile).Select(match => match.Groups[1].Value)];
        return given.Except(main.Of("param").Select(param => param.Name)).Select(name => $"unknown parameter {name}")
            .Concat(main.Of("param").Where(param => !param.HasDefault).Select(param => param.Name).Except(given).Select(name => $"parameter {name} is missing"));
    }

    public static IEnumerable<string> NoSecrets(IEnumerable<BicepSource> files) =>
        from file in files
        from Match match in Secret().Matches(file.Code)
        select $"{file.Path}: {match.Value[..Math.Min(24, match.Length)]}… looks like a secret or a way to one";

    public static IEnumerable<string> NothingFlexRefuses(IEnumerable<BicepSource> files) =>
        from file in files
        from name in BicepSource.Properties(file.Code)
        where NotOnFlex.Contains(name)
        select $"{file.Path}: {name} does not exist on Flex Consumption";

    /// <summary>Role assignments with a name known before the deployment and a scope no wider than a resource.</summary>
    public static IEnumerable<string> RolesAreNarrow(IEnumerable<BicepSource> files) =>
        from file in files
        from role in file.Of("resource")
        where role.Target.StartsWith("Microsoft.Authorization/roleAssignments@", StringComparison.Ordinal)
        let scoped = Scope().Match(role.Text) is { Success: true } scope && file.Of("resource").Any(resource => resource.Name == scope.Groups[1].Value)
        let named = role.Text.Contains("name: guid(", StringComparison.Ordinal) && !NameOfRole().Match(role.Text).Value.Contains("principalId", StringComparison.Ordinal)
        where !scoped || !named || !role.Text.Contains("principalType: 'ServicePrincipal'", StringComparison.Ordinal)
        select $"{file.Path}: role assignment {role.Name} needs a resource as scope, a guid() of ids as name and a principal type";

    /// <summary>Names directly inside <c>key: { … }</c>.</summary>
    private static IEnumerable<string> TopLevel(string text, string key)
    {
        int start = text.IndexOf($"{key}: {{", StringComparison.Ordinal);
        if (start < 0)
        {
            yield break;
        }

        int depth = 0;
        foreach (string line in text[start..].Split('\n'))
        {
            if (depth == 1 && PropertyStart().Match(line) is { Success: true } match)
            {
                yield return match.Groups[1].Value;
            }

            depth += line.Count(character => "{([".Contains(character, StringComparison.Ordinal)) - line.Count(character => "})]".Contains(character, StringComparison.Ordinal));
            if (depth == 0)
            {
                yield break;
            }
        }
    }

    private static Regex OutputRead(string module) => new($@"\b{module}\.outputs\.(\w+)", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^Microsoft\.[\w./]+@\d{4}-\d{2}-\d{2}$", RegexOptions.CultureInvariant)]
    private static partial Regex Versioned();

    [GeneratedRegex(@"^param\s+(\w+)\s*=", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ParameterGiven();

    [GeneratedRegex(@"listKeys|listAccountSas|AccountKey=|SharedAccessKey|sk_(live|test)_|rk_(live|test)_|whsec_|-----BEGIN|@secure\(\)", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex(@"^\s+scope: (\w+)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Scope();

    [GeneratedRegex(@"name: guid\([^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex NameOfRole();

    [GeneratedRegex(@"^\s*(\w+)\s*:", RegexOptions.CultureInvariant)]
    private static partial Regex PropertyStart();
}
