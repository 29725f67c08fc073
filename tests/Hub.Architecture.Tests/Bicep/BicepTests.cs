using System.Text.Json;
using Hub.AzureStorage;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Architecture.Tests.Bicep;

/// <summary>The deployment declares what the code uses, in a form the platform takes. Each rule is seen to fail on a planted file.</summary>
public sealed class BicepTests
{
    private static readonly SourceTree Repository = SourceTree.OfTheRepository();
    private static readonly BicepSource[] Files = Load();

    /// <summary>Settings of the sample that a deployment in Azure must not have.</summary>
    private static readonly string[] LocalOnly =
    [
        "HubStorage", // a connection string would win over the identity
        "Clock__FollowUrl", // refused outside Development
        "Salesforce__ClientSecret", // the deployment signs in with the private key
        "Mail__OutboxPath", // an instance's disk is not an outbox
        "Collections__Steps", // a list: single steps are extraSettings, such as Collections__Steps__0__Key
        "Host__Address", "Host__Port", "Host__DrainSeconds", "Host__InvisibilitySeconds", // stand-alone mode; in Azure the Functions host does this
        "Host__FunctionKey", "Host__MasterKey", // the Functions host keeps keys of its own
    ];

    [Fact]
    public void Every_queue_of_the_code_is_declared_with_its_poison_twin()
    {
        string storage = Repository.Read("infra/bicep/modules/storage.bicep");

        Assert.Equal(QueueNames.All.Order(StringComparer.Ordinal), ListOf(storage, "queueNames").Order(StringComparer.Ordinal));
        Assert.Contains("map(queueNames, queueName => [queueName, '${queueName}-poison'])", storage, StringComparison.Ordinal);
        Assert.Equal("contract-sync-poison", QueueNames.PoisonOf("contract-sync"));
    }

