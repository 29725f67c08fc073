using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>What codes and signs prove about a currency.</summary>
internal static class DocumentCurrencies
{
    /// <summary>ISO 4217 codes that are recognised; they must be written in capitals.</summary>
    public static ImmutableArray<string> Codes { get; } =
    [
        "USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "ISK", "PLN", "CZK", "HUF", "RON", "BGN", "TRY", "ILS", "AED", "SAR",
        "QAR", "KWD", "BHD", "JOD", "OMR", "TND", "MAD", "EGP", "ZAR", "NGN", "KES", "UGX", "INR", "CNY", "HKD", "SGD", "MYR", "THB", "IDR", "PHP",
        "VND", "JPY", "KRW", "TWD", "BRL", "MXN", "ARS", "CLP", "COP", "PEN",
    ];

    // A dollar sign alone does not say whose dollar; the euro sign has one meaning.
    private static readonly FrozenDictionary<string, ImmutableArray<string>> Signs = new Dictionary<string, ImmutableArray<string>>
    {
        ["$"] = ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "BRL", "ARS", "CLP", "COP"],
        ["us$"] = ["USD"],
        ["u.s.$"] = ["USD"],
        ["ca$"] = ["CAD"],
        ["c$"] = ["CAD"],
        ["a$"] = ["AUD"],
        ["au$"] = ["AUD"],
        ["nz$"] = ["NZD"],
        ["s$"] = ["SGD"],
        ["hk$"] = ["HKD"],
        ["€"] = ["EUR"],
        ["£"] = ["GBP", "EGP"],
        ["¥"] = ["JPY", "CNY"],
        ["fr."] = ["CHF"],
    }.ToFrozenDictionary();

    /// <summary>The currencies a code, sign or name may stand for; empty when it is none.</summary>
    public static ImmutableArray<string> Of(string text, DocumentLanguage language) =>
        Codes.Contains(text) ? [text]
        : Signs.TryGetValue(text.ToLowerInvariant(), out ImmutableArray<string> meant) ? meant
        : language.Currencies.TryGetValue(text.ToLowerInvariant(), out string? code) ? [code]
        : [];
}
