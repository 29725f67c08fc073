using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.EndToEnd.Tests.Support;
using Hub.Sandbox.Seed;

namespace Hub.EndToEnd.Tests;

/// <summary>The backfill command beside a running host: a look ahead, a limited run, a failed job, and going on to the end.</summary>
public sealed class BackfillTests
{
    private static readonly string[] Names = ["annual-prepaid", "monthly", "net-45", "quarterly"];
    private readonly CancellationToken _ct = Within.Minutes(5);

    [Fact]
    public async Task A_look_ahead_writes_nothing_and_the_backfill_bills_what_was_won_since_the_cut_off()
    {
        await using SandboxStack stack = await SandboxStack.Start(new Dictionary<string, string>(), _ct);
        string[] ids = await Insert(stack);
        string stripe = await stack.Read("/sandbox/stripe/state", _ct);
        await stack.Control("/sandbox/salesforce/bulk", new JsonObject { ["waitSeconds"] = 0, ["runSeconds"] = 0, ["pageSize"] = 1 }, _ct);

        // The third deal cannot be billed, the fourth was won before the cut-off.
        HostAnswer look = await Backfill(stack, "--since", "2026-01-01", "--dry-run");

        Assert.True(look.Code == 0, look.Errors);
        JsonElement report = JsonDocument.Parse(look.Output).RootElement;
        Assert.Equal("""{"planned":2,"rejected":1}""", report.GetProperty("outcomes").GetRawText());
        Assert.Equal("payment-terms-unknown", report.GetProperty("findings")[0].GetProperty("code").GetString());
        Assert.Equal(ids[..3].Order(StringComparer.Ordinal), report.GetProperty("deals").EnumerateArray().Select(deal => deal.GetProperty("opportunityId").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(stripe, await stack.Read("/sandbox/stripe/state", _ct));
        Assert.All(await Statuses(stack), status => Assert.Null(status.Value));

        // The first job fails; of the fresh list one opportunity is taken.
        await stack.Control("/sandbox/salesforce/bulk", new JsonObject { ["fail"] = 1 }, _ct);
        HostAnswer first = await Backfill(stack, "--since", "2026-01-01", "--limit", "1");

        Assert.True(first.Code == 0, first.Errors);
        Assert.Equal(
            ("limited", 1, 3), (Text(first, "state"), JsonDocument.Parse(first.Output).RootElement.GetProperty("queued").GetInt32(), JsonDocument.Parse(first.Output).RootElement.GetProperty("listed").GetInt32()));

        HostAnswer rest = await Backfill(stack, "--resume");

        Assert.True(rest.Code == 0, rest.Errors);
        Assert.Equal("finished", Text(rest, "state"));
        Assert.Equal(2, JsonDocument.Parse(rest.Output).RootElement.GetProperty("queued").GetInt32());
        await stack.Host.Client.WaitUntilIdle(_ct);
        Dictionary<string, string?> statuses = await Statuses(stack);
        Assert.Equal(["Billing active", "Billing active", "Needs attention", null], ids.Select(id => statuses[id]));

        HostAnswer again = await Backfill(stack, "--since", "2026-01-01", "--dry-run", "--format", "table");

        Assert.Contains("2  unchanged", again.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await Backfill(stack, "--resume")).Code);
    }

    private static string? Text(HostAnswer answer, string name) => JsonDocument.Parse(answer.Output).RootElement.GetProperty(name).GetString();

    private Task<HostAnswer> Backfill(SandboxStack stack, params string[] arguments) => HostCommand.Run(stack.Setup, ["--backfill", .. arguments], _ct);

    private async Task<string[]> Insert(SandboxStack stack)
    {
        await Catalogued.Insert(stack, _ct);
        List<string> ids = [];
        foreach (string name in Names)
        {
            JsonObject records = Samples.Records(name);
            JsonNode opportunity = records["Opportunity"]![0]!;
            ids.Add((string)opportunity["Id"]!);
            opportunity["Hub_Payment_Terms__c"] = ids.Count == 3 ? "Net 33" : (string?)opportunity["Hub_Payment_Terms__c"];
            opportunity["LastStageChangeDate"] = ids.Count == 4 ? "2025-12-31T23:59:59.000+0000" : (string?)opportunity["LastStageChangeDate"];
            await stack.Insert(records, _ct);
        }

        return [.. ids];
    }

    // What is owed to Salesforce leaves with the next write-back.
    private async Task<Dictionary<string, string?>> Statuses(SandboxStack stack)
    {
        await stack.Host.Client.RunTimer("WriteBackResults", _ct);
        return (await stack.World.Records("Opportunity", _ct))
            .ToDictionary(record => record.GetProperty("Id").GetString()!, record => record.GetProperty("Hub_Sync_Status__c").GetString());
    }
}
