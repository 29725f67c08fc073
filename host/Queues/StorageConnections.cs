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
    /// <summary>Why a connection cannot be used, one sentence for all that is missing; empty when it can.</summary>
    public IEnumerable<string> Defects(string connection, bool queues, bool tables)
    {
        IConfigurationSection section = configuration.GetSection(connection);
        string[] needed = [.. queues ? ["queueServiceUri"] : (string[])[], .. tables ? ["tableServiceUri"] : (string[])[]];
        string[] missing = [.. needed.Where(member => !Uri.TryCreate(section[member], UriKind.Absolute, out _))];
        return string.IsNullOrWhiteSpace(section.Value) && missing.Length > 0
            ? [$"{connection} is missing: a connection string, or an address in {string.Join(" and ", missing.Select(member => $"{connection}__{member}"))}."]
            : [];
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
        if (!string.Equals(section["credential"], "managedidentity", StringComparison.OrdinalIgnoreCase))
        {
            return new DefaultAzureCredential();
        }

        return new ManagedIdentityCredential(section["clientId"] is { Length: > 0 } clientId
            ? ManagedIdentityId.FromUserAssignedClientId(clientId)
            : ManagedIdentityId.SystemAssigned);
    }
}
