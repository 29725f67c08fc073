using System.Text.Json;

namespace Hub.Host.Startup;

/// <summary>Reads <c>local.settings.json</c>, the local stand-in for app settings; the environment wins over it.</summary>
internal static class LocalSettings
{
    public const string FileName = "local.settings.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <returns>Settings as configuration keys; empty when there is no file. A file that cannot be read is a defect.</returns>
    public static Dictionary<string, string?> Read(string folder, List<string> defects)
    {
        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return [];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file), Lenient);
            return document.RootElement.TryGetProperty("Values", out JsonElement values)
                ? values.EnumerateObject().ToDictionary(
                    value => value.Name.Replace("__", ":", StringComparison.Ordinal),
                    value => value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString() : value.Value.GetRawText(),
                    StringComparer.OrdinalIgnoreCase)
                : [];
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or IOException or ArgumentException)
        {
            defects.Add($"{FileName} cannot be read: {unreadable.Message}");
            return [];
        }
    }
}
