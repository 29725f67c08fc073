namespace Azure.Data.Tables.Internal;

/// <summary>A connection string's endpoint and credential.</summary>
/// <remarks>Source: "Configure Azure Storage connection strings".</remarks>
internal sealed record ConnectionSettings(Uri Endpoint, string Account, TableSharedKeyCredential? Key, string? Sas)
{
    // The emulator's published account; the same on every machine and no secret.
    private const string EmulatorAccount = "devstoreaccount1";
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <exception cref="ArgumentNullException">The string is null.</exception>
    /// <exception cref="FormatException">Parts are malformed.</exception>
    /// <exception cref="InvalidOperationException">Endpoint or credential is missing.</exception>
    public static ConnectionSettings Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        Dictionary<string, string> parts = Split(connectionString);
        if (string.Equals(parts.GetValueOrDefault("UseDevelopmentStorage"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return Emulator(parts.GetValueOrDefault("DevelopmentStorageProxyUri"));
        }

        Uri endpoint = EndpointOf(parts);
        string account = parts.GetValueOrDefault("AccountName") ?? AccountOf(endpoint);
        return (parts.GetValueOrDefault("AccountKey"), parts.GetValueOrDefault("SharedAccessSignature")) switch
        {
            ({ } key, _) => new(endpoint, account, new TableSharedKeyCredential(account, key), null),
            (null, { } sas) => new(endpoint, account, null, sas),
            _ => throw NoAccount(),
        };
    }

    /// <summary>First label of a host name, or first path segment of the emulator's address.</summary>
    public static string AccountOf(Uri endpoint) =>
        endpoint.HostNameType == UriHostNameType.Dns && endpoint.Host.Contains('.', StringComparison.Ordinal)
            ? endpoint.Host[..endpoint.Host.IndexOf('.', StringComparison.Ordinal)]
            : endpoint.Segments.ElementAtOrDefault(1)?.TrimEnd('/') ?? string.Empty;

    private static ConnectionSettings Emulator(string? proxy)
    {
        var host = new Uri(proxy ?? "http://127.0.0.1");
        var endpoint = new Uri($"{host.Scheme}://{host.Host}:10002/{EmulatorAccount}");
        return new(endpoint, EmulatorAccount, new TableSharedKeyCredential(EmulatorAccount, EmulatorKey), null);
    }

    private static Uri EndpointOf(Dictionary<string, string> parts)
    {
        if (parts.GetValueOrDefault("TableEndpoint") is { } explicitly)
        {
            return Uri.TryCreate(explicitly, UriKind.Absolute, out Uri? endpoint) ? endpoint : throw NoAccount();
        }

        return (parts.GetValueOrDefault("AccountName"), parts.GetValueOrDefault("EndpointSuffix")) is ({ } account, { } suffix)
            ? new Uri($"{parts.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table.{suffix}")
            : throw NoAccount();
    }

    private static Dictionary<string, string> Split(string connectionString)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parts.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                // The part itself stays out of the message: it may be the key.
                throw new FormatException("The connection string has a part without a name, without a value, or twice.");
            }
        }

        return parts;
    }

    private static InvalidOperationException NoAccount() => new("No valid combination of account information found.");
}
