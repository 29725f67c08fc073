using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;

namespace Hub.Host.Queues;

/// <summary>Clients for a storage connection named in settings, with the naming rules of the Functions host.</summary>
/// <remarks>
/// A plain setting <c>NAME</c> is a connection string and wins; otherwise section <c>NAME</c> holds <c>queueServiceUri</c>,
/// <c>tableServiceUri</c> and, for an identity, <c>credential</c> = <c>managedidentity</c> with an optional <c>clientId</c>.
/// </remarks>
internal sealed class StorageConnections(IConfiguration configuration)
{
    private const string ManagedIdentity = "managedidentity";

    /// <summary>Why a connection cannot be used: a sentence for all that is missing, one for what contradicts itself; empty when it can.</summary>
    public IEnumerable<string> Defects(string connection, bool queues, bool tables)
    {
        IConfigurationSection section = configuration.GetSection(connection);
        string[] needed = [.. queues ? ["queueServiceUri"] : (string[])[], .. tables ? ["tableServiceUri"] : (string[])[]];
        string[] missing = [.. needed.Where(member => !Uri.TryCreate(section[member], UriKind.Absolute, out _))];
        if (!string.IsNullOrWhiteSpace(section.Value))
        {
            yield break;
        }

        if (missing.Length > 0)
        {
            yield return $"{connection} is missing: a connection string, or an address in {string.Join(" and ", missing.Select(member => $"{connection}__{member}"))}.";
        }

        bool isStated = !string.IsNullOrWhiteSpace(section["credential"]);
        if (isStated && !UsesManagedIdentity(section))
        {
            yield return $"{connection}__credential is neither empty nor '{ManagedIdentity}'.";
        }

        // The developer's own sign-in has no use for it: whoever names an identity expects to enter by it.
        if (!isStated && !string.IsNullOrWhiteSpace(section["clientId"]))
        {
            yield return $"{connection}__clientId names an identity, so {connection}__credential must be '{ManagedIdentity}'.";
        }
    }

    /// <summary>A client that hands bodies over as stored, so that one that is not base64 can be told and kept.</summary>
    public QueueClient Queue(string connection, string queue)
    {
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        return configuration[connection] is { Length: > 0 } text
            ? new QueueClient(text, queue, options)
            : new QueueServiceClient(Address(connection, "queueServiceUri"), Credential(connection), options).GetQueueClient(queue);
    }

    public TableClient Table(string connection, string table) =>
        configuration[connection] is { Length: > 0 } text
            ? new TableClient(text, table)
            : new TableClient(Address(connection, "tableServiceUri"), table, Credential(connection));

    private Uri Address(string connection, string member) =>
        new(configuration[$"{connection}:{member}"] ?? throw new InvalidOperationException($"Setting {connection}__{member} is missing."));

    private TokenCredential Credential(string connection)
    {
        IConfigurationSection section = configuration.GetSection(connection);
        if (!UsesManagedIdentity(section))
        {
            return new DefaultAzureCredential();
        }

        return new ManagedIdentityCredential(section["clientId"] is { Length: > 0 } clientId
            ? ManagedIdentityId.FromUserAssignedClientId(clientId)
            : ManagedIdentityId.SystemAssigned);
    }

    private static bool UsesManagedIdentity(IConfigurationSection section) =>
        string.Equals(section["credential"], ManagedIdentity, StringComparison.OrdinalIgnoreCase);
}
