namespace Hub.Host.Startup;

/// <summary>A host ready to run, or everything that keeps it from starting.</summary>
internal abstract record Prepared
{
    private Prepared()
    {
    }

    /// <param name="IsCustomHandler">Called by the Functions host; otherwise it runs alone.</param>
    public sealed record Ready(WebApplication App, bool IsCustomHandler) : Prepared;

    /// <param name="Defects">One sentence each.</param>
    public sealed record Refused(IReadOnlyList<string> Defects) : Prepared;
}
