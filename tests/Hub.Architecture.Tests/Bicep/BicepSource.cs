using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Hub.Architecture.Tests.Bicep;

/// <summary>A Bicep file as far as rules about it need: declarations with their text, comments taken out. No compiler: what it reads, it reads by shape.</summary>
internal sealed partial class BicepSource
{
    private BicepSource(string path, string code)
    {
        Path = path;
        Code = code;
        Declarations = [.. Read(code)];
    }

    /// <summary>Relative to <c>infra/bicep</c>.</summary>
    public string Path { get; }

    /// <summary>The text without comments.</summary>
    public string Code { get; }

    public ImmutableArray<Declaration> Declarations { get; }

    public IEnumerable<Declaration> Of(string keyword) => Declarations.Where(declaration => declaration.Keyword == keyword);

    public static BicepSource Parse(string path, string text) => new(path, WithoutComments(text));

    /// <summary>Brackets that do not match, with the line; empty when all do. Text in quotes does not count, <c>${…}</c> inside it does.</summary>
    public IEnumerable<string> BracketDefects()
    {
        Stack<(char Open, int Line)> open = new();
        int line = 1;
        foreach (char character in Skeleton(Code))
        {
            line += character == '\n' ? 1 : 0;
            if ("([{".Contains(character, StringComparison.Ordinal))
            {
                open.Push((character, line));
            }
            else if (")]}".IndexOf(character, StringComparison.Ordinal) is >= 0 and var kind && (open.Count == 0 || open.Pop().Open != "([{"[kind]))
            {
                yield return $"{Path}:{line} {character} closes nothing";
            }
        }

        foreach ((char bracket, int at) in open)
        {
            yield return $"{Path}:{at} {bracket} is never closed";
        }
    }

    /// <summary>Names this declaration's text mentions outside of quotes, member names after a dot left out.</summary>
    public static IEnumerable<string> Mentions(string code) => Name().Matches(Skeleton(code)).Select(match => match.Value);

    /// <summary>Names of the properties written in the text, quoted ones included, at any depth.</summary>
    public static IEnumerable<string> Properties(string code) => Property().Matches(code).Select(match => match.Groups[1].Value);

    private static IEnumerable<Declaration> Read(string code)
    {
        Match[] starts = [.. Start().Matches(code).Cast<Match>()];
        for (int at = 0; at < starts.Length; at++)
        {
            int end = at + 1 < starts.Length ? starts[at + 1].Index : code.Length;
            string body = code[starts[at].Index..end];
            string[] lines = code[..starts[at].Index].TrimEnd().Split('\n');
            bool described = lines.Reverse().TakeWhile(line => line.Trim().Length > 0).Any(line => line.StartsWith("@description(", StringComparison.Ordinal));
            yield return new(starts[at].Groups[1].Value, starts[at].Groups[2].Value, starts[at].Groups[3].Value, body, described);
        }
    }

    private static string WithoutComments(string text)
    {
        var code = new StringBuilder(text.Length);
        bool quoted = false;
        for (int at = 0; at < text.Length; at++)
        {
            if (!quoted && text[at] == '/' && at + 1 < text.Length && text[at + 1] == '/')
            {
                at = text.IndexOf('\n', at) is >= 0 and var end ? end - 1 : text.Length;
                continue;
            }

            if (quoted && text[at] == '\\')
            {
                code.Append(text[at++]);
            }
            else if (text[at] == '\'')
            {
                quoted = !quoted;
            }

            code.Append(text[at]);
        }

        return code.ToString();
    }

    /// <summary>The text with everything in quotes blanked, except the expressions that are interpolated.</summary>
    private static string Skeleton(string code)
    {
        var skeleton = new StringBuilder(code.Length);
        Stack<int> strings = new();
        int depth = 0;
        for (int at = 0; at < code.Length; at++)
        {
            bool inText = strings.Count > 0 && strings.Peek() == depth;
            if (inText && code[at] == '\\')
            {
                skeleton.Append("  ");
                at++;
            }
            else if (inText && code[at] == '$' && at + 1 < code.Length && code[at + 1] == '{')
            {
                skeleton.Append(" {");
                depth++;
                at++;
            }
            else if (code[at] == '\'')
            {
                skeleton.Append(' ');
                if (inText)
                {
                    strings.Pop();
                }
                else
                {
                    strings.Push(depth);
                }
            }
            else
            {
                depth += inText ? 0 : code[at] switch { '{' => 1, '}' => -1, _ => 0 };
                skeleton.Append(inText && code[at] != '\n' ? ' ' : code[at]);
            }
        }

        return skeleton.ToString();
    }

    [GeneratedRegex(@"^(param|var|output|resource|module|type)\s+(\w+)\s*(?:'([^']*)')?", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Start();

    [GeneratedRegex(@"(?<![.\w@])[A-Za-z_]\w*", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\s*'?([A-Za-z_][\w.\-]*)'?\s*:", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Property();
}

/// <param name="Keyword">param, var, output, resource, module or type.</param>
/// <param name="Target">The quoted text after the name: resource type with version, or module path; empty without one.</param>
/// <param name="Text">From the keyword to the next declaration.</param>
/// <param name="Described">Carries a <c>@description</c>.</param>
internal sealed record Declaration(string Keyword, string Name, string Target, string Text, bool Described)
{
    /// <summary>A parameter that need not be given.</summary>
    public bool HasDefault => Text.Split('\n')[0].Contains(" = ", StringComparison.Ordinal);
}
