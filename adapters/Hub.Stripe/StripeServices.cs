using Hub.Core.Contracts;
using Hub.Core.Contracts.Preview;
using Hub.Core.Invoices;
using Hub.Core.Readiness;
using Hub.Core.Reconciliation;
using Hub.Core.StripeEvents;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hub.Stripe;

/// <summary>Wires the adapter.</summary>
public static class StripeServices
{
    private const string HttpClientName = "Hub.Stripe";

    /// <summary>Registers every port this adapter implements. Needs <see cref="IBillingEffects"/> and logging from elsewhere.</summary>
    public static IServiceCollection AddHubStripe(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StripeOptions>().Bind(configuration.GetSection(StripeOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StripeOptions>, StripeOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StripeMetrics>();
        AddHttp(services);
        services.AddSingleton<CouponValues>();
        services.AddSingleton<InvoiceReader>();
        services.AddSingleton<IStripeBilling, StripeBilling>();
        services.AddSingleton<IStripeAdjustments, StripeAdjustments>();
        services.AddSingleton<IStripePreview, StripePreview>();
        services.AddSingleton<IStripeInvoices, StripeInvoices>();
        services.AddSingleton<IStripeSubscriptions, StripeSubscriptions>();
        services.AddSingleton<IBilledBook, StripeBilledBook>();
        services.AddSingleton<IStripeWebhook, StripeWebhook>();
        services.AddSingleton<IDependencyCheck, StripeCheck>();
        return services;
    }

    // One client for the process: its handler is refreshed inside (pooled connections live two minutes), so it never goes stale.
    private static void AddHttp(IServiceCollection services)
    {
        services.AddSingleton(provider => new RequestPacer(
            provider.GetRequiredService<IOptions<StripeOptions>>().Value.RequestsPerSecond, provider.GetRequiredService<TimeProvider>()));
        services.AddTransient<StripeCallHandler>();
        services.AddHttpClient(HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .AddHttpMessageHandler<StripeCallHandler>()

            // Addresses and filters of requests name people; StripeCallHandler logs what may be logged.
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        services.AddSingleton(provider => new StripeApi(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName),
            provider.GetRequiredService<IOptions<StripeOptions>>().Value));
    }
}
