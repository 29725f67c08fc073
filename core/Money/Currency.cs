using System.Collections.Frozen;

namespace Hub.Core.Money;

/// <summary>A billing currency with the number of minor-unit digits that Stripe uses on the wire.</summary>
/// <remarks>
/// Digits differ from ISO 4217 where Stripe does: ISK and UGX are sent with two digits although only whole units exist.
/// Source: Stripe docs, "Supported currencies"; contracts convention C8.
/// </remarks>
public readonly record struct Currency
{
    private static readonly FrozenSet<string> ZeroDecimal = FrozenSet.ToFrozenSet(
        ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]);

    private static readonly FrozenSet<string> ThreeDecimal = FrozenSet.ToFrozenSet(["BHD", "JOD", "KWD", "OMR", "TND"]);
    private static readonly FrozenSet<string> WholeUnitsOnTwoDigits = FrozenSet.ToFrozenSet(["ISK", "UGX"]);
    private readonly string? _code;

    private Currency(string code) => _code = code;

    /// <summary>ISO 4217 code in upper case, as Salesforce writes it.</summary>
    public string Code => _code ?? throw new InvalidOperationException("A currency was used before it was set.");

    /// <summary>ISO 4217 code in lower case, as Stripe writes it.</summary>
    public string StripeCode => Code.ToLowerInvariant();

    /// <summary>0, 2 or 3: how many digits of the major unit one minor unit is.</summary>
    public int Digits => ZeroDecimal.Contains(Code) ? 0 : ThreeDecimal.Contains(Code) ? 3 : 2;

    /// <summary>Amounts must be multiples of this many minor units: 100 for ISK and UGX, 10 for three-decimal currencies, else 1.</summary>
    public int Granularity => WholeUnitsOnTwoDigits.Contains(Code) ? 100 : ThreeDecimal.Contains(Code) ? 10 : 1;

    /// <summary>Minor units of one major unit: 1, 100 or 1000.</summary>
    public int MinorUnitsPerUnit => Digits switch { 0 => 1, 2 => 100, _ => 1000 };

    public static Currency Usd { get; } = new("USD");

    /// <summary>Reads a three-letter code in any case; false for anything else.</summary>
    public static bool TryParse(string? text, out Currency currency)
    {
        bool ok = text is { Length: 3 } && text.All(char.IsAsciiLetter);
        currency = ok ? new Currency(text!.ToUpperInvariant()) : default;
        return ok;
    }

    /// <summary>Reads a three-letter code in any case.</summary>
    /// <exception cref="FormatException">The text is no three-letter code.</exception>
    public static Currency Parse(string text) =>
        TryParse(text, out Currency currency) ? currency : throw new FormatException($"'{text}' is no currency code.");

    public override string ToString() => Code;
}
