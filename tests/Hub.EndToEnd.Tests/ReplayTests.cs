using System.Text.Json;
using Hub.EndToEnd.Tests.Replay;

namespace Hub.EndToEnd.Tests;

/// <summary>Seven deals and two months are played; then every message the Hub ever handled comes twice more, and every webhook too, all mixed up.</summary>
public sealed class ReplayTests(ReplayedStory story) : IClassFixture<ReplayedStory>
{
    [Fact]
    public void The_story_has_something_of_everything()
    {
        Assert.Equal(7, story.Sent["contract-sync"] / 2);
        Assert.Equal(10, story.Sent["reconcile-shard"] / 2);
        Assert.InRange(story.Sent["reminder"] / 2, 5, 50);
        Assert.InRange(story.Sent["stripe-event"] / 2, 50, 500);
        Assert.Equal(story.Sent["stripe-event"], story.Sent["webhook"]);
        Assert.Equal(5, story.Before.Stripe.Count(row => row.StartsWith("subscription_schedules ", StringComparison.Ordinal)));
        Assert.Contains(story.Before.Stripe, row => row.StartsWith("invoices ", StringComparison.Ordinal) && row.Contains("\"status\":\"paid\"", StringComparison.Ordinal));
        Assert.Contains(story.Before.Discrepancies, text => text.Contains("QUANTITY_MISMATCH", StringComparison.Ordinal));
        Assert.Contains(story.Before.Discrepancies, text => text.Contains("MISSING_IN_BILLING", StringComparison.Ordinal));
    }

    [Fact]
    public void Stripe_holds_the_same_objects_with_the_same_content() => Assert.Equal(story.Before.Stripe, story.After.Stripe);

    [Fact]
    public void Salesforce_was_not_written_to_at_all() => Assert.Equal(story.Before.Salesforce, story.After.Salesforce);

    [Fact]
    public void No_reminder_left_again() => Assert.Equal(story.Before.Outbox, story.After.Outbox);

    [Fact]
    public void The_audit_trail_has_the_same_entries_and_verifies()
    {
        Assert.True(story.Before.AuditOk);
        Assert.True(story.After.AuditOk);
        Assert.InRange(story.Before.AuditEntries, 50, int.MaxValue);
        Assert.Equal(story.Before.AuditEntries, story.After.AuditEntries);
    }

    [Fact]
    public void The_run_and_its_discrepancies_stand() => Assert.Equal(story.Before.Discrepancies, story.After.Discrepancies);

    [Fact]
    public void Not_one_row_of_the_Hub_was_rewritten() => Assert.Equal(story.Before.Rows, story.After.Rows);

    [Fact]
    public void No_message_is_left_or_poison() => Assert.All(
        JsonSerializer.Deserialize<JsonElement>(story.After.Queues).EnumerateArray(),
        queue => Assert.Equal((0, 0), (queue.GetProperty("waiting").GetInt32(), queue.GetProperty("poison").GetInt32())));
}
