namespace Hub.Host.Tests.Support;

/// <summary>Waits for something to become true, with a deadline instead of a guess.</summary>
internal static class Eventually
{
    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    public static async Task True(Func<Task<bool>> condition, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20), $"Within 20 s: {what}");
            await Task.Delay(10);
        }
    }
}
