using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Hub.Salesforce;

/// <summary>What to do about a failed call or row.</summary>
internal enum FailureKind
{
    /// <summary>Get one new token and replay once.</summary>
    SessionExpired,

    /// <summary>Wait a little and repeat, if the request may be repeated.</summary>
    Transient,

    /// <summary>Too many long calls at once: wait longer.</summary>
    Concurrency,

    /// <summary>The day's allowance is gone: stop calling.</summary>
    DailyLimit,

    /// <summary>Another transaction holds the row or its parent.</summary>
    RowLocked,

    /// <summary>The query covers too much.</summary>
    QueryTooLarge,

    /// <summary>The page locator is gone: start again where the last row ended.</summary>
    LocatorExpired,

    /// <summary>The record or resource does not exist.</summary>
    Gone,

    /// <summary>The org, its rights or the settings are wrong.</summary>
    Configuration,

    /// <summary>Refused for good.</summary>
    Refused,
}

/// <summary>Sorts errors by code first and HTTP status second. Source: Salesforce REST API, status codes; the Hub's table in ADR 0301.</summary>
internal static class FailureKinds
{
    private static readonly FrozenDictionary<string, FailureKind> ByCode = new Dictionary<string, FailureKind>
    {
        ["INVALID_SESSION_ID"] = FailureKind.SessionExpired,
        ["SERVER_UNAVAILABLE"] = FailureKind.Transient,
        ["UNKNOWN_EXCEPTION"] = FailureKind.Transient,

        // Writes are off while reading goes on: nothing is wrong with the row.
        ["INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"] = FailureKind.Transient,
        ["INVALID_READ_ONLY_USER_DML"] = FailureKind.Transient,
        ["UNABLE_TO_LOCK_ROW"] = FailureKind.RowLocked,
        ["QUERY_TIMEOUT"] = FailureKind.QueryTooLarge,
        ["QUERY_TOO_COMPLICATED"] = FailureKind.QueryTooLarge,
        ["EXCEEDED_ID_LIMIT"] = FailureKind.QueryTooLarge,
        ["INVALID_QUERY_LOCATOR"] = FailureKind.LocatorExpired,
        ["NOT_FOUND"] = FailureKind.Gone,
        ["ENTITY_IS_DELETED"] = FailureKind.Gone,
        ["INVALID_FIELD"] = FailureKind.Configuration,
        ["INVALID_TYPE"] = FailureKind.Configuration,
        ["MALFORMED_QUERY"] = FailureKind.Configuration,
        ["MALFORMED_ID"] = FailureKind.Configuration,
        ["API_DISABLED_FOR_ORG"] = FailureKind.Configuration,
        ["API_CURRENTLY_DISABLED"] = FailureKind.Configuration,
        ["TXN_SECURITY_METERING_ERROR"] = FailureKind.Configuration,
        ["UNSUPPORTED_API_VERSION"] = FailureKind.Configuration,
    }.ToFrozenDictionary();

    public static FailureKind Of(int status, ImmutableArray<SalesforceError> errors)
    {
        SalesforceError first = errors[0];
        if (first.Code == "REQUEST_LIMIT_EXCEEDED")
        {
            return first.Message.Contains("Concurrent", StringComparison.OrdinalIgnoreCase) ? FailureKind.Concurrency : FailureKind.DailyLimit;
        }

        return OfRow(first) is { } kind ? kind : OfStatus(status);
    }

    /// <summary>The kind of a collection row's error; null when its code says nothing about repeating.</summary>
    public static FailureKind? OfRow(SalesforceError error)
    {
        if (ByCode.TryGetValue(error.Code, out FailureKind kind))
        {
            return kind;
        }

        // A customer's own automation failed; only a lock inside it passes by itself.
        return error.Message.Contains("UNABLE_TO_LOCK_ROW", StringComparison.Ordinal) ? FailureKind.RowLocked
            : error.Code.StartsWith("INSUFFICIENT_ACCESS", StringComparison.Ordinal) ? FailureKind.Configuration
            : null;
    }

    private static FailureKind OfStatus(int status) => status switch
    {
        401 => FailureKind.SessionExpired,
        404 => FailureKind.Gone,
        406 or 408 or 420 or 429 or >= 500 => FailureKind.Transient,
        410 => FailureKind.Configuration,
        414 or 431 => FailureKind.QueryTooLarge,
        _ => FailureKind.Refused,
    };
}
