using Hub.Sdk.StripeGenerator;

namespace Hub.Sdk.Tests.StripeNet;

public sealed class GeneratedCodeTests
{
    private static readonly string Sdk = Path.Combine(Root(), "sdk");

    [Fact]
    public void The_committed_classes_are_what_the_generator_writes()
    {
        var description = ApiDescription.Parse(File.ReadAllText(Path.Combine(Sdk, "Stripe.net.Generator", "api.json")));
        var committed = Directory.GetFiles(Path.Combine(Sdk, "Stripe.net", "Generated"), "*.cs")
            .ToDictionary(file => Path.GetFileName(file), file => File.ReadAllText(file).ReplaceLineEndings("\n"));

        var generated = Generator.Generate(description);

        Assert.Equal(generated.Keys, committed.Keys.Order(StringComparer.Ordinal));
        Assert.All(generated, file => Assert.Equal(file.Value, committed[file.Key]));
    }

    [Fact]
    public void The_description_holds_what_the_whitelist_names_and_nothing_else()
    {
        var whitelist = Whitelist.Parse(File.ReadAllText(Path.Combine(Sdk, "Stripe.net.Generator", "whitelist.json")));
        var description = ApiDescription.Parse(File.ReadAllText(Path.Combine(Sdk, "Stripe.net.Generator", "api.json")));

        Assert.Equal(Flat(whitelist.Options), Flat(description.Options));
        Assert.Equal(Flat(whitelist.Entities), Flat(description.Entities));
        Assert.Equal(
            whitelist.Operations.SelectMany(service => service.Value.Select(method => $"{service.Key}.{method}")).Order(StringComparer.Ordinal),
            description.Services.SelectMany(service => service.Value.Operations.Select(o => $"{service.Key}.{o.Name}")).Order(StringComparer.Ordinal));
    }

    private static string[] Flat(IReadOnlyDictionary<string, string[]> whitelist) =>
        [.. whitelist.SelectMany(type => type.Value.Select(field => $"{type.Key}.{field}").Append(type.Key)).Order(StringComparer.Ordinal)];

    private static string[] Flat(SortedDictionary<string, ClassDescription> classes) =>
        [.. classes.SelectMany(type => type.Value.Fields.Keys.Select(field => $"{type.Key}.{field}").Append(type.Key)).Order(StringComparer.Ordinal)];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Hub.sln is not above the test output.");
        }

        return folder.FullName;
    }
}
