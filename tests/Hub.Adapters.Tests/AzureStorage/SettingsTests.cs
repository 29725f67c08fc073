using Azure.Data.Tables;
using Hub.AzureStorage;
using Hub.AzureStorage.Readiness;
using Hub.Core.Audit;
using Hub.Core.Readiness;
using Hub.Core.Reconciliation;
using Hub.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.AzureStorage;

public class SettingsTests
{
    [Fact]
    public void A_connection_string_wins_over_service_addresses()
    {
        StorageSettings settings = Read(("HubStorage", "UseDevelopmentStorage=true"), ("HubStorage:queueServiceUri", "https://a.queue.core.windows.net"));

        Assert.Empty(settings.Defects());
        Assert.Equal("http://127.0.0.1:10002/devstoreaccount1", new StorageClients(settings).Tables.Uri.AbsoluteUri);
    }

    [Fact]
    public void Service_addresses_with_an_identity_are_enough()
    {
        StorageSettings settings = Read(
            ("HubStorage:queueServiceUri", "https://acct.queue.core.windows.net"),
            ("HubStorage:tableServiceUri", "https://acct.table.core.windows.net"),
            ("HubStorage:credential", "managedIdentity"),
            ("HubStorage:clientId", "11111111-1111-1111-1111-111111111111"));

        Assert.Empty(settings.Defects());
        var clients = new StorageClients(settings);
        Assert.Equal(("acct", "acct"), (clients.Tables.AccountName, clients.Queues.AccountName));
    }

    [Fact]
    public void Missing_addresses_are_one_defect_and_a_wrong_credential_another()
    {
        StorageSettings settings = Read(("HubStorage:tableServiceUri", "not an address"), ("HubStorage:credential", "password"));

        Assert.Equal(
            [
                "HubStorage is missing: a connection string, or an address in HubStorage__queueServiceUri and HubStorage__tableServiceUri.",
                "HubStorage__credential is neither empty nor 'managedidentity'.",
            ],
            settings.Defects().AsEnumerable());
        var failure = Assert.Throws<InvalidOperationException>(() => new StorageClients(settings));
        Assert.Equal(2, failure.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void A_client_id_without_a_credential_is_a_defect()
    {
        StorageSettings settings = Read(
            ("HubStorage:queueServiceUri", "https://acct.queue.core.windows.net"),
            ("HubStorage:tableServiceUri", "https://acct.table.core.windows.net"),
            ("HubStorage:clientId", "11111111-1111-1111-1111-111111111111"));

        Assert.Equal("HubStorage__clientId names an identity, so HubStorage__credential must be 'managedidentity'.", Assert.Single(settings.Defects()));
    }

    [Fact]
    public async Task One_call_registers_every_port_and_setup_can_run_twice()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using ServiceProvider services = Services(azurite.ConnectionString);
        var setup = services.GetRequiredService<StorageSetup>();

        await setup.EnsureCreated(CancellationToken.None);
        await setup.EnsureCreated(CancellationToken.None);

        string[] ports = [.. typeof(IAuditLog).Assembly.GetTypes().Where(type => type.IsInterface && services.GetService(type) is not null).Select(type => type.Name).Order()];
        Assert.Equal(
            ["IAuditLog", "IAuditReader", "IBackfillProgress", "IBillingEffects", "IContractRecords", "IDependencyCheck", "IDueContracts", "IInvoiceStates", "IIssuedInvoices", "IQueueSender", "IQueueWatch", "IReconciliationStore", "IReminderLedger", "IStripeEventInbox", "IWatermarks", "IWriteBacks"],
            ports);
        List<string> tables = [.. (await services.GetRequiredService<StorageClients>().Tables.QueryAsync(cancellationToken: CancellationToken.None).ToList()).Select(table => table.Name)];
        Assert.Empty(TableNames.All.Except(tables));
        Assert.Null(await services.GetRequiredService<IDependencyCheck>().Check(CancellationToken.None));
    }

    [Fact]
    public async Task Storage_that_is_empty_refuses_or_is_misconfigured_is_said_in_words()
    {
        using Azurite empty = await Azurite.StartAsync(CancellationToken.None);
        string wrongKey = empty.ConnectionString.Replace(Azurite.Key, "AAAA", StringComparison.Ordinal);

        Assert.Contains("SyncState does not exist", await Check(empty.ConnectionString), StringComparison.Ordinal);
        Assert.Contains("refuses the Hub", await Check(wrongKey), StringComparison.Ordinal);
        Assert.Contains("HubStorage__queueServiceUri", await Check(""), StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", await Check(wrongKey), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_that_is_not_there_is_said_in_words()
    {
        string nobody = "DefaultEndpointsProtocol=http;AccountName=acct;AccountKey=AAAA;QueueEndpoint=http://127.0.0.1:1/acct;TableEndpoint=http://127.0.0.1:1/acct;";

        Assert.Equal("The storage account does not answer; check HubStorage and the network.", await Check(nobody));
    }

    private static async Task<string?> Check(string connection)
    {
        await using ServiceProvider services = Services(connection);
        return await services.GetRequiredService<IDependencyCheck>().Check(CancellationToken.None);
    }

    private static ServiceProvider Services(string connection) => new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddHubAzureStorage(Configuration(("HubStorage", connection)))
        .BuildServiceProvider();

    private static StorageSettings Read(params (string Key, string Value)[] settings) => StorageSettings.Read(Configuration(settings));

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();
}
