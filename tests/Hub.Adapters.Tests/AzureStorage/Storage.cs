using Azure.Core.Pipeline;
using Hub.AzureStorage;
using Hub.Testing;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

/// <summary>Clients of the test process's emulator with every table and queue created once; tests keep apart by ids of their own.</summary>
internal static class Storage
{
    private static readonly Lazy<Task<StorageClients>> Shared = new(async () => await Open(await Azurite.SharedAsync()));

    public static Instant Now { get; } = Instant.FromUtc(2027, 3, 9, 4, 30, 15).PlusTicks(1_234_567);

    public static Task<StorageClients> SharedAsync() => Shared.Value;

    public static async Task<StorageClients> Open(Azurite azurite)
    {
        var clients = new StorageClients(new StorageSettings(azurite.ConnectionString, null, null, null, null));
        await new StorageSetup(clients).EnsureCreated(CancellationToken.None);
        return clients;
    }

    /// <summary>Other clients of the same account, whose requests go through <paramref name="handler"/>.</summary>
    public static StorageClients Over(Azurite azurite, HttpMessageHandler handler) =>
        new(new StorageSettings(azurite.ConnectionString, null, null, null, null), new HttpClientTransport(handler));

    public static string NewId(string prefix) => $"{prefix}{Guid.NewGuid():N}";

    public static async Task<List<T>> ToList<T>(this IAsyncEnumerable<T> source)
    {
        var all = new List<T>();
        await foreach (T item in source)
        {
            all.Add(item);
        }

        return all;
    }

    /// <summary>A clock that stands still; timers are the system's.</summary>
    public sealed class Clock(Instant now) : TimeProvider
    {
        public Instant Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
    }
}
