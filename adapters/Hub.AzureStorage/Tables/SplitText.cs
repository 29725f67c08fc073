using System.Text;
using Azure.Data.Tables;

namespace Hub.AzureStorage.Tables;

/// <summary>Text longer than a property may be, kept in several: <c>Plan</c>, or <c>Plan0</c>, <c>Plan1</c> …</summary>
/// <remarks>A string property holds 64 KiB in UTF-16, which is 32,768 characters; the whole entity 1 MiB. Write such entities in replace mode only.</remarks>
internal static class SplitText
{
    /// <summary>Characters per property; a little below the limit, because a pair of surrogates is never parted.</summary>
    public const int Part = 32_000;

    public static void Put(TableEntity entity, string name, string? text)
    {
        if (text is null)
        {
            return;
        }

        if (text.Length <= Part)
        {
            entity[name] = text;
            return;
        }

        foreach ((int index, string part) in Cut(text, Part).Index())
        {
            entity[$"{name}{index}"] = part;
        }
    }

    public static string? Get(TableEntity entity, string name)
    {
        if (entity.GetString(name) is { } whole)
        {
            return whole;
        }

        var text = new StringBuilder();
        for (int index = 0; entity.GetString($"{name}{index}") is { } part; index++)
        {
            text.Append(part);
        }

        return text.Length == 0 ? null : text.ToString();
    }

    /// <summary>Parts of at most <paramref name="length"/> characters; at least one.</summary>
    public static IEnumerable<string> Cut(string text, int length)
    {
        int start = 0;
        do
        {
            int end = Math.Min(start + length, text.Length);
            end -= end < text.Length && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
            yield return text[start..end];
            start = end;
        }
        while (start < text.Length);
    }
}
