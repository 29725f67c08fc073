using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Books;

/// <summary>Reads JSON values and notes, for each that is not what was expected, one line with file, path and expectation.</summary>
internal sealed class BooksDefects(string file)
{
    private const int LongestQuote = 40;

    private readonly ImmutableArray<string>.Builder _lines = ImmutableArray.CreateBuilder<string>();

    public ImmutableArray<string> All => _lines.ToImmutable();

    public bool Any => _lines.Count > 0;

    public void Add(string path, string expected, JsonElement? found = null) =>
        _lines.Add($"{file}: {path}: {expected} was expected{(found is { } value ? $", found {Quote(value)}" : "")}");

    public void AddText(string line) => _lines.Add($"{file}: {line}");

    /// <summary>A member of the given kind; null when absent or null, or wrong (then noted).</summary>
    public JsonElement? Member(JsonElement parent, string name, JsonValueKind kind, string path, string expected)
    {
        if (!parent.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == kind)
        {
            return value;
        }

        Add($"{path}.{name}", expected, value);
        return null;
    }

    /// <summary>The objects of a list with their paths; empty when the list is absent.</summary>
    public IEnumerable<(JsonElement Json, string Path)> Objects(JsonElement parent, string name, string path)
    {
        if (Member(parent, name, JsonValueKind.Array, path, "a list") is not { } list)
        {
            yield break;
        }

        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string itemPath = string.Create(CultureInfo.InvariantCulture, $"{path}.{name}[{index++}]");
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return (item, itemPath);
            }
            else
            {
                Add(itemPath, "an object", item);
            }
        }
    }

    public static Instant? Instant(string? text) => Instants.Parse(text);

    private static string Quote(JsonElement value)
    {
        string text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";
    }
}
