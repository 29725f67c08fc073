using Hub.Host.Clock;
using Hub.Host.Tests.Support;

namespace Hub.Host.Tests.Clock;

public sealed class FollowedTimeProviderTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 4, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_time_is_the_followed_clocks()
    {
        await using ClockServer server = await ClockServer.Run(Start);
        await using FollowedTimeProvider time = await Follow(server);

        Assert.Equal(Start, time.GetUtcNow());
        server.Now = Start.AddDays(1);

        await Eventually.True(() => time.GetUtcNow() == Start.AddDays(1), "the new time is seen");
    }

    [Fact]
    public async Task A_refresh_sees_the_time_at_once()
    {
        await using ClockServer server = await ClockServer.Run(Start);
        await using FollowedTimeProvider time = await Follow(server);

        server.Now = Start.AddDays(1);
        await time.Refresh(CancellationToken.None);

        Assert.Equal(Start.AddDays(1), time.GetUtcNow());
    }

    [Fact]
    public async Task Time_never_goes_back()
    {
        await using ClockServer server = await ClockServer.Run(Start);
        await using FollowedTimeProvider time = await Follow(server);

        server.Now = Start.AddDays(-1);
        await time.Refresh(CancellationToken.None);

        Assert.Equal(Start, time.GetUtcNow());
    }

    [Fact]
    public async Task A_wait_ends_when_the_followed_time_passes()
    {
        await using ClockServer server = await ClockServer.Run(Start);
        await using FollowedTimeProvider time = await Follow(server);

        Task wait = Task.Delay(TimeSpan.FromDays(3), time);
        server.Now = Start.AddDays(2);
        await time.Refresh(CancellationToken.None);
        Assert.False(wait.IsCompleted);
        server.Now = Start.AddDays(3);

        await wait.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_short_pause_ends_although_the_followed_clock_stands_still()
    {
        await using ClockServer server = await ClockServer.Run(Start);
        await using FollowedTimeProvider time = await Follow(server);

        await Task.Delay(TimeSpan.FromMilliseconds(20), time).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(Start, time.GetUtcNow());
    }

    [Fact]
    public async Task A_disposed_timer_stays_quiet()
    {
        await using ClockServer server = await ClockServer.Run(Start);
        await using FollowedTimeProvider time = await Follow(server);
        int fired = 0;
        ITimer timer = time.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromDays(1), Timeout.InfiniteTimeSpan);

        await timer.DisposeAsync();
        server.Now = Start.AddDays(2);
        await time.Refresh(CancellationToken.None);

        // A second timer on the same reading has fired, so the first had its chance.
        await Task.Delay(TimeSpan.FromTicks(1), time).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, Volatile.Read(ref fired));
    }

    [Fact]
    public async Task A_clock_that_does_not_answer_is_an_error_in_words()
    {
        Uri nobody = new($"http://127.0.0.1:{TestProcess.FreePort()}/clock");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => FollowedTimeProvider.Follow(nobody, TimeSpan.Zero, CancellationToken.None));

        Assert.StartsWith($"{nobody} does not answer with {{ \"now\": INSTANT }}:", failure.Message, StringComparison.Ordinal);
    }

    private static Task<FollowedTimeProvider> Follow(ClockServer server) =>
        FollowedTimeProvider.Follow(server.Url, TimeSpan.FromSeconds(10), CancellationToken.None);
}
