using System.Text.Json;

namespace Hub.Sdk.StripeGenerator;

/// <summary>What of the published package is bundled: operations per service, fields per class, events by prefix.</summary>
public sealed record Whitelist(
    IReadOnlyDictionary<string, string[]> Operations,
    IReadOnlyDictionary<string, string[]> Options,
    IReadOnlyDictionary<string, string[]> Entities,
    IReadOnlyList<string> EventPrefixes)
{
    /// <exception cref="JsonException">The text is not a whitelist.</exception>
    public static Whitelist Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new Whitelist(Read(root, "operations"), Read(root, "options"), Read(root, "entities"), Words(root.GetProperty("events")));
    }

    private static Dictionary<string, string[]> Read(JsonElement root, string section) =>
        root.GetProperty(section).EnumerateObject().ToDictionary(member => member.Name, member => Words(member.Value));

    private static string[] Words(JsonElement value) =>
        (value.GetString() ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
