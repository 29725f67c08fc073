using System.Text.Json.Nodes;

namespace Hub.Sandbox.Seed;

/// <summary>The committed part of the story: a catalogue, and deals small enough to be worked out by hand.</summary>
/// <remarks>Each file is a books file of its own, with the sandbox's start as the instant it is to be planned at.</remarks>
public static class Samples
{
    private const string Folder = "samples/";
    private const string CatalogueFile = "catalogue";

    /// <summary>Names of the deals, such as <c>annual-prepaid</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(Samples).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .Select(name => name[Folder.Length..^".json".Length])
        .Where(name => name != CatalogueFile)
        .Order(StringComparer.Ordinal)];

    /// <summary>The Salesforce records of a deal, by object.</summary>
    public static JsonObject Records(string name)
    {
        using var stream = typeof(Samples).Assembly.GetManifestResourceStream($"{Folder}{name}.json")
            ?? throw new ArgumentException($"There is no sample {name}.", nameof(name));
        return JsonNode.Parse(stream)!["salesforce"]!.DeepClone().AsObject();
    }

    /// <summary>Product2 and PricebookEntry records that every deal sells from.</summary>
    public static JsonObject Catalogue() => Records(CatalogueFile);
}
