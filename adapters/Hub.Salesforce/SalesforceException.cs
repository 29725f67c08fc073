namespace Hub.Salesforce;

/// <summary>What a failed call means for whoever made it.</summary>
public enum SalesforceFailure
{
    /// <summary>Edge, maintenance, time-out or row lock that outlasted the retries: the message is delivered again later.</summary>
    Transient,

    /// <summary>Sign-in refused, or refused again with a fresh token; a person must look at the app, the user or the key.</summary>
    AuthFailed,

    /// <summary>Daily allowance used up, or login rate exceeded; calls stay off for a while.</summary>
    LimitReached,

    /// <summary>The org and the settings do not fit: unknown field, missing right, retired version.</summary>
    Configuration,

    /// <summary>Salesforce refused this request for good.</summary>
    Refused,
}

/// <summary>A Salesforce call that failed after the retries that make sense for it. Carries codes and Salesforce's own text, never a token.</summary>
public sealed class SalesforceException : Exception
{
    public SalesforceException(SalesforceFailure failure, string code, string message, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        Code = code;
    }

    public SalesforceException()
        : this("Salesforce call failed.")
    {
    }

    public SalesforceException(string message)
        : this(SalesforceFailure.Refused, "", message)
    {
    }

    public SalesforceException(string message, Exception innerException)
        : this(SalesforceFailure.Refused, "", message, innerException)
    {
    }

    public SalesforceFailure Failure { get; }

    /// <summary>Salesforce's error code such as <c>INVALID_FIELD</c>, else the HTTP status.</summary>
    public string Code { get; }
}
