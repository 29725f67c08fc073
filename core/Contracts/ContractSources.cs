namespace Hub.Core.Contracts;

/// <summary>Values of <see cref="ContractChanged.Source"/>.</summary>
public static class ContractSources
{
    public const string Poll = "poll";
    public const string OutboundMessage = "outbound-message";

    /// <summary>An amendment was, or is to be, applied to the contract.</summary>
    public const string Amendment = "amendment";

    /// <summary>The day has come to send later phases.</summary>
    public const string Phases = "phases";

    /// <summary>A flow's HTTP callout.</summary>
    public const string Flow = "flow";

    /// <summary>The bulk backfill of deals won in the past.</summary>
    public const string Backfill = "backfill";

    /// <summary>A person asked; write-backs that Salesforce refused are tried again.</summary>
    public const string Manual = "manual";
}
