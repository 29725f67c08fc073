using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;

namespace Hub.AzureStorage;

/// <summary>The clients of the storage account; shared and thread-safe.</summary>
public sealed class StorageClients
{
    /// <exception cref="InvalidOperationException">The settings are incomplete; one line for each defect.</exception>
    public StorageClients(StorageSettings settings)
        : this(settings, null)
    {
    }

    /// <param name="transport">Carries the requests; null: the SDK's own.</param>
    internal StorageClients(StorageSettings settings, HttpPipelineTransport? transport)
    {
        if (settings.Defects() is { IsEmpty: false } defects)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, defects));
        }

        (Tables, Queues) = settings.ConnectionString is { } connection
            ? (new TableServiceClient(connection, TableOptions(transport)), new QueueServiceClient(connection, QueueOptions(transport)))
            : Identified(settings, CredentialOf(settings), transport);
    }

    public TableServiceClient Tables { get; }

    public QueueServiceClient Queues { get; }

    internal Tables.Table Table(string name) => new(Tables.GetTableClient(name));

    private static (TableServiceClient, QueueServiceClient) Identified(StorageSettings settings, TokenCredential credential, HttpPipelineTransport? transport) => (
        new TableServiceClient(settings.TableServiceUri!, credential, TableOptions(transport)),
        new QueueServiceClient(settings.QueueServiceUri!, credential, QueueOptions(transport)));

    private static TokenCredential CredentialOf(StorageSettings settings) => (settings.UsesManagedIdentity, settings.ClientId) switch
    {
        (true, { } client) => new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client)),
        (true, null) => new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned),
        _ => new DefaultAzureCredential(),
    };

    private static TableClientOptions TableOptions(HttpPipelineTransport? transport) => Counted(new TableClientOptions(), "table", transport);

    // The Functions host reads queues as base64; this is the only place that says so.
    private static QueueClientOptions QueueOptions(HttpPipelineTransport? transport) =>
        Counted(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, "queue", transport);

    private static T Counted<T>(T options, string service, HttpPipelineTransport? transport)
        where T : ClientOptions
    {
        options.AddPolicy(new CallCounter(service), HttpPipelinePosition.PerRetry);
        if (transport is not null)
        {
            options.Transport = transport;
        }

        return options;
    }
}
