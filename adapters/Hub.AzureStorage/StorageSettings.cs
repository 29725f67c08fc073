using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;

namespace Hub.AzureStorage;

/// <summary>How to reach the storage account.</summary>
/// <remarks>
/// Either <c>HubStorage</c>, a connection string, or <c>HubStorage:queueServiceUri</c> and <c>HubStorage:tableServiceUri</c> with an
/// identity: <c>HubStorage:credential</c> = <c>managedidentity</c> uses the app's identity (<c>HubStorage:clientId</c> names a user-assigned
/// one), nothing uses the default Azure credential chain. The connection string wins, as it does for the Functions host.
/// </remarks>
public sealed record StorageSettings(string? ConnectionString, Uri? QueueServiceUri, Uri? TableServiceUri, string? Credential, string? ClientId)
{
    public const string Section = "HubStorage";

    private const string ManagedIdentity = "managedidentity";

    public bool UsesManagedIdentity => string.Equals(Credential, ManagedIdentity, StringComparison.OrdinalIgnoreCase);

    public static StorageSettings Read(IConfiguration configuration) => new(
        Text(configuration[Section]),
        Address(configuration[$"{Section}:queueServiceUri"]),
        Address(configuration[$"{Section}:tableServiceUri"]),
        Text(configuration[$"{Section}:credential"]),
        Text(configuration[$"{Section}:clientId"]));

    /// <summary>What is wrong or missing, one sentence each, without values; empty when all is well.</summary>
    public ImmutableArray<string> Defects()
    {
        string[] missing =
        [
            .. Defect(QueueServiceUri is null, $"{Section}__queueServiceUri"),
            .. Defect(TableServiceUri is null, $"{Section}__tableServiceUri"),
        ];

        // The first in the words of a host's own check of its connections, so that both are one line.
        return ConnectionString is not null
            ? []
            :
            [
                .. Defect(missing.Length > 0, $"{Section} is missing: a connection string, or an address in {string.Join(" and ", missing)}."),
                .. Defect(Credential is not null && !UsesManagedIdentity, $"{Section}__credential is neither empty nor '{ManagedIdentity}'."),
                .. Defect(Credential is null && ClientId is not null, $"{Section}__clientId names an identity, so {Section}__credential must be '{ManagedIdentity}'."),
            ];
    }

    private static IEnumerable<string> Defect(bool isOne, string sentence) => isOne ? [sentence] : [];

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    private static Uri? Address(string? value) => Uri.TryCreate(value, UriKind.Absolute, out Uri? address) ? address : null;
}
