namespace Hub.EndToEnd.Tests.Support;

/// <summary>Waits for something that must happen, and says what did not.</summary>
internal static class Within
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>A token that ends a test that hangs.</summary>
    public static CancellationToken Minutes(int minutes) => new CancellationTokenSource(TimeSpan.FromMinutes(minutes)).Token;

    public static async Task Seconds(int seconds, string what, Func<Task<bool>> happened)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await happened())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(seconds))
            {
                throw new TimeoutException($"Within {seconds} s this did not happen: {what}.");
            }

            await Task.Delay(Pause);
        }
    }
}
