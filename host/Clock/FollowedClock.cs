namespace Hub.Host.Clock;

/// <summary>Reads setting <c>Clock:FollowUrl</c>, which replaces the system clock in the Development environment and nowhere else.</summary>
internal static class FollowedClock
{
    public const string Setting = "Clock:FollowUrl";

    /// <returns>The followed clock, or null when the system's is used or the setting is at fault.</returns>
    public static async Task<FollowedTimeProvider?> From(
        IConfiguration configuration, IHostEnvironment environment, TimeSpan patience, List<string> defects, CancellationToken ct)
    {
        string? text = configuration[Setting];
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (!environment.IsDevelopment())
        {
            defects.Add($"{Setting} is allowed in the Development environment only; this is {environment.EnvironmentName}.");
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
        {
            defects.Add($"{Setting} must be an http address, not '{text}'.");
            return null;
        }

        try
        {
            return await FollowedTimeProvider.Follow(url, patience, ct);
        }
        catch (InvalidOperationException silent)
        {
            defects.Add($"{Setting}: {silent.Message}");
            return null;
        }
    }
}
