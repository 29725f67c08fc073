using Hub.AzureStorage;
using Hub.Core.Audit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hub.Cli.Demo;

/// <summary>Verifies the stored audit chains with the rule an auditor would use.</summary>
internal static class AuditTrail
{
    public static async Task<AuditCounts> Verify(string storageConnection, CancellationToken ct)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["HubStorage"] = storageConnection })
            .Build();
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSingleton(TimeProvider.System)
            .AddHubAzureStorage(configuration)
            .AddSingleton<VerifyAudit>()
            .BuildServiceProvider();
        AuditProof proof = await services.GetRequiredService<VerifyAudit>().Handle(ct);
        return new AuditCounts(proof.Entries, proof.Ok);
    }
}
