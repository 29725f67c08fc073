using System.Reflection;
using System.Text.Json;
using Hub.Core.Money;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Architecture.Tests;

/// <summary>Rule 7: a setting exists in the code that reads it, in the sample file and in docs/settings.md, or nowhere.</summary>
public sealed class SettingsTests
{
    // Read by name and not through an options class: storage connection, clock and zone, and what the Functions host itself reads.
    private static readonly string[] ReadByName =
    [
        "HubStorage", "HubStorage__queueServiceUri", "HubStorage__tableServiceUri", "HubStorage__credential", "HubStorage__clientId",
        "Hub__BillingTimeZone", "Clock__FollowUrl",
        "Host__Address", "Host__Port", "Host__DrainSeconds", "Host__InvisibilitySeconds", "Host__FunctionKey", "Host__MasterKey",
    ];

    // Contracts reads the shared Hub:BillingTimeZone into its options.
    private const string SharedZone = "Contracts:BillingTimeZone";

    private static readonly SourceTree Repository = SourceTree.OfTheRepository();

    [Fact]
    public void The_sample_file_lists_every_setting_and_no_other() =>
        Assert.Equal(InCode().Order(StringComparer.Ordinal), InSample(Repository.Read("local.settings.sample.json")).Order(StringComparer.Ordinal));

    [Fact]
    public void Docs_explain_every_setting()
    {
        string docs = Repository.Read("docs/settings.md");
        Assert.Empty(Unexplained(docs, InCode()));
        Assert.Equal(["Planted__Setting"], Unexplained(docs, ["Planted__Setting"]));
    }

    [Fact]
    public void The_sample_file_holds_no_secret()
    {
        using JsonDocument sample = JsonDocument.Parse(Repository.Read("local.settings.sample.json"));
        string[] secrets = ["Stripe__ApiKey", "Stripe__WebhookSecret", "Salesforce__PrivateKeyPem", "Salesforce__ClientSecret", "Mail__SmtpPassword", "Preview__LinkKey"];
        Assert.All(secrets, name => Assert.Equal("", sample.RootElement.GetProperty("Values").GetProperty(name).GetString()));
    }

    private static string[] Unexplained(string docs, IEnumerable<string> settings) =>
        [.. settings.Where(setting => !docs.Contains($"`{setting}`", StringComparison.Ordinal))];

    private static IEnumerable<string> InSample(string json)
    {
        using JsonDocument sample = JsonDocument.Parse(json);
        return [.. sample.RootElement.GetProperty("Values").EnumerateObject().Select(setting => setting.Name)];
    }

    private static IEnumerable<string> InCode()
    {
        Assembly[] assemblies = [typeof(Amount).Assembly, .. Adapters(), typeof(Hub.Functions.HubServices).Assembly, typeof(Hub.Host.Queues.QueuesOptions).Assembly];
        return ReadByName.Concat(assemblies.SelectMany(Options)).Concat(Schedules()).Distinct();
    }

    private static IEnumerable<Assembly> Adapters() => typeof(Hub.Functions.HubServices).Assembly.GetReferencedAssemblies()
        .Where(name => name.Name!.StartsWith("Hub.", StringComparison.Ordinal) && name.Name != "Hub.Core")
        .Select(Assembly.Load);

    private static IEnumerable<string> Options(Assembly assembly) =>
        from type in assembly.GetTypes()
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
        where section is not null && type.Name.EndsWith("Options", StringComparison.Ordinal)
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite && IsOneValue(property.PropertyType) && $"{section}:{property.Name}" != SharedZone
        select Setting(section, property.Name);

    // Lists and maps have an entry per key; docs/settings.md explains them in words.
    private static bool IsOneValue(Type type) => type == typeof(string) || type.IsValueType;

    // The Functions host's own section is written the way its documentation writes it.
    private static string Setting(string section, string property) => section.StartsWith("AzureFunctionsJobHost", StringComparison.Ordinal)
        ? $"{section.Replace(":", "__", StringComparison.Ordinal)}__{char.ToLowerInvariant(property[0])}{property[1..]}"
        : $"{section.Replace(":", "__", StringComparison.Ordinal)}__{property}";

    private static IEnumerable<string> Schedules() =>
        from type in typeof(Hub.Functions.HubServices).Assembly.GetTypes()
        from method in type.GetMethods()
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<TimerTriggerAttribute>()
        where trigger is not null
        select trigger.Schedule.Trim('%');
}
