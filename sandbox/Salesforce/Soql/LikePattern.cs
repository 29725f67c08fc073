using System.Text;
using System.Text.RegularExpressions;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>Text literals and the LIKE operator. A backslash before <c>\</c>, <c>%</c> or <c>_</c> takes that character literally.</summary>
public static class LikePattern
{
    public static string Plain(string literal) => Regex.Replace(literal, @"\\([\\%_])", "$1", RegexOptions.CultureInvariant);

    /// <summary>Whether the text matches: <c>%</c> is any run of characters, <c>_</c> exactly one, case does not count.</summary>
    public static bool Matches(string literal, string text)
    {
        var pattern = new StringBuilder(@"\A");
        for (var at = 0; at < literal.Length; at++)
        {
            pattern.Append(literal[at] switch
            {
                '\\' when at + 1 < literal.Length => Regex.Escape(literal[++at].ToString()),
                '%' => ".*",
                '_' => ".",
                var other => Regex.Escape(other.ToString()),
            });
        }

        const RegexOptions options = RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
        return Regex.IsMatch(text, pattern.Append(@"\z").ToString(), options);
    }
}
