using System.CommandLine;
using System.CommandLine.Invocation;
using Hub.Cli.Backfill;
using Hub.Cli.Bench;
using Hub.Cli.Demo;
using Hub.Cli.Doctor;
using Hub.Cli.Document;
using Hub.Cli.Plan;
using Hub.Cli.Publish;
using Hub.Cli.Run;
using Hub.Cli.Test;

namespace Hub.Cli;

/// <summary><c>hub</c>: all commands, and the exit code they share.</summary>
internal static class HubCommand
{
    /// <summary>The command line itself is wrong; the same as for input that cannot be read.</summary>
    public const int Misused = 2;

    /// <returns>The command's own code; 2 with one line per defect when the command line is none of the Hub's.</returns>
    public static async Task<int> Run(string[] args)
    {
        ParseResult parsed = Create().Parse(args);
        if (parsed.Action is ParseErrorAction misuse)
        {
            // The list of commands helps whoever typed nothing at all; after a slip it would push the line that names it off the screen.
            misuse.ShowHelp = args.Length == 0;
            await parsed.InvokeAsync();
            return Misused;
        }

        // After Ctrl-C a command still ends what it started; a host in turn finishes its work within its drain time (30 s by default).
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
    }

    private static RootCommand Create() => new("The Hub: closed-won Salesforce opportunities become exactly the right Stripe Billing.")
    {
        DemoCommand.Create(),
        TestCommand.Create(),
        PlanCommand.Create(),
        DocumentCommand.Create(),
        RunCommand.Create(),
        BackfillCommand.Create(),
        DoctorCommand.Create(),
        PublishCommand.Create(),
        BenchCommand.Create(),
    };
}
