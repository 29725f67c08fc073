using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Hub.Cli.Demo;

/// <summary><c>hub demo</c>: the whole mission on one machine, from closed-won deals to compared books.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var exit = new Option<bool>("--exit") { Description = "End after the summary instead of running on until Ctrl-C." };
        var json = new Option<bool>("--json") { Description = "Print the summary as JSON on standard output; progress goes to standard error." };
        var seed = new Option<int>("--seed") { Description = "Seed of the generated deals and payments; equal seeds give equal numbers.", DefaultValueFactory = _ => 1 };
        var days = new Option<int>("--days") { Description = "How many days the story lasts.", DefaultValueFactory = _ => 100 };
        var kills = new Option<int>("--kills") { Description = "End the host without warning this many times while the story plays, and restart it." };
        AtLeast(days, 1);
        AtLeast(kills, 0);
        var command = new Command("demo", "Play the whole story against simulators: bill deals, move 100 days, remind, reconcile.") { exit, json, seed, days, kills };
        command.SetAction((parsed, ct) => Run(
            new DemoOptions(parsed.GetValue(seed), parsed.GetValue(days), parsed.GetValue(kills)),
            parsed.GetValue(exit),
            parsed.GetValue(json),
            ct));
        return command;
    }

    private static void AtLeast(Option<int> option, int least) => option.Validators.Add(given =>
    {
        // Text that is no number at all has been refused in words of its own.
        if (given.Tokens is [var text] && int.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value < least)
        {
            given.AddError($"{option.Name} must be {least} or more, not {value}.");
        }
    });

    private static async Task<int> Run(DemoOptions options, bool exit, bool json, CancellationToken ct)
    {
        IAnsiConsole screen = Screen(json);
        try
        {
            await using Stack stack = await Stack.Start(options.Seed, text => screen.MarkupLineInterpolated($"[grey]{text}[/]"), ct);
            (Summary summary, string runId) = await Play(options, stack, screen, ct);
            Show(summary, json, screen);
            if (!exit)
            {
                screen.Write(SummaryTables.Urls(stack, runId));
                screen.MarkupLine("[grey]Running on; docs/demo.md shows what to ask it. Ctrl-C ends it.[/]");
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            }

            return summary is { FootOk: true, Audit.Ok: true } ? 0 : 1;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception failed) when (failed is InvalidOperationException or HttpRequestException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            screen.MarkupLineInterpolated($"[red]{failed.Message}[/]");
            return 1;
        }
    }

    // With --json the summary has standard output for itself. A file or a pipe gets plain text.
    private static IAnsiConsole Screen(bool json) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = (json ? Console.IsErrorRedirected : Console.IsOutputRedirected) ? AnsiSupport.No : AnsiSupport.Detect,
        Out = new AnsiConsoleOutput(json ? Console.Error : Console.Out),
    });

    private static async Task<(Summary Summary, string RunId)> Play(DemoOptions options, Stack stack, IAnsiConsole screen, CancellationToken ct)
    {
        using var world = new SandboxClient(stack.SandboxUrl);
        using var hub = new HostClient(stack.HostUrl, stack.MasterKey);
        long start = TimeProvider.System.GetTimestamp();
        string runId = await screen.Progress()
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async bars => await Tell(bars.AddTask("The story", maxValue: options.Days + 2), options, stack, world, hub, ct));
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        return (await new SummaryBuilder(options, stack, world, hub).Build(runId, seconds, ct), runId);
    }

    private static async Task<string> Tell(
        ProgressTask bar, DemoOptions options, Stack stack, SandboxClient world, HostClient hub, CancellationToken ct)
    {
        await using var kills = new Kills(options, stack);
        var story = new Story(options, stack, world, hub, new Progress<StoryProgress>(step =>
        {
            kills.Reached(step.Day);
            bar.Description = kills.Done == 0 ? step.What : $"{step.What}, host ended {kills.Done} times";
            bar.Value = step.Day;
        }));
        await story.Play(ct);
        await kills.Finish(hub, ct);
        bar.Description = options.Kills == 0 ? "The story is told" : $"The story is told; the host was ended {kills.Done} times";
        bar.Value = bar.MaxValue;
        return story.RunId;
    }

    private static void Show(Summary summary, bool json, IAnsiConsole screen)
    {
        if (json)
        {
            Console.Out.WriteLine(summary.ToJson());
            return;
        }

        foreach (Table table in SummaryTables.Of(summary))
        {
            screen.Write(table);
        }
    }
}
