using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>The outcome of looking for the signed document among the files of an opportunity.</summary>
public abstract record SignedFileChoice
{
    private SignedFileChoice()
    {
    }

    /// <summary>No text is attached.</summary>
    public sealed record None : SignedFileChoice;

    public sealed record Chosen(AttachedFile File) : SignedFileChoice;

    /// <param name="Reason">A clause such as "two text files are attached".</param>
    public sealed record Unclear(string Reason) : SignedFileChoice;
}

/// <summary>Which attached file is the text of the signed document.</summary>
public static partial class SignedFiles
{
    /// <summary>The only text file; of several, the only one with the word "signed" in its title. Nothing is guessed.</summary>
    public static SignedFileChoice Choose(ImmutableArray<AttachedFile> files)
    {
        AttachedFile[] texts = [.. files.Where(IsText)];
        AttachedFile[] signed = [.. texts.Where(file => Signed().IsMatch(file.Title))];
        return texts.Length == 0 ? new SignedFileChoice.None()
            : (texts.Length == 1 ? texts : signed) is [var one] ? Readable(one)
            : new SignedFileChoice.Unclear($"{texts.Length} text files are attached and {(signed.Length == 0 ? "none is" : "more than one is")} named as the signed one");
    }

    private static SignedFileChoice Readable(AttachedFile file) => file.Size <= DocumentText.MostBytes
        ? new SignedFileChoice.Chosen(file)
        : new SignedFileChoice.Unclear($"'{file.Title}' is larger than 1 MB");

    private static bool IsText(AttachedFile file) =>
        string.Equals(file.Extension, "txt", StringComparison.OrdinalIgnoreCase)
        || string.Equals(file.FileType, "TEXT", StringComparison.OrdinalIgnoreCase)
        || file.Title.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(^|[\W_])(signed|countersigned|executed|unterschrieben)([\W_]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Signed();
}
