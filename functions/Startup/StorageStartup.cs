using Hub.AzureStorage;
using Hub.AzureStorage.Readiness;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Functions.Startup;

/// <summary>Checks the storage settings; with a connection string (an emulator, a trial) it also creates the tables and queues that Bicep declares elsewhere.</summary>
internal sealed class StorageStartup(StorageSettings settings, IServiceProvider services) : IStartupCheck
{
    public async Task<IReadOnlyList<string>> Check(CancellationToken ct)
    {
        if (settings.Defects() is { IsEmpty: false } defects)
        {
            return defects;
        }

        return settings.ConnectionString is { } connection ? await Create(connection, ct) : [];
    }

    private async Task<IReadOnlyList<string>> Create(string connection, CancellationToken ct)
    {
        try
        {
            // Asked for late: the clients cannot be made from defective settings.
            await services.GetRequiredService<StorageSetup>().EnsureCreated(ct);
            return [];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            string reason = await new StorageCheck(settings, services).Check(ct) ?? failure.Message;
            bool isEmulator = connection.Contains("UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase);
            return [$"HubStorage: {reason}{(isEmulator ? " It names the local emulator; docs/settings.md says how to start it." : "")}"];
        }
    }
}
