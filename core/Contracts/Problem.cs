using System.Text.Json.Serialization;

namespace Hub.Core.Contracts;

/// <summary>A reason a contract cannot be billed, worded for the person who can mend it ("finding" in files and APIs).</summary>
/// <param name="Code">Stable code with a page in <c>docs/problems/</c>.</param>
/// <param name="Object">Salesforce object, such as <c>Opportunity</c>.</param>
/// <param name="RecordId">Id of the record to change, as the source gave it.</param>
/// <param name="Field">API name of the field whose change mends it.</param>
/// <param name="Value">The field's present value as text; null when empty.</param>
/// <param name="Message">What is wrong; dates as YYYY-MM-DD, amounts as decimals of the currency.</param>
/// <param name="Fix">The way out.</param>
public sealed record Problem(string Code, string Object, string RecordId, string Field, string? Value, string Message, string Fix)
{
    /// <summary>Left out of JSON where it is the usual one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ProblemSeverity Severity { get; init; }
}

public enum ProblemSeverity
{
    /// <summary>The contract is not billed until it is mended. The usual one.</summary>
    Refuses,

    /// <summary>A person should look; billing goes on.</summary>
    Note,
}
