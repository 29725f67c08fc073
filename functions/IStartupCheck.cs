namespace Hub.Functions;

/// <summary>Something that must hold before the Hub takes work; every registered check runs once, before the first message.</summary>
public interface IStartupCheck
{
    /// <summary>What is wrong, one sentence per defect naming the setting at fault; empty when all is well.</summary>
    Task<IReadOnlyList<string>> Check(CancellationToken ct);
}
