using Microsoft.Extensions.Options;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Collections;

/// <summary>Names every defect of the settings, one line each.</summary>
public sealed class CollectionsOptionsValidator : IValidateOptions<CollectionsOptions>
{
    private const int LongestOffset = 365;

    public ValidateOptionsResult Validate(string? name, CollectionsOptions options)
    {
        string[] defects =
        [
            .. TimeDefect("SendTime", options.SendTime),
            .. string.IsNullOrWhiteSpace(options.Close) ? [] : TimeDefect("Close", options.Close),
            .. DateDefect(options.EnabledFrom),
            .. options.FloorMinorUnits < 0 ? [Line("FloorMinorUnits", "must not be negative", options.FloorMinorUnits)] : Array.Empty<string>(),
            .. options.Ladder().SelectMany((step, index) => StepDefects(options, step, index)),
            .. options.Ladder().GroupBy(step => step.Key, StringComparer.OrdinalIgnoreCase).Where(keys => keys.Count() > 1)
                .Select(keys => Line("Steps", "must have different keys, but this one stands there more than once", keys.Key)),
        ];
        return defects.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(defects);
    }

    private static IEnumerable<string> StepDefects(CollectionsOptions options, StepOptions step, int index)
    {
        string path = $"Steps:{index}";
        if (step.Key.Length is 0 or > 20 || !step.Key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
        {
            yield return Line($"{path}:Key", "must be 1 to 20 letters, digits or hyphens", step.Key);
        }

        if (step.OffsetDays is < -LongestOffset or > LongestOffset)
        {
            yield return Line($"{path}:OffsetDays", $"must lie between -{LongestOffset} and {LongestOffset}", step.OffsetDays);
        }

        foreach (string defect in step.SendTime is null ? [] : TimeDefect($"{path}:SendTime", step.SendTime))
        {
            yield return defect;
        }

        if (ReadOrNull(step.SendTime ?? options.SendTime) is { } send && ReadOrNull(options.Close) is { } close && send >= close)
        {
            yield return Line($"{path}:SendTime", $"must be before Close ({options.Close}), or nothing would ever leave", step.SendTime ?? options.SendTime);
        }
    }

    private static string[] TimeDefect(string path, string text) =>
        CollectionsOptions.ReadTime(text).Success ? [] : [Line(path, "must be a local time HH:mm", text)];

    private static string[] DateDefect(string? text) =>
        string.IsNullOrWhiteSpace(text) || LocalDatePattern.Iso.Parse(text).Success ? [] : [Line("EnabledFrom", "must be a date yyyy-MM-dd", text)];

    private static LocalTime? ReadOrNull(string? text) =>
        text is not null && CollectionsOptions.ReadTime(text) is { Success: true } parsed ? parsed.Value : null;

    private static string Line(string path, string rule, object value) => $"{CollectionsOptions.Section}:{path} {rule}; it is '{value}'.";
}
