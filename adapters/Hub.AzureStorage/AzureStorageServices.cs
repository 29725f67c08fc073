using Hub.AzureStorage.Audit;
using Hub.AzureStorage.Collections;
using Hub.AzureStorage.Contracts;
using Hub.AzureStorage.Invoices;
using Hub.AzureStorage.Queues;
using Hub.AzureStorage.Readiness;
using Hub.AzureStorage.Reconciliation;
using Hub.AzureStorage.StripeEvents;
using Hub.Core.Audit;
using Hub.Core.Collections;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.Queues;
using Hub.Core.Readiness;
using Hub.Core.Reconciliation;
using Hub.Core.StripeEvents;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.AzureStorage;

/// <summary>Registers every port of the core that lives in Azure Storage.</summary>
public static class AzureStorageServices
{
    /// <summary>All as singletons. Needs a <see cref="TimeProvider"/>; clients are made on first use, so defective settings throw there (ask <see cref="StorageSettings.Defects"/> before).</summary>
    public static IServiceCollection AddHubAzureStorage(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(StorageSettings.Read(configuration))
        .AddSingleton<StorageClients>()
        .AddSingleton<StorageSetup>()
        .AddSingleton<IContractRecords, ContractRecords>()
        .AddSingleton<IBillingEffects, BillingEffects>()
        .AddSingleton<IWatermarks, Watermarks>()
        .AddSingleton<IContractAlerts, ContractAlertRows>()
        .AddSingleton<IDueContracts, DueContracts>()
        .AddSingleton<IBackfillProgress, BackfillProgressRows>()
        .AddSingleton<IWriteBacks, WriteBacks>()
        .AddSingleton<IIssuedInvoices, IssuedInvoices>()
        .AddSingleton<IReminderLedger, ReminderLedger>()
        .AddSingleton<IInvoiceStates, InvoiceStates>()
        .AddSingleton<IStripeEventInbox, StripeEventInbox>()
        .AddSingleton<IReconciliationStore, ReconciliationStore>()
        .AddSingleton<IAuditLog, AuditLog>()
        .AddSingleton<IAuditReader, AuditReader>()
        .AddSingleton<IQueueSender, QueueSender>()
        .AddSingleton<IQueueLength, QueueLength>()
        .AddSingleton<IQueueWatch, QueueWatch>()
        .AddSingleton<IDependencyCheck, StorageCheck>();
}
