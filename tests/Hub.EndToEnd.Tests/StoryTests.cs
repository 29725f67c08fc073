using System.Text.Json.Nodes;
using Hub.Cli.Demo;

namespace Hub.EndToEnd.Tests;

/// <summary>The demo's story in a shorter form, on real processes: Azurite, sandbox, host.</summary>
public sealed class StoryTests
{
    // Forty-five days hold every reminder step but the last and the first two planted differences.
    private static readonly DemoOptions Calm = new(Seed: 3, Days: 45, Kills: 0);
    private static readonly DemoOptions Stormy = Calm with { Kills = 5 };

    [Fact]
    public async Task Killing_the_host_at_random_moments_changes_nothing_but_the_number_of_calls()
    {
        Told calm = await Tell(Calm);
        Told stormy = await Tell(Stormy);

        Assert.Equal(WithoutCost(calm.Summary), WithoutCost(stormy.Summary));
        Assert.Equal(Stormy.Kills, stormy.Kills);
        Assert.All((Told[])[calm, stormy], told => Assert.All(told.SchedulesPerDeal, deal => Assert.Equal(1, deal.Value)));
        Assert.Equal(calm.Reminders, stormy.Reminders);
    }

    [Fact]
    public async Task The_story_finds_what_was_planted_and_its_proofs_hold()
    {
        Summary summary = (await Tell(Calm with { Seed = 4 })).Summary;

        Assert.Equal(60, summary.Deals.Planned + summary.Deals.Refused);
        Assert.True(summary.Deals.Findings.Count >= 6, "At least six deals are refused, each for another reason.");
        Assert.Equal(1, summary.Discrepancies["QUANTITY_MISMATCH"].Count);
        Assert.Equal(1, summary.Discrepancies["CANCELLED_WON"].Count);
        Assert.Equal(summary.Deals.Refused, summary.Discrepancies["MISSING_IN_BILLING"].Count);
        Assert.True(summary.FootOk);
        Assert.True(summary.Audit is { Ok: true, Entries: > 0 });
        Assert.True(summary.Calls is { Salesforce: > 0, Stripe: > 0, Storage: > 0 });
    }

    private static string WithoutCost(Summary summary)
    {
        JsonObject json = JsonNode.Parse(summary.ToJson())!.AsObject();
        json.Remove("calls");
        json.Remove("seconds");
        return json.ToJsonString();
    }

    private static async Task<Told> Tell(DemoOptions options)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(6));
        await using Stack stack = await Stack.Start(options.Seed, _ => { }, limit.Token);
        using var world = new SandboxClient(stack.SandboxUrl);
        using var hub = new HostClient(stack.HostUrl, stack.MasterKey);
        await using var kills = new Kills(options, stack);
        var story = new Story(options, stack, world, hub, new Immediately(kills));
        await story.Play(limit.Token);
        await kills.Finish(hub, limit.Token);
        Summary summary = await new SummaryBuilder(options, stack, world, hub).Build(story.RunId, 0, limit.Token);
        return new Told(summary, kills.Done, await SchedulesPerDeal(world, limit.Token), Reminders(stack.Outbox));
    }

    private static async Task<SortedDictionary<string, int>> SchedulesPerDeal(SandboxClient world, CancellationToken ct) => new(
        (await world.StripeList("/v1/subscription_schedules", ct))
        .GroupBy(schedule => schedule.GetProperty("metadata").GetProperty("sf_opportunity_id").GetString()!)
        .ToDictionary(deal => deal.Key, deal => deal.Count()), StringComparer.Ordinal);

    // One file per message that left, named by its operation id. A second message of a step would have to overwrite the first, which the
    // outbox refuses; the host's own count of sent messages is compared through the audit entries of the summary.
    private static int Reminders(string outbox) => Directory.EnumerateFiles(outbox, "*.eml").Count();

    private sealed record Told(Summary Summary, int Kills, SortedDictionary<string, int> SchedulesPerDeal, int Reminders);

    private sealed class Immediately(Kills kills) : IProgress<StoryProgress>
    {
        public void Report(StoryProgress value) => kills.Reached(value.Day);
    }
}
