using Hub.Core.Contracts;

namespace Hub.Salesforce;

/// <summary>A session: where it is valid and for which org.</summary>
/// <param name="Instance">Origin that may receive the token.</param>
internal sealed record SalesforceToken(string AccessToken, Uri Instance, SalesforceId OrgId)
{
    /// <summary>The integration user; null where the token does not say.</summary>
    public SalesforceId? UserId { get; init; }

    /// <summary>Never the token itself: records print their members.</summary>
    public override string ToString() => $"session of org {OrgId.Value} at {Instance.Host}";
}
