namespace Stripe;

/// <summary>Names the application in the user agent.</summary>
public class AppInfo
{
    public string Name { get; set; }

    public string PartnerId { get; set; }

    public string Url { get; set; }

    public string Version { get; set; }

    internal string FormatUserAgent() =>
        Name + (string.IsNullOrEmpty(Version) ? string.Empty : "/" + Version) + (string.IsNullOrEmpty(Url) ? string.Empty : $" ({Url})");
}
