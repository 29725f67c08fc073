using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Hub.Sandbox.Kernel;

namespace Hub.Sandbox.Tests.Kernel;

public sealed class SandboxClockTests
{
    [Fact]
    public async Task Clock_starts_at_the_default_and_moves_only_when_told()
    {
        await using var sandbox = await RunningSandbox.Start();

        Assert.Equal("2026-01-05T06:00:00Z", (string?)(await sandbox.Control("/sandbox/clock"))["now"]);
        Assert.Equal("2026-01-07T06:00:00Z", (string?)(await sandbox.Control("/sandbox/clock/advance", new { days = 2 }))["now"]);
        Assert.Equal("2026-01-07T06:01:30Z", (string?)(await sandbox.Control("/sandbox/clock/advance", new { seconds = 90 }))["now"]);
        Assert.Equal("2026-02-01T00:00:00Z", (string?)(await sandbox.AdvanceTo("2026-02-01T00:00:00Z"))["now"]);
    }

    [Fact]
    public async Task Clock_never_goes_back()
    {
        await using var sandbox = await RunningSandbox.Start("--now", "2026-03-01T00:00:00Z");

        using var refused = await sandbox.Http.PostAsJsonAsync("/sandbox/clock/advance", new { to = "2026-02-28T23:59:59Z" });

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("2026-03-01T00:00:00Z", (string?)(await sandbox.Control("/sandbox/clock"))["now"]);
    }

    [Theory]
    [InlineData("""{"day":1}""")]
    [InlineData("""{"days":1,"seconds":1}""")]
    [InlineData("{}")]
    [InlineData("days=1")]
    public async Task Control_body_that_is_not_understood_is_refused(string body)
    {
        await using var sandbox = await RunningSandbox.Start();

        using var content = new StringContent(body);
        using var refused = await sandbox.Http.PostAsync(new Uri("/sandbox/clock/advance", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Parts_are_played_in_time_order_with_the_clock_standing_at_each_due_instant()
    {
        using var clock = new SandboxClock(At("2026-01-01T00:00:00Z"));
        var played = new List<string>();
        clock.Drive(new Alarm(clock, "late", played, At("2026-01-03T00:00:00Z"), At("2026-01-09T00:00:00Z")));
        clock.Drive(new Alarm(clock, "early", played, At("2026-01-02T00:00:00Z"), At("2026-01-04T00:00:00Z")));

        await clock.AdvanceTo(At("2026-01-05T00:00:00Z"), CancellationToken.None);

        Assert.Equal(["early 2", "late 3", "early 4"], played);
        Assert.Equal(At("2026-01-05T00:00:00Z"), clock.Now);
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private sealed class Alarm(SandboxClock clock, string name, List<string> played, params DateTimeOffset[] times) : IClockDriven
    {
        private readonly Queue<DateTimeOffset> left = new(times);

        public DateTimeOffset? NextDue => left.TryPeek(out var next) ? next : null;

        public Task RunDue(CancellationToken ct)
        {
            left.Dequeue();
            played.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {clock.Now.Day}"));
            return Task.CompletedTask;
        }
    }
}
