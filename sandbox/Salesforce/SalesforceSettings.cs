using System.Globalization;
using System.Security.Cryptography;

namespace Hub.Sandbox.Salesforce;

/// <summary>Settings of the Salesforce simulator, from the command line as <c>--name value</c>.</summary>
/// <param name="PublicKey"><c>--salesforce-public-key FILE</c>: PEM of the RSA key or X.509 certificate assertions must be signed with; null: any RS256 signature passes.</param>
/// <param name="ClientId"><c>--salesforce-client-id</c>: the app's consumer key; null: any.</param>
/// <param name="ClientSecret"><c>--salesforce-client-secret</c>; null: any that is not empty.</param>
/// <param name="Username"><c>--salesforce-username</c>: the integration user; default hub.integration@example.com, which admits any <c>sub</c>.</param>
/// <param name="OrgId"><c>--org-id</c>, 15 or 18 characters; default 00D000000000001EAA.</param>
/// <param name="TokenLife"><c>--salesforce-token-minutes</c>, sandbox time; default 120.</param>
/// <param name="PageSize"><c>--salesforce-page-size</c>: rows per query page, below the real minimum of 200 if wanted; null: as the caller asks.</param>
/// <param name="DailyLimit"><c>--salesforce-daily-limit</c>: calls in any 24 hours of sandbox time; default 100,000.</param>
/// <param name="OutboundUrl"><c>--outbound-url</c>: where outbound messages go; null: none are sent.</param>
public sealed record SalesforceSettings(
    RSA? PublicKey,
    string? ClientId,
    string? ClientSecret,
    string Username,
    string OrgId,
    TimeSpan TokenLife,
    int? PageSize,
    int DailyLimit,
    Uri? OutboundUrl)
{
    public const string DefaultUsername = "hub.integration@example.com";

    /// <exception cref="FormatException">A setting is not what its name promises.</exception>
    public static SalesforceSettings From(IConfiguration configuration) => new(
        configuration["salesforce-public-key"] is { } file ? Key(file) : null,
        configuration["salesforce-client-id"],
        configuration["salesforce-client-secret"],
        configuration["salesforce-username"] ?? DefaultUsername,
        Organisation(configuration["org-id"] ?? "00D000000000001EAA"),
        TimeSpan.FromMinutes(Whole(configuration["salesforce-token-minutes"]) ?? 120),
        Whole(configuration["salesforce-page-size"]),
        Whole(configuration["salesforce-daily-limit"]) ?? 100_000,
        configuration["outbound-url"] is { } url ? new Uri(url) : null);

    private static int? Whole(string? text) => text is null ? null : int.Parse(text, CultureInfo.InvariantCulture);

    private static string Organisation(string id) => RecordIds.Normalise(id) is { } full && full.StartsWith("00D", StringComparison.Ordinal)
        ? full
        : throw new FormatException($"org-id {id} is no organisation id.");

    private static RSA Key(string file)
    {
        var pem = File.ReadAllText(file);
        if (pem.Contains("CERTIFICATE", StringComparison.Ordinal))
        {
            using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem);
            return certificate.PublicKey.GetRSAPublicKey() ?? throw new FormatException($"{file} holds no RSA key.");
        }

        var key = RSA.Create();
        key.ImportFromPem(pem);
        return key;
    }
}
