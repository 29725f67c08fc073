using System.Text.RegularExpressions;

namespace Hub.Host.Catalog;

/// <summary>Replaces <c>%Setting%</c> in trigger values by the setting's value, as the Functions host does at indexing.</summary>
internal static partial class SettingExpressions
{
    /// <returns>The text with every expression replaced, and the names of settings that are missing or empty.</returns>
    public static (string Text, IReadOnlyList<string> Missing) Resolve(string text, IConfiguration configuration)
    {
        List<string> missing = [];
        string resolved = Expression().Replace(text, match =>
        {
            string name = match.Groups[1].Value;
            string? value = configuration[name.Replace("__", ":", StringComparison.Ordinal)];
            if (string.IsNullOrWhiteSpace(value))
            {
                missing.Add(name);
            }

            return value ?? match.Value;
        });
        return (resolved, missing);
    }

    /// <summary>The settings a text refers to.</summary>
    public static IReadOnlyList<string> Names(string text) => [.. Expression().Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Expression();
}
