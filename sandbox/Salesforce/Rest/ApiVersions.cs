using System.Globalization;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>The versions the service offers: three releases a year, 67.0 being Summer '26.</summary>
public static class ApiVersions
{
    private const int Oldest = 31;
    private const int Newest = 67;

    public static JsonArray List() => new([.. Enumerable.Range(Oldest, Newest - Oldest + 1).Select(version => (JsonNode)new JsonObject
    {
        ["label"] = Label(version),
        ["url"] = string.Create(CultureInfo.InvariantCulture, $"/services/data/v{version}.0"),
        ["version"] = string.Create(CultureInfo.InvariantCulture, $"{version}.0"),
    })]);

    /// <summary>What is wrong with a version of the path; null when it is offered.</summary>
    public static SalesforceError? Problem(string version)
    {
        var known = version.StartsWith('v') && version.EndsWith(".0", StringComparison.Ordinal)
            && int.TryParse(version[1..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : 0;
        return known switch
        {
            >= Oldest and <= Newest => null,
            >= 21 and < Oldest => new SalesforceError("UNSUPPORTED_API_VERSION", "The requested API version is retired.") { Status = 410 },
            _ => new SalesforceError("NOT_FOUND", "The requested resource does not exist") { Status = 404 },
        };
    }

    private static string Label(int version)
    {
        var (season, year) = (version % 3) switch
        {
            0 => ("Spring", 26 + ((version - 66) / 3)),
            1 => ("Summer", 26 + ((version - 67) / 3)),
            _ => ("Winter", 27 + ((version - 68) / 3)),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{season} '{year:00}");
    }
}
