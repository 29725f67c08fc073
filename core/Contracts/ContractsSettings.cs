using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Time;

namespace Hub.Core.Contracts;

/// <summary>What is wrong with a set of <see cref="ContractsOptions"/>.</summary>
public static class ContractsSettings
{
    private const int MostDays = 3650;
    private const int MostNetDays = 365;
    private const int MostParallel = 32;

    /// <summary>One sentence per defect, each starting with the setting's name; empty when all is well.</summary>
    public static ImmutableArray<string> Defects(ContractsOptions options) =>
    [
        .. Days("Contracts:BackdateLimitDays", options.BackdateLimitDays, MostDays),
        .. Days("Contracts:FirstRunLookBackDays", options.FirstRunLookBackDays, MostDays),
        .. options.ParallelDeals is >= 1 and <= MostParallel
            ? []
            : (string[])[string.Create(CultureInfo.InvariantCulture, $"Contracts:ParallelDeals is {options.ParallelDeals}; a whole number from 1 to {MostParallel} was expected.")],
        .. options.PaymentTerms.Count > 0 ? [] : (string[])["Contracts:PaymentTerms is empty; at least one accepted payment term was expected."],
        .. options.PaymentTerms.SelectMany(term => Days($"Contracts:PaymentTerms:{term.Key}", term.Value, MostNetDays)),
        .. options.ApprovalAbove.Where(limit => !Money.Currency.TryParse(limit.Key, out _))
            .Select(limit => $"Contracts:ApprovalAbove:{limit.Key} names no currency; a code such as USD was expected."),
        .. options.ApprovalAbove.Where(limit => limit.Value < 0)
            .Select(limit => string.Create(CultureInfo.InvariantCulture, $"Contracts:ApprovalAbove:{limit.Key} is {limit.Value}; an amount of 0 or more was expected.")),
        .. options.ApprovalDiscountPercent is < 0 or > 100
            ? [string.Create(CultureInfo.InvariantCulture, $"Contracts:ApprovalDiscountPercent is {options.ApprovalDiscountPercent}; a percentage from 0 to 100 was expected.")]
            : (string[])[],
        .. Defined("Contracts:ProrationPolicy", options.ProrationPolicy),
        .. Defined("Contracts:CreditPolicy", options.CreditPolicy),
        .. Defined("Contracts:SignedDocuments", options.SignedDocuments),
        .. BillingZone.Find(options.BillingTimeZone) is not null
            ? []
            : (string[])[$"{ContractsOptions.BillingTimeZoneSetting} is '{options.BillingTimeZone}'; an IANA time zone such as Europe/London was expected."],
    ];

    private static IEnumerable<string> Days(string name, int value, int most) => value >= 0 && value <= most
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; a whole number of days from 0 to {most} was expected.")];

    private static IEnumerable<string> Defined<T>(string name, T value)
        where T : struct, Enum => Enum.IsDefined(value)
        ? []
        : [$"{name} is {value}; one of {string.Join(", ", Enum.GetNames<T>())} was expected."];
}
