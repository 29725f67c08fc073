namespace Hub.Salesforce;

/// <summary>Which hosts may receive the access token.</summary>
/// <remarks>
/// <c>instance_url</c> is data from the network and moves with org migrations; a host outside the list would be handed a bearer token.
/// </remarks>
internal static class InstanceHosts
{
    private static readonly string[] Suffixes = [".my.salesforce.com", ".salesforce.com"];

    public static bool IsGenericLogin(string host) =>
        host.Equals("login.salesforce.com", StringComparison.OrdinalIgnoreCase)
        || host.Equals("test.salesforce.com", StringComparison.OrdinalIgnoreCase);

    public static string[] Split(string allowedHosts) =>
        allowedHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The origin of an accepted <c>instance_url</c>; null for every other value.</summary>
    /// <remarks>http is accepted on loopback only, and only while the login host is on loopback too (a simulator).</remarks>
    public static Uri? Accept(string? instanceUrl, SalesforceOptions options)
    {
        if (!Uri.TryCreate(instanceUrl, UriKind.Absolute, out Uri? url) || url.UserInfo.Length > 0)
        {
            return null;
        }

        Uri login = options.LoginOrigin;
        bool simulator = login.IsLoopback && url.IsLoopback && url.Scheme is "http" or "https";
        bool known = url.Scheme == Uri.UriSchemeHttps
            && (url.Host.Equals(login.Host, StringComparison.OrdinalIgnoreCase) || Matches(url.Host, Suffixes) || Matches(url.Host, Split(options.AllowedHosts)));
        return simulator || known ? new Uri(url.GetLeftPart(UriPartial.Authority)) : null;
    }

    /// <summary>The <c>aud</c> claim for the login host; see <see cref="SalesforceOptions.Audience"/>.</summary>
    public static string Audience(SalesforceOptions options)
    {
        if (options.Audience.Length > 0)
        {
            return options.Audience;
        }

        string host = options.LoginOrigin.Host;
        if (host.EndsWith(".sandbox.my.salesforce.com", StringComparison.OrdinalIgnoreCase))
        {
            return "https://test.salesforce.com";
        }

        return host.EndsWith(".my.salesforce.com", StringComparison.OrdinalIgnoreCase)
            ? "https://login.salesforce.com"
            : options.LoginOrigin.GetLeftPart(UriPartial.Authority);
    }

    private static bool Matches(string host, IEnumerable<string> allowed) => allowed.Any(entry =>
        entry.StartsWith('.') ? host.EndsWith(entry, StringComparison.OrdinalIgnoreCase) : host.Equals(entry, StringComparison.OrdinalIgnoreCase));
}
