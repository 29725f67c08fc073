using Azure;
using Hub.Core.Audit;

namespace Hub.AzureStorage.Audit;

/// <summary>The open end of a chain.</summary>
/// <param name="Earlier">The chain's months before this one.</param>
/// <param name="Head">Last entry, in whatever month; null for an empty chain.</param>
/// <param name="Version">Version of this month's head; null before the month's first entry.</param>
internal sealed record Tail(string Partition, string Month, IReadOnlyList<string> Earlier, ChainHead? Head, ETag? Version);
