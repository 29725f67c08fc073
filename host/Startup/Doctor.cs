using Hub.Core.Readiness;

namespace Hub.Host.Startup;

/// <summary>Examines the settings and everything the Hub depends on, without taking any work.</summary>
internal static class Doctor
{
    public const string Argument = "--doctor";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>0 when a host would start and reaches everything; 1 otherwise, with one line per finding.</returns>
    public static async Task<int> Examine(string[] args, HostedFunctions hosted, CancellationToken ct)
    {
        IReadOnlyList<string> findings = await HostBuilding.Prepare(args, hosted, ct) switch
        {
            Prepared.Refused refused => refused.Defects,
            Prepared.Ready ready => await Ask(ready.App, ct),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        foreach (string finding in findings)
        {
            Console.WriteLine($"✗ {finding}");
        }

        Console.WriteLine(findings.Count == 0 ? "Everything is set and reachable." : $"{findings.Count} to mend. docs/settings.md explains each setting.");
        return findings.Count == 0 ? 0 : 1;
    }

    private static async Task<IReadOnlyList<string>> Ask(WebApplication app, CancellationToken ct)
    {
        await using (app)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            IEnumerable<Task<string?>> answers = app.Services.GetServices<IDependencyCheck>().Select(check => Ask(check, limit.Token));
            return [.. (await Task.WhenAll(answers)).OfType<string>()];
        }
    }

    private static async Task<string?> Ask(IDependencyCheck check, CancellationToken ct)
    {
        try
        {
            if (await check.Check(ct) is { } problem)
            {
                return StartupDefects.OneLine($"{check.Name}: {problem}");
            }

            Console.WriteLine($"✓ {check.Name}");
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"{check.Name}: no answer within {Patience.TotalSeconds:0} s";
        }
    }
}
