using Hub.AzureStorage;
using Hub.Core.Audit;
using Hub.Core.Collections;
using Hub.Core.Contracts;
using Hub.Core.Contracts.Preview;
using Hub.Core.Contracts.SignedDocuments;
using Hub.Core.Readiness;
using Hub.Core.Reconciliation;
using Hub.Core.StripeEvents;
using Hub.Core.Time;
using Hub.Functions.Contracts;
using Hub.Functions.Startup;
using Hub.Mail;
using Hub.Salesforce;
using Hub.Stripe;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Functions;

/// <summary>Wires the Hub's handlers, adapters and options; the one entry point a host needs.</summary>
public static class HubServices
{
    /// <summary>Needs logging; a <see cref="TimeProvider"/> registered before wins over the system's.</summary>
    public static IServiceCollection AddHub(this IServiceCollection services, IConfiguration configuration) => services
        .AddHubAzureStorage(configuration)
        .AddHubStripe(configuration)
        .AddHubSalesforce(configuration)
        .AddHubMail(configuration)
        .AddHubOptions(configuration)
        .AddStartupChecks(configuration)
        .AddContracts()
        .AddStripeEvents()
        .AddCollections()
        .AddReconciliation()
        .AddReadiness();

    private static IServiceCollection AddHubOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ContractsOptions>().Bind(configuration.GetSection(ContractsOptions.Section))
            .Configure(options => options.BillingTimeZone = BillingZoneCheck.Name(configuration))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ContractsOptions>, ContractsOptionsValidator>();
        services.AddOptions<CollectionsOptions>().Bind(configuration.GetSection(CollectionsOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CollectionsOptions>, CollectionsOptionsValidator>();
        services.AddOptions<ReconciliationOptions>().Bind(configuration.GetSection(ReconciliationOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ReconciliationOptions>, ReconciliationOptionsValidator>();
        services.AddOptions<PreviewOptions>().Bind(configuration.GetSection(PreviewOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PreviewOptions>, PreviewOptionsValidator>();
        services.AddSingleton(_ => BillingZoneCheck.Read(configuration));
        return services.AddSingleton(provider => DateTimeZoneProviders.Tzdb[provider.GetRequiredService<BillingZone>().Name]);
    }

    private static IServiceCollection AddStartupChecks(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton<IStartupCheck>(_ => new BillingZoneCheck(configuration))
        .AddSingleton<IStartupCheck, StorageStartup>();

    private static IServiceCollection AddContracts(this IServiceCollection services) => services
        .AddSingleton<DetectClosedWon>()
        .AddSingleton<CheckSignedDocument>()
        .AddSingleton<SyncContract>()
        .AddSingleton<DeletedOpportunities>()
        .AddSingleton<ReceiveOpportunityPush>()
        .AddSingleton<DetectAdjustments>()
        .AddSingleton<IssueAdjustments>()
        .AddSingleton<BackfillContracts>()
        .AddSingleton<BackfillPreview>()
        .AddSingleton<SyncContracts>()
        .AddSingleton<OweTotals>()
        .AddSingleton<WriteBackResults>()
        .AddSingleton<ReceiveOutboundMessage>()
        .AddSingleton<RequestSync>()
        .AddSingleton<ViewOpportunity>()
        .AddSingleton<PreviewContract>();

    private static IServiceCollection AddStripeEvents(this IServiceCollection services) => services
        .AddSingleton<ReceiveStripeEvent>()
        .AddSingleton<ApplyStripeEvent>();

    private static IServiceCollection AddCollections(this IServiceCollection services) => services
        .AddSingleton<PlanReminders>()
        .AddSingleton<SendReminder>();

    private static IServiceCollection AddReconciliation(this IServiceCollection services) => services
        .AddSingleton<StartReconciliation>()
        .AddSingleton<ReconciliationStages>()
        .AddSingleton<OpenRun>()
        .AddSingleton<ExtractBooks>()
        .AddSingleton<MatchShard>()
        .AddSingleton<CloseRun>()
        .AddSingleton<ReconciliationView>();

    private static IServiceCollection AddReadiness(this IServiceCollection services) => services
        .AddSingleton<ReadinessView>()
        .AddSingleton<PoisonWatch>()
        .AddSingleton<VerifyAudit>();
}
