using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Contracts;

/// <summary>A field's value as a rule needs it: present, empty, or unreadable (then a problem says so).</summary>
internal readonly record struct Field<T>(T? Value, bool Bad)
    where T : struct
{
    public bool Missing => Value is null && !Bad;
}

/// <summary>Reads typed values from one record; what cannot be read becomes a problem.</summary>
internal sealed class FieldReading(SalesforceRecord record, Problems problems)
{
    public SalesforceRecord Record => record;

    public Field<LocalDate> Date(string field)
    {
        string? text = record.Text(field);
        return text is null ? default
            : LocalDatePattern.Iso.Parse(text) is { Success: true } parsed ? new(parsed.Value, false)
            : Bad<LocalDate>(field, "a date such as 2026-10-15");
    }

    public Field<decimal> Number(string field)
    {
        string? text = record.Text(field);
        return text is null ? default
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? new(number, false)
            : Bad<decimal>(field, "a number");
    }

    /// <summary>A whole number from 1 to <paramref name="most"/>.</summary>
    public Field<int> Count(string field, int most)
    {
        Field<decimal> number = Number(field);
        return number.Value is not { } value ? new(null, number.Bad)
            : decimal.IsInteger(value) && value >= 1 && value <= most ? new((int)value, false)
            : Bad<int>(field, string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {most}"));
    }

    /// <summary>True for a number that is 0, which a number field with a default holds instead of nothing.</summary>
    public bool IsZero(string field) => decimal.TryParse(record.Text(field), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) && number == 0;

    public bool Flag(string field) => record.Text(field) is { } text && bool.TryParse(text, out bool flag) && flag;

    /// <summary>A picklist value by its exact name; hyphens and blanks do not matter (One-time is OneTime).</summary>
    public Field<T> Pick<T>(string field)
        where T : struct, Enum
    {
        string? text = record.Text(field)?.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return text is null ? default
            : Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) ? new(value, false)
            : Bad<T>(field, $"one of {string.Join(", ", Enum.GetNames<T>())}");
    }

    public Field<T> Bad<T>(string field, string expected)
        where T : struct
    {
        problems.Add(
            ProblemCodes.ValueInvalid, record, field,
            $"{field} holds '{record.Text(field)}'; {expected} was expected.", $"Enter {expected} in {field}.");
        return new(null, true);
    }
}
