using Azure.Data.Tables;
using NodaTime;

namespace Hub.AzureStorage.Tables;

/// <summary>Instants as table dates (UTC, 100 ns).</summary>
internal static class EntityTime
{
    public static void Put(this TableEntity entity, string name, Instant? instant) => entity[name] = instant?.ToDateTimeOffset();

    public static Instant? FindInstant(this TableEntity entity, string name) =>
        entity.GetDateTimeOffset(name) is { } date ? Instant.FromDateTimeOffset(date) : null;

    public static Instant GetInstant(this TableEntity entity, string name) =>
        entity.FindInstant(name) ?? throw new InvalidOperationException($"A stored row has no {name}.");

    public static T GetEnum<T>(this TableEntity entity, string name)
        where T : struct, Enum => Enum.Parse<T>(entity.GetString(name));
}
