using Hub.Host.Queues;

namespace Hub.Host.Tests.Queues;

public sealed class PollingBackoffTests
{
    [Fact]
    public void Pauses_double_within_a_fifth_and_stop_at_the_maximum()
    {
        var backoff = new PollingBackoff(TimeSpan.FromSeconds(1), new Random(7));

        double[] pauses = [.. Enumerable.Range(0, 6).Select(_ => backoff.Next().TotalMilliseconds)];

        // 100, 200, 400, 800 ms, each ±20 % but never below 100; then the maximum.
        Assert.InRange(pauses[0], 100, 120);
        Assert.InRange(pauses[1], 160, 240);
        Assert.InRange(pauses[2], 320, 480);
        Assert.InRange(pauses[3], 640, 960);
        Assert.Equal([1000, 1000], pauses[4..]);
    }

    [Fact]
    public void A_message_brings_the_pauses_back_to_the_shortest()
    {
        var backoff = new PollingBackoff(TimeSpan.FromMinutes(1), new Random(7));
        _ = Enumerable.Range(0, 9).Select(_ => backoff.Next()).ToArray();

        backoff.Reset();

        Assert.InRange(backoff.Next().TotalMilliseconds, 100, 120);
    }
}
