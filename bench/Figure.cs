namespace Hub.Bench;

/// <summary>What was measured of one operation.</summary>
/// <param name="Microseconds">Median.</param>
/// <param name="Bytes">Allocated by one operation.</param>
internal sealed record Figure(string Name, decimal Microseconds, long Bytes)
{
    public decimal PerSecond => Math.Round(1_000_000m / Microseconds);
}
