using Hub.Cli.Processes;

namespace Hub.Cli.Tests.Processes;

public sealed class ChildProcessTests
{
    // Says when it can be asked, and takes a second to end.
    private const string Slow = "trap 'sleep 1; echo ended; exit 7' TERM; echo ready; while :; do sleep 0.05; done";

    [Theory]
    [InlineData(null, true)]
    [InlineData(0.1, false)]
    [InlineData(-0.001, true)]
    public async Task A_process_may_take_the_time_it_was_given_to_end(double? stopWithinSeconds, bool ends)
    {
        if (OperatingSystem.IsWindows())
        {
            // There is no signal there that asks: processes are ended at once.
            return;
        }

        var ready = new TaskCompletionSource();
        var said = new List<string>();
        await using (ChildProcess.Start(
            "sh", ["-c", Slow], onLine: Hear, stopWithin: stopWithinSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null))
        {
            await ready.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(ends, said.Contains("ended"));

        void Hear(string line)
        {
            said.Add(line);
            if (line == "ready")
            {
                ready.SetResult();
            }
        }
    }
}
