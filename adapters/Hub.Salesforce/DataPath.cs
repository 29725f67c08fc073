namespace Hub.Salesforce;

/// <summary>Turns a path into an address of the instance, and nothing else.</summary>
/// <remarks>
/// Next-page paths are data from the network: <c>new Uri(base, value)</c> would accept an absolute or <c>//host</c> value and hand the
/// bearer token to that host.
/// </remarks>
internal static class DataPath
{
    private const string Root = "/services/data";

    /// <exception cref="SalesforceException">The path leaves <c>/services/data</c> or the instance.</exception>
    public static Uri Resolve(Uri instance, string path)
    {
        bool plausible = path == Root || path.StartsWith(Root + "/", StringComparison.Ordinal);
        if (plausible
            && Uri.TryCreate(instance.GetLeftPart(UriPartial.Authority) + path, UriKind.Absolute, out Uri? address)
            && address.GetLeftPart(UriPartial.Authority) == instance.GetLeftPart(UriPartial.Authority)
            && (address.AbsolutePath == Root || address.AbsolutePath.StartsWith(Root + "/", StringComparison.Ordinal)))
        {
            return address;
        }

        throw new SalesforceException(SalesforceFailure.Refused, "UNSAFE_PATH", "Salesforce named an address outside its own data API; it was not followed.");
    }
}
