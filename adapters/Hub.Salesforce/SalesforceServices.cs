using System.Net;
using Hub.Core.Contracts;
using Hub.Core.Contracts.SignedDocuments;
using Hub.Core.Readiness;
using Hub.Core.Reconciliation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hub.Salesforce;

/// <summary>Registers Salesforce behind the core's ports.</summary>
public static class SalesforceServices
{
    /// <summary>Longest wait for one answer; Salesforce itself gives up on a query after about two minutes.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(130);

    /// <summary>Most bytes of one answer: a page of 2,000 wide rows has a few MB.</summary>
    private const long LargestAnswer = 64L * 1024 * 1024;

    /// <summary>
    /// Adds <see cref="ISalesforce"/>, <see cref="ISignedDocuments"/>, <see cref="IWonBacklog"/>, <see cref="IContractedBook"/>, <see cref="IOutboundMessages"/> and an <see cref="IDependencyCheck"/>;
    /// settings come from section <c>Salesforce</c> and are checked at start. Needs a <see cref="TimeProvider"/> and logging.
    /// </summary>
    public static IServiceCollection AddHubSalesforce(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SalesforceOptions>().Bind(configuration.GetSection(SalesforceOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SalesforceOptions>, SalesforceOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(SalesforceWire.ClientName, client =>
            {
                client.Timeout = AnswerTimeout;
                client.MaxResponseContentBufferSize = LargestAnswer;
            })
            .ConfigurePrimaryHttpMessageHandler(Handler)
            .RemoveAllLoggers(); // The factory's own log entries would hold addresses with query texts.
        services.AddSingleton<SalesforceMetrics>();
        services.AddSingleton<SalesforceWire>();
        services.AddSingleton<TokenSource>();
        services.AddSingleton<SalesforceHttp>();
        services.AddSingleton<OrgSchema>();
        services.AddSingleton<QueryClient>();
        services.AddSingleton<DealReader>();
        services.AddSingleton<OpportunityPoll>();
        services.AddSingleton<CollectionWriter>();
        services.AddSingleton<AccountMerges>();
        services.AddSingleton<BulkQuery>();
        services.AddSingleton<IWonBacklog, WonBacklog>();
        services.AddSingleton<ISalesforce, SalesforceApi>();
        services.AddSingleton<ISignedDocuments, AttachedDocuments>();
        services.AddSingleton<IContractedBook, ContractedBook>();
        services.AddSingleton<IOutboundMessages, OutboundMessages>();
        services.AddSingleton<IDependencyCheck, SalesforceCheck>();
        return services;
    }

    /// <remarks>Redirects stay off: followed, a 300 or 302 could turn a write into another call, or carry it to another host.</remarks>
    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
