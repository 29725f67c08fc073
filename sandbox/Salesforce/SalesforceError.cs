using System.Collections.Immutable;

namespace Hub.Sandbox.Salesforce;

/// <summary>One error as the REST API words it.</summary>
/// <param name="Code">Such as <c>INVALID_FIELD</c>; <c>errorCode</c> in a REST answer, <c>statusCode</c> in a collection row.</param>
public sealed record SalesforceError(string Code, string Message)
{
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>HTTP status of a REST answer that carries the error.</summary>
    public int Status { get; init; } = 400;
}

/// <summary>Ends the handling of one request or one row; it can arise deep inside a parse, and is turned into an answer in one place.</summary>
public sealed class RefusedException(SalesforceError error) : Exception(error.Message)
{
    public RefusedException(string code, string message, int status = 400)
        : this(new SalesforceError(code, message) { Status = status })
    {
    }

    public SalesforceError Error => error;
}
