using System.Runtime.InteropServices;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Host.Startup;
using NodaTime;
using NodaTime.Text;

namespace Hub.Host.Backfill;

/// <summary>The backfill of deals won in the past, with the wiring and settings the host would run with; takes no other work.</summary>
internal static class BackfillCommand
{
    public const string Argument = "--backfill";

    private const int Done = 0;
    private const int Undone = 1;
    private const int Misused = 2;

    // Standard output carries the answer alone.
    private static readonly string[] Quiet = ["--Logging:LogLevel:Default=Warning", "--Logging:Console:LogToStandardErrorThreshold=Trace"];

    /// <returns>0 when it did what was asked, a limit included; 1 when something is left to do or the settings are wrong; 2 for arguments that are none.</returns>
    public static async Task<int> Run(string[] args, HostedFunctions hosted)
    {
        if (BackfillArguments.Read(args) is not { } arguments)
        {
            await Console.Error.WriteLineAsync("--backfill takes --since YYYY-MM-DD, --dry-run, --resume, --limit NUMBER and --format json|csv|table.");
            return Misused;
        }

        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        switch (await HostBuilding.Prepare(Quiet, hosted, stop.Token))
        {
            case Prepared.Ready ready:
                await using (ready.App)
                {
                    return await Run(arguments, ready.App.Services, stop.Token);
                }

            case Prepared.Refused refused:
                foreach (string defect in refused.Defects)
                {
                    await Console.Error.WriteLineAsync(defect);
                }

                return Undone;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> Run(BackfillArguments arguments, IServiceProvider services, CancellationToken ct)
    {
        var progress = new ProgressLine(Console.Error, !Console.IsErrorRedirected);
        try
        {
            LocalDate? since = arguments.Since ?? (await services.GetRequiredService<IBackfillProgress>().Unfinished(ct))?.Since;
            if (since is not { } from)
            {
                await Console.Error.WriteLineAsync("No backfill was cut off; name a cut-off date with --since YYYY-MM-DD.");
                return Misused;
            }

            var request = new BackfillRequest(from, arguments.Limit);
            return arguments.DryRun
                ? Told(await services.GetRequiredService<BackfillPreview>().Handle(request, progress, ct), arguments.Format, progress)
                : Told(await services.GetRequiredService<BackfillContracts>().Handle(request, progress, ct), from, arguments.Format, progress);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            progress.End();
            await Console.Error.WriteLineAsync("Stopped. What was put on the queue stays there; the same command goes on behind it.");
            return Undone;
        }
        finally
        {
            progress.End();
        }
    }

    private static int Told(BackfillPreviewOutcome outcome, string format, ProgressLine progress)
    {
        progress.End();
        if (outcome is not BackfillPreviewOutcome.Reported(var report))
        {
            return Left(((BackfillPreviewOutcome.NoList)outcome).Reason);
        }

        Console.Out.Write(format switch
        {
            "csv" => BackfillReporting.Csv(report),
            "table" => BackfillReporting.Summary(report),
            _ => BackfillReporting.Json(report) + Environment.NewLine,
        });
        return Done;
    }

    private static int Told(BackfillOutcome outcome, LocalDate since, string format, ProgressLine progress)
    {
        progress.End();
        return outcome switch
        {
            BackfillOutcome.Finished(var queued, var listed) => Ended("finished", queued, listed, listed),
            BackfillOutcome.Limited(var queued, var done, var listed) => Ended("limited", queued, done, listed),
            BackfillOutcome.StillRunning(var job, var state) => Left($"Salesforce still works on query job {job} ({state}). It goes on by itself; run the same command again later."),
            BackfillOutcome.Failed(var reason) => Left(reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        int Ended(string state, long queued, long done, long listed)
        {
            Console.Out.WriteLine(format == "json"
                ? JsonSerializer.Serialize(new { since = LocalDatePattern.Iso.Format(since), dryRun = false, state, queued, done, listed }, JsonSerializerOptions.Web)
                : $"{queued} opportunities were put on the queue; {done} of {listed} are done.");
            return Done;
        }
    }

    private static int Left(string reason)
    {
        Console.Error.WriteLine(reason);
        return Undone;
    }
}
