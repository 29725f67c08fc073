using System.Collections.Immutable;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>What is read from a signed document.</summary>
public enum DocumentTerm
{
    /// <summary>First day of the contract.</summary>
    Start,

    /// <summary>How long it runs: months, or its last day.</summary>
    Term,

    /// <summary>What it costs in all, before tax.</summary>
    Total,

    /// <summary>Days from invoice date to due date.</summary>
    NetDays,

    /// <summary>Whether it goes on by itself.</summary>
    AutoRenewal,

    /// <summary>How long before its end it must be cancelled.</summary>
    NoticePeriod,

    Currency,

    PoNumber,
}

public enum TermOutcome
{
    Agrees,

    Differs,

    /// <summary>The document does not say, or not beyond doubt.</summary>
    NotFound,

    /// <summary>The document says, but the deal holds nothing to compare it with.</summary>
    NotCompared,
}

/// <summary>One term of a signed document beside the deal's.</summary>
/// <param name="Document">What the document states; null when not found.</param>
/// <param name="Deal">What the deal states; null when it states nothing.</param>
/// <param name="Record">Record that holds the deal's value.</param>
/// <param name="Field">Field of that record whose change mends a difference.</param>
/// <param name="Reason">Which value agreed, or why there is no answer; null where the two values say it all.</param>
/// <param name="Sentences">Where the document says so, shortened to some 600 characters each.</param>
public sealed record TermCheck(
    DocumentTerm Term,
    TermOutcome Outcome,
    string? Document,
    string? Deal,
    SalesforceRecord Record,
    string Field,
    string? Reason,
    ImmutableArray<string> Sentences);