    [Fact]
    public void Every_table_of_the_code_is_declared() => Assert.Equal(
        TableNames.All.Order(StringComparer.Ordinal),
        ListOf(Repository.Read("infra/bicep/modules/storage.bicep"), "tableNames").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_setting_of_the_sample_is_deployed()
    {
        string[] deployed = [.. Deployed()];

        Assert.Empty(Sample().Keys.Except(LocalOnly).Except(deployed));
        Assert.Empty(LocalOnly.Intersect(deployed));
    }

    [Fact]
    public void Defaults_of_the_deployment_are_those_of_the_sample()
    {
        Dictionary<string, string> sample = Sample();
        string defaults = Repository.Read("infra/bicep/settings.bicep").Split("var hubDefaults = {")[1];
        (string Name, string Value)[] deployed =
        [
            .. System.Text.RegularExpressions.Regex.Matches(defaults, @"^  (\w+): '([^']*)'$", System.Text.RegularExpressions.RegexOptions.Multiline)
                .Select(match => (match.Groups[1].Value, match.Groups[2].Value)),
        ];

        Assert.Equal(BicepSource.Properties(defaults).Count(), deployed.Length);
        Assert.All(deployed, setting => Assert.Equal((setting.Name, sample.GetValueOrDefault(setting.Name)), (setting.Name, setting.Value)));
    }

    [Fact]
    public void Every_schedule_of_a_timer_is_deployed()
    {
        string[] schedules =
        [
            .. from type in typeof(Hub.Functions.HubServices).Assembly.GetTypes()
               from method in type.GetMethods()
               from parameter in method.GetParameters()
               from trigger in parameter.GetCustomAttributes(typeof(TimerTriggerAttribute), inherit: false).Cast<TimerTriggerAttribute>()
               select trigger.Schedule.Trim('%'),
        ];

        Assert.NotEmpty(schedules);
        Assert.Empty(schedules.Except(Deployed()));
    }

    [Theory]
    [InlineData("Stripe__ApiKey", "stripe-api-key")]
    [InlineData("Stripe__WebhookSecret", "stripe-webhook-secret")]
    [InlineData("Salesforce__PrivateKeyPem", "salesforce-private-key")]
    [InlineData("Mail__SmtpPassword", "smtp-password")]
    public void Secrets_are_versionless_references_to_the_vault(string setting, string secret) => Assert.Matches(
        $@"{setting}: (empty\(smtpUsername\) \? '' : )?'@Microsoft\.KeyVault\(SecretUri=\$\{{vault\.outputs\.uri\}}secrets/{secret}/\)'",
        Repository.Read("infra/bicep/main.bicep"));

    [Theory]
    [InlineData("modules/storage.bicep", "allowSharedKeyAccess: false")]
    [InlineData("modules/storage.bicep", "allowBlobPublicAccess: false")]
    [InlineData("modules/storage.bicep", "minimumTlsVersion: 'TLS1_2'")]
    [InlineData("modules/key-vault.bicep", "enableRbacAuthorization: true")]
    [InlineData("modules/key-vault.bicep", "enablePurgeProtection: true")]
    [InlineData("modules/monitoring.bicep", "DisableLocalAuth: true")]
    [InlineData("modules/function-app.bicep", "name: 'FC1'")]
    [InlineData("modules/function-app.bicep", "version: runtimeName == 'custom' ? '1.0' : '10.0'")]
    [InlineData("modules/function-app.bicep", "keyVaultReferenceIdentity: identityResourceId")]
    [InlineData("modules/function-app.bicep", "httpsOnly: true")]
    [InlineData("modules/function-app.bicep", "ftpsState: 'Disabled'")]
    public void Safe_choices_stay_made(string file, string line) => Assert.Contains(line, Files.Single(candidate => candidate.Path == file).Code, StringComparison.Ordinal);

    [Fact]
    public void Identity_gets_the_five_roles_it_needs_and_no_other()
    {
        string[] roles = [.. Files.SelectMany(file => System.Text.RegularExpressions.Regex.Matches(
            file.Code, "'([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})'").Select(match => match.Groups[1].Value)).Order(StringComparer.Ordinal)];

        Assert.Equal(
            [
                "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", // Storage Table Data Contributor
                "3913510d-42f4-4e42-8a64-420c390055eb", // Monitoring Metrics Publisher
                "4633458b-17de-408a-b874-0445c86b69e6", // Key Vault Secrets User
                "974c5e8b-45b9-4653-ba55-5f855dd0fb88", // Storage Queue Data Contributor
                "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", // Storage Blob Data Owner
            ],
            roles);
    }

    [Fact]
    public void Files_keep_the_rules() => Assert.Empty(
        Files.SelectMany(file => file.BracketDefects())
            .Concat(BicepRules.OneVersionPerType(Files))
            .Concat(BicepRules.EveryResourceHasAStableVersion(Files))
            .Concat(BicepRules.Described(Files))
            .Concat(BicepRules.NothingUnused(Files))
            .Concat(BicepRules.ModulesFit(Files))
            .Concat(BicepRules.NoSecrets(Files))
            .Concat(BicepRules.NothingFlexRefuses(Files))
            .Concat(BicepRules.RolesAreNarrow(Files)));

    [Fact]
    public void Main_has_no_resource_of_its_own() => Assert.Empty(MainFile().Of("resource"));

    [Fact]
    public void Development_parameters_fit_the_template()
    {
        string parameters = Repository.Read("infra/bicep/main.dev.bicepparam");

        Assert.StartsWith("using 'main.bicep'", parameters, StringComparison.Ordinal);
        Assert.Empty(BicepRules.ParametersFit(parameters, MainFile()));
        Assert.Equal(
            ["unknown parameter planted", "parameter environmentName is missing"],
            BicepRules.ParametersFit(parameters.Replace("param environmentName", "param planted", StringComparison.Ordinal), MainFile()));
    }

    [Fact]
    public void Configuration_of_the_linter_is_readable_json()
    {
        using JsonDocument configuration = JsonDocument.Parse(Repository.Read("infra/bicep/bicepconfig.json"));

        Assert.True(configuration.RootElement.GetProperty("analyzers").GetProperty("core").GetProperty("enabled").GetBoolean());
    }

    [Theory]
    [InlineData("var a = 'x'\n", "never used")]
    [InlineData("param a string\nvar b = '${a}'\noutput c string = b\n", "no description")]
    [InlineData("resource a 'Microsoft.X/y@2024-01-01-preview' = {}\n", "no stable version")]
    [InlineData("resource a 'Microsoft.X/y@2024-01-01' = {}\nresource b 'Microsoft.X/y@2023-01-01' = {}\n", "several versions")]
    [InlineData("module m 'nowhere.bicep' = {}\n", "does not exist")]
    [InlineData("module m 'part.bicep' = {\n  params: {\n    wrong: 1\n  }\n}\n", "unknown parameter wrong")]
    [InlineData("module m 'part.bicep' = {\n  params: {}\n}\n", "lacks parameter right")]
    [InlineData("module m 'part.bicep' = {\n  params: {\n    right: 1\n  }\n}\noutput o string = m.outputs.none\n", "no output none")]
    [InlineData("output k string = s.listKeys().keys[0].value\n", "looks like a secret")]
    [InlineData("var s = {\n  WEBSITE_TIME_ZONE: 'x'\n}\n", "does not exist on Flex")]
    [InlineData("resource r 'Microsoft.Authorization/roleAssignments@2022-04-01' = {\n  name: guid(resourceGroup().id, principalId)\n}\n", "role assignment r")]
    [InlineData("var a = [\n  'x'\n", "never closed")]
    [InlineData("var a = 'x ${b)} y'\n", "closes nothing")]
    public void Planted_defect_is_found(string text, string defect)
    {
        BicepSource[] planted = [BicepSource.Parse("planted.bicep", text), BicepSource.Parse("part.bicep", "@description('x')\nparam right int\n@description('x')\noutput out int = right\n")];

        string[] found =
        [
            .. planted[0].BracketDefects(), .. BicepRules.OneVersionPerType(planted), .. BicepRules.EveryResourceHasAStableVersion(planted),
            .. BicepRules.Described(planted), .. BicepRules.NothingUnused(planted), .. BicepRules.ModulesFit(planted), .. BicepRules.NoSecrets(planted),
            .. BicepRules.NothingFlexRefuses(planted), .. BicepRules.RolesAreNarrow(planted),
        ];

        Assert.Contains(found, sentence => sentence.Contains(defect, StringComparison.Ordinal));
    }

    [Fact]
    public void Quotes_comments_and_interpolation_are_read_as_Bicep_reads_them()
    {
        BicepSource file = BicepSource.Parse("x.bicep", "// param gone string\nvar a = 'it\\'s {not} a bracket ${union({ b: 'c' }, d)} // kept'\n");

        Assert.Empty(file.BracketDefects());
        Assert.Equal(["a"], file.Declarations.Select(declaration => declaration.Name));
        Assert.Equal(["var", "a", "union", "b", "d"], BicepSource.Mentions(file.Code));
    }

    private static BicepSource MainFile() => Files.Single(file => file.Path == "main.bicep");

    private static BicepSource[] Load()
    {
        string folder = System.IO.Path.Combine(Repository.Root, "infra", "bicep");
        return
        [
            .. Directory.EnumerateFiles(folder, "*.bicep", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(file => BicepSource.Parse(System.IO.Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText(file))),
        ];
    }

    /// <summary>Names of the app settings: the defaults, what main adds, and what belongs to the platform.</summary>
    private static IEnumerable<string> Deployed() => ((string[])["settings.bicep", "main.bicep", "modules/function-app.bicep"])
        .SelectMany(path => BicepSource.Properties(Files.Single(file => file.Path == path).Code))
        .Distinct();

    private static Dictionary<string, string> Sample()
    {
        using JsonDocument sample = JsonDocument.Parse(Repository.Read("local.settings.sample.json"));
        return sample.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!);
    }

    private static IEnumerable<string> ListOf(string bicep, string name) => bicep.Split($"var {name} = [")[1].Split(']')[0]
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Trim('\''));
}
