using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Hub.Functions.Contracts;

/// <summary>How a preview is opened in a browser. Section <c>Preview</c>.</summary>
public sealed class PreviewOptions
{
    public const string Section = "Preview";

    /// <summary>Origins that may show the page in a frame, comma separated, such as <c>https://*.lightning.force.com</c>. Default none.</summary>
    public string FrameAncestors { get; set; } = "";

    /// <summary>Secret that signs preview links, at least 32 characters. Empty (the default): there are no links.</summary>
    public string LinkKey { get; set; } = "";

    /// <summary>Minutes a link opens its preview, 1–60. Default 10.</summary>
    public int LinkMinutes { get; set; } = 10;

    internal IEnumerable<string> Ancestors => FrameAncestors.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Stops the start on a wrong setting, with one line per defect.</summary>
public sealed partial class PreviewOptionsValidator : IValidateOptions<PreviewOptions>
{
    private const int ShortestKey = 32;
    private const int MostMinutes = 60;

    public ValidateOptionsResult Validate(string? name, PreviewOptions options)
    {
        string[] defects = [.. Defects(options)];
        return defects.Length > 0 ? ValidateOptionsResult.Fail(defects) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Defects(PreviewOptions options)
    {
        foreach (string origin in options.Ancestors.Where(origin => !Origin().IsMatch(origin)))
        {
            yield return $"Preview:FrameAncestors names '{origin}'; origins such as https://acme.lightning.force.com were expected, separated by commas.";
        }

        // A reference the platform could not resolve arrives as its own text, which anybody can guess.
        if (options.LinkKey.Length > 0 && (options.LinkKey.Length < ShortestKey || options.LinkKey.StartsWith("@Microsoft.KeyVault", StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"Preview:LinkKey is too short or an unresolved reference to a vault; at least {ShortestKey} random characters were expected, or none.";
        }

        if (options.LinkMinutes is < 1 or > MostMinutes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Preview:LinkMinutes is {options.LinkMinutes}; a whole number from 1 to {MostMinutes} was expected.");
        }
    }

    [GeneratedRegex(@"^https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Origin();
}
