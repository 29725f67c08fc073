using Hub.Core.Money;
using Microsoft.Extensions.Options;

namespace Hub.Core.Reconciliation;

/// <summary>Settings of the reconciliation, section <c>Reconciliation</c>. Days are calendar days in the billing zone.</summary>
public sealed class ReconciliationOptions
{
    public const string Section = "Reconciliation";

    /// <summary>Days after the close date within which a won contract may still be without billing. Default 1.</summary>
    public int SyncSlaDays { get; set; } = 1;

    /// <summary>Days after its start within which a period may still be without invoice. Default 2.</summary>
    public int BillingGraceDays { get; set; } = 2;

    /// <summary>Days an invoice may stay a draft. Default 3.</summary>
    public int DraftGraceDays { get; set; } = 3;

    /// <summary>Days two dates may lie apart and still be the same. Default 1.</summary>
    public int DateToleranceDays { get; set; } = 1;

    /// <summary>Days within which Salesforce must know of a payment. Default 1.</summary>
    public int WriteBackSlaDays { get; set; } = 1;

    /// <summary>Minor units per line that count as rounding. Default 1.</summary>
    public int RoundingPerLine { get; set; } = 1;

    /// <summary>Currency in which differences are ranked. Default USD.</summary>
    public string ReportingCurrency { get; set; } = "USD";

    /// <summary>Whether live or test objects of Stripe are compared; the others are ignored. Default true.</summary>
    public bool Livemode { get; set; } = true;

    /// <summary>From this impact on a difference is critical; minor units of a two-decimal currency. Default 1000000.</summary>
    public long SeverityCritical { get; set; } = 1_000_000;

    /// <summary>From this impact on it is high. Default 100000.</summary>
    public long SeverityHigh { get; set; } = 100_000;

    /// <summary>From this impact on it is medium, below it low. Default 5000.</summary>
    public long SeverityMedium { get; set; } = 5_000;

    /// <summary>Slices of a run that are matched one by one, 1 to 1024. Default 8.</summary>
    public int Shards { get; set; } = 8;
}

/// <summary>Names every defect of the settings, one line each.</summary>
public sealed class ReconciliationOptionsValidator : IValidateOptions<ReconciliationOptions>
{
    public ValidateOptionsResult Validate(string? name, ReconciliationOptions options)
    {
        string[] defects =
        [
            .. Days(nameof(options.SyncSlaDays), options.SyncSlaDays),
            .. Days(nameof(options.BillingGraceDays), options.BillingGraceDays),
            .. Days(nameof(options.DraftGraceDays), options.DraftGraceDays),
            .. Days(nameof(options.DateToleranceDays), options.DateToleranceDays),
            .. Days(nameof(options.WriteBackSlaDays), options.WriteBackSlaDays),
            .. Defect(options.RoundingPerLine < 0, nameof(options.RoundingPerLine), "must not be negative", options.RoundingPerLine),
            .. Defect(!Currency.TryParse(options.ReportingCurrency, out _), nameof(options.ReportingCurrency), "must be a three-letter currency code", options.ReportingCurrency),
            .. Defect(options.SeverityMedium < 0, nameof(options.SeverityMedium), "must not be negative", options.SeverityMedium),
            .. Defect(options.SeverityHigh < options.SeverityMedium, nameof(options.SeverityHigh), "must not be below SeverityMedium", options.SeverityHigh),
            .. Defect(options.SeverityCritical < options.SeverityHigh, nameof(options.SeverityCritical), "must not be below SeverityHigh", options.SeverityCritical),
            .. Defect(options.Shards is < 1 or > 1024, nameof(options.Shards), "must lie between 1 and 1024", options.Shards),
        ];
        return defects.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(defects);
    }

    private static string[] Days(string key, int days) => Defect(days is < 0 or > 60, key, "must lie between 0 and 60", days);

    private static string[] Defect(bool wrong, string key, string rule, object value) =>
        wrong ? [$"{ReconciliationOptions.Section}:{key} {rule}; it is '{value}'."] : [];
}
