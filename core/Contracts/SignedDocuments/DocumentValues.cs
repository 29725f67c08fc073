using System.Collections.Immutable;
using System.Globalization;
using NodaTime;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>Reads dates, counts and amounts; null where the writing leaves any doubt.</summary>
internal static class DocumentValues
{
    private const int EarliestYear = 1990;
    private const int LatestYear = 2120;

    /// <summary>
    /// A date: 2027-01-31, 31 January 2027, January 31, 2027, or 31.01.2027 (points: day first). Slashes and hyphens do not say whether the day or
    /// the month comes first, so they count only where one of the two cannot be a month or both are equal.
    /// </summary>
    public static LocalDate? Date(string text, DocumentLanguage language)
    {
        string[] parts = text.Split([' ', '.', ',', '/', '-'], StringSplitOptions.RemoveEmptyEntries);
        string? name = parts.FirstOrDefault(part => language.Months.ContainsKey(part.ToLowerInvariant()));
        int[] numbers = [.. parts.Select(Digits).Where(number => number >= 0)];
        return name is not null ? numbers is [var day, var year] && year >= EarliestYear ? Day(year, language.Months[name.ToLowerInvariant()], day) : null
            : numbers is not [var first, var second, var third] || parts.Length != 3 ? null
            : parts[0].Length == 4 ? Day(first, second, third)
            : parts[2].Length != 4 ? null
            : text.Contains('.', StringComparison.Ordinal) ? Day(third, second, first)
            : first > 12 || first == second ? Day(third, second, first)
            : second > 12 ? Day(third, first, second)
            : null;
    }

    /// <summary>A number from 1 in digits, words or both; null when the two contradict each other.</summary>
    public static int? Count(string text, DocumentLanguage language)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return One(text, language);
        }

        int? outside = One(text[..open], language);
        return outside == One(text[(open + 1)..].TrimEnd(')', ' '), language) ? outside : null;
    }

    /// <summary>
    /// An amount in major units. A single mark before exactly three digits is the language's mark between thousands; if it is the other one, it may
    /// be either, and there is no answer.
    /// </summary>
    public static decimal? Amount(string text, DocumentLanguage language)
    {
        string number = text.Replace(' ', '\'');
        char[] marks = [.. number.Where(character => !char.IsAsciiDigit(character))];
        char? point = Point(number, marks, language.GroupSeparator);
        string[] halves = point is { } mark ? number.Split(mark) : [number];
        bool grouped = Grouped(halves[0]);
        bool either = marks is [var only] && point is null && only != '\'' && only != language.GroupSeparator;
        return either ? null
            : halves.Length > 2 || !grouped || (halves.Length == 2 && halves[1].Length is 0 or > 3) ? null
            : decimal.Parse(
                string.Concat(halves[0].Where(char.IsAsciiDigit)) + (halves.Length == 2 ? "." + halves[1] : ""), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }

    /// <summary>True when a number goes on where it seemed to end, or begins before: a misread letter, a blank inside.</summary>
    public static bool IsCut(string before, string after) =>
        (before.Length > 0 && char.IsLetterOrDigit(before[^1]))
        || (before.Length > 1 && before[^1] is ' ' or '.' or ',' or '/' && char.IsAsciiDigit(before[^2]))
        || (after.Length > 0 && char.IsLetterOrDigit(after[0]))
        || (after.Length > 1 && after[0] is '.' or ',' or '\'' or '/' && char.IsLetterOrDigit(after[1]))
        || (after.Length > 1 && after[0] is ' ' && (char.IsAsciiDigit(after[1]) || (after[1] is ',' or '.' && after.Length > 2 && char.IsLetterOrDigit(after[2]))));

    private static LocalDate? Day(int year, int month, int day) =>
        year is >= EarliestYear and <= LatestYear && month is >= 1 and <= 12 && day >= 1 && day <= CalendarSystem.Iso.GetDaysInMonth(year, month)
            ? new LocalDate(year, month, day)
            : null;

    private static int Digits(string part)
    {
        string digits = part.TrimEnd('s', 't', 'n', 'd', 'r', 'h', 'S', 'T', 'N', 'D', 'R', 'H');
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && part.Length <= 4 ? number : -1;
    }

    private static int? One(string text, DocumentLanguage language)
    {
        string trimmed = text.Trim();
        if (int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out int digits))
        {
            return digits > 0 ? digits : null;
        }

        int sum = 0;
        foreach (string word in trimmed.ToLowerInvariant().Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("and" or "und")))
        {
            if (!language.Numbers.TryGetValue(word, out int value) || !Composes(sum, value))
            {
                return null;
            }

            sum = word == language.Hundred ? Math.Max(1, sum) * value : sum + value;
        }

        return sum > 0 ? sum : null;
    }

    // Twenty four, one hundred twenty; never two three.
    private static bool Composes(int sum, int value) => value == 100 ? sum < 10 : sum % 100 == 0 || (sum % 10 == 0 && sum % 100 >= 20 && value < 10);

    private static char? Point(string number, char[] marks, char group)
    {
        if (marks.Length == 0 || marks[^1] == '\'')
        {
            return null;
        }

        bool once = marks.Count(mark => mark == marks[^1]) == 1;
        bool mixed = marks.Distinct().Count() > 1;
        int decimals = number.Length - number.LastIndexOf(marks[^1]) - 1;
        return once && (mixed || decimals != 3) ? marks[^1] : null;
    }

    private static bool Grouped(string whole)
    {
        string[] groups = whole.Split(['.', ',', '\'']);
        return groups.Length == 1 || (groups[0].Length is 1 or 2 or 3 && groups.Skip(1).All(part => part.Length == 3)
            && whole.Where(character => !char.IsAsciiDigit(character)).Distinct().Count() == 1);
    }
}
