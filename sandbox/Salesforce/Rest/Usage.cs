using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Kernel;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>Counts API calls over the last 24 hours of sandbox time.</summary>
public sealed class Usage(SandboxClock clock, SalesforceSettings settings)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<long, int> byHour = [];
    private int limit = settings.DailyLimit;

    /// <summary>Counts one call unless the allowance is used up.</summary>
    /// <returns>Whether the call may go ahead.</returns>
    public bool Take()
    {
        lock (gate)
        {
            if (Used() >= limit)
            {
                return false;
            }

            var hour = Hour();
            byHour[hour] = byHour.GetValueOrDefault(hour) + 1;
            return true;
        }
    }

    /// <summary>Sets the allowance and, if given, the calls counted so far.</summary>
    public void Set(int? max, int? used)
    {
        lock (gate)
        {
            limit = max ?? limit;
            if (used is { } count)
            {
                byHour.Clear();
                byHour[Hour()] = count;
            }
        }
    }

    /// <summary>Value of the <c>Sforce-Limit-Info</c> header.</summary>
    public string Header()
    {
        lock (gate)
        {
            return string.Create(CultureInfo.InvariantCulture, $"api-usage={Used()}/{limit}");
        }
    }

    /// <param name="bulkQueryJobs">Query jobs that may still be created today; null: not asked for.</param>
    public JsonObject Limits(int? bulkQueryJobs = null)
    {
        lock (gate)
        {
            return new JsonObject
            {
                ["DailyApiRequests"] = Entry(limit, Math.Max(0, limit - Used())),
                ["DailyBulkV2QueryJobs"] = Entry(10_000, bulkQueryJobs ?? 10_000),
                ["DataStorageMB"] = Entry(1_024, 1_000),
            };
        }
    }

    private static JsonObject Entry(int max, int remaining) => new() { ["Max"] = max, ["Remaining"] = remaining };

    private int Used()
    {
        var from = Hour() - 24;
        foreach (var old in byHour.Keys.TakeWhile(hour => hour <= from).ToList())
        {
            byHour.Remove(old);
        }

        return byHour.Values.Sum();
    }

    private long Hour() => clock.Now.ToUnixTimeSeconds() / 3_600;
}
