namespace Hub.Salesforce;

/// <summary>How the Hub signs in to Salesforce and which org it accepts. Section <c>Salesforce</c>.</summary>
/// <remarks>Exactly one of <see cref="PrivateKeyPem"/> (JWT bearer, preferred) and <see cref="ClientSecret"/> (client credentials) is set.</remarks>
public sealed class SalesforceOptions
{
    public const string Section = "Salesforce";

    /// <summary>Origin of the token endpoint: a login host or the org's My Domain. https, or http on loopback for a simulator.</summary>
    public string LoginUrl { get; set; } = "";

    /// <summary>Consumer key of the external client app.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Integration user; JWT bearer only.</summary>
    public string Username { get; set; } = "";

    /// <summary>RSA private key of at least 2048 bits in PEM form; line breaks may be written as <c>\n</c>.</summary>
    public string PrivateKeyPem { get; set; } = "";

    /// <summary>Consumer secret; client credentials only, which the generic login hosts do not serve.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>REST API version, 60.0 or later. Default 67.0.</summary>
    public string ApiVersion { get; set; } = "67.0";

    /// <summary>The only org this Hub works with, 15 or 18 characters; empty accepts the org that issues the first token.</summary>
    public string OrgId { get; set; } = "";

    /// <summary>
    /// <c>aud</c> claim of the JWT. Empty: the login host itself for login/test.salesforce.com, the login host in charge for a My Domain
    /// (test for sandboxes, else login), and the origin of <see cref="LoginUrl"/> for every other host.
    /// </summary>
    public string Audience { get; set; } = "";

    /// <summary>Further hosts that may appear in <c>instance_url</c>, comma separated; a leading dot accepts subdomains.</summary>
    public string AllowedHosts { get; set; } = "";

    /// <summary>Three-letter code used in orgs without multiple currencies, whose records carry none. Empty where records carry their own.</summary>
    public string DefaultCurrency { get; set; } = "";

    /// <summary>
    /// The org uses Quotes: an opportunity's synced quote is read with it, and a won deal whose lines are not the quote's is refused. Default false: an org
    /// without the feature has no field <c>SyncedQuoteId</c> and refuses every query that names it.
    /// </summary>
    public bool Quotes { get; set; }

    internal bool UsesJwt => PrivateKeyPem.Length > 0;

    internal Uri LoginOrigin => new(new Uri(LoginUrl).GetLeftPart(UriPartial.Authority));

    /// <summary>The key with real line breaks, as settings stores often flatten them.</summary>
    internal string NormalisedPrivateKey => PrivateKeyPem.Replace("\\n", "\n", StringComparison.Ordinal);
}
