using System.Globalization;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Catalogue;

/// <summary>What the service knows of currencies: which there are, their minor units, and the smallest charge.</summary>
/// <remarks>Source: Stripe documentation, "Supported currencies".</remarks>
public static class Currencies
{
    private static readonly HashSet<string> Known = [.. (
        "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd "
        + "egp etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl "
        + "mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std "
        + "szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw").Split(' ')];

    private static readonly HashSet<string> WholeHundreds = ["isk", "ugx"];
    private static readonly HashSet<string> Thousandths = ["bhd", "jod", "kwd", "omr", "tnd"];

    private static readonly Dictionary<string, long> Minimum = new(StringComparer.Ordinal)
    {
        ["usd"] = 50, ["eur"] = 50, ["aud"] = 50, ["cad"] = 50, ["chf"] = 50, ["nzd"] = 50, ["sgd"] = 50, ["brl"] = 50, ["inr"] = 50,
        ["gbp"] = 30, ["aed"] = 200, ["dkk"] = 250, ["nok"] = 300, ["sek"] = 300, ["hkd"] = 400, ["mxn"] = 1000, ["myr"] = 200,
        ["pln"] = 200, ["ron"] = 200, ["czk"] = 1500, ["thb"] = 1000, ["huf"] = 17500, ["jpy"] = 50, ["krw"] = 50,
    };

    /// <exception cref="ApiException">The service does not know the currency.</exception>
    public static string Check(string currency, string param)
    {
        var lower = currency.ToLowerInvariant();
        return Known.Contains(lower)
            ? lower
            : throw ApiException.Invalid($"Invalid currency: {currency}. Stripe currently supports these currencies: {string.Join(", ", Known)}", param);
    }

    /// <summary>The smallest amount that can be charged, in minor units; smaller ones move to the customer's balance.</summary>
    public static long SmallestCharge(string currency) => Minimum.GetValueOrDefault(currency);

    /// <summary>Refuses an amount with a fraction the currency does not have.</summary>
    /// <exception cref="ApiException">ISK or UGX not in whole hundreds; a three-decimal currency whose last digit is not 0.</exception>
    public static void CheckAmount(long minorUnits, string currency, string param)
    {
        if (WholeHundreds.Contains(currency) && minorUnits % 100 != 0)
        {
            throw new ApiException(400, "invalid_request_error", $"Invalid amount: {currency.ToUpperInvariant()} has no decimals; amounts must be divisible by 100.")
            {
                Code = "invalid_charge_amount_no_decimal_compatible",
                Param = param,
            };
        }

        // unverified: the rule stood in an older edition of the page; a copy of 2026 is silent.
        if (Thousandths.Contains(currency) && minorUnits % 10 != 0)
        {
            throw ApiException.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"Invalid amount: {minorUnits}. Amounts in {currency.ToUpperInvariant()} must be divisible by 10."), param, "invalid_charge_amount");
        }
    }
}
