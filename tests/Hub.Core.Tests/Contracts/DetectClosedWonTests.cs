using Hub.Core.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

public sealed class DetectClosedWonTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 10, 1, 9, 0);

    private readonly ContractPorts _ports = new() { Server = Now };

    [Fact]
    public async Task The_first_poll_looks_back_as_far_as_set()
    {
        Change("006000000000001AAA", Now - Duration.FromDays(6));
        Change("006000000000002AAA", Now - Duration.FromDays(8));

        await Handle();

        Assert.Equal(["006000000000001AAA"], _ports.Sent.Select(sent => sent.Message.OpportunityId));
        Assert.Equal(Now, _ports.Stored!.Through);
        Assert.Equal("contract-sync", _ports.Sent[0].Queue);
    }

    [Fact]
    public async Task The_overlap_enqueues_nothing_twice_but_finds_what_was_committed_late()
    {
        Change("006000000000001AAA", Now - Duration.FromSeconds(100));
        await Handle();

        // Committed after the first poll although its stamp is earlier.
        Change("006000000000002AAA", Now - Duration.FromSeconds(200));
        _ports.Server = Now + Duration.FromSeconds(60);
        await Handle();
        _ports.Server = Now + Duration.FromSeconds(120);
        await Handle();

        Assert.Equal(["006000000000001AAA", "006000000000002AAA"], _ports.Sent.Select(sent => sent.Message.OpportunityId));
    }

    // One read takes 200 deals: the messages are cut to it.
    [Fact]
    public async Task Many_changes_travel_two_hundred_to_a_message()
    {
        for (int deal = 0; deal < 401; deal++)
        {
            Change(SalesforceId.Parse($"006{deal:D12}").Value, Now - Duration.FromSeconds(100));
        }

        await Handle();

        Assert.Equal([200, 200], _ports.Batches.Select(batch => batch.OpportunityIds.Length));
        Assert.Single(_ports.Sent);
        Assert.Equal(401, _ports.Batches.SelectMany(batch => batch.OpportunityIds).Concat(_ports.Sent.Select(sent => sent.Message.OpportunityId)).Distinct().Count());
    }

    [Fact]
    public async Task Another_change_of_the_same_opportunity_is_enqueued_again()
    {
        Change("006000000000001AAA", Now - Duration.FromSeconds(100));
        await Handle();
        Change("006000000000001AAA", Now + Duration.FromSeconds(10));
        _ports.Server = Now + Duration.FromSeconds(60);

        await Handle();

        Assert.Equal(2, _ports.Sent.Count);
    }

    [Fact]
    public async Task An_opportunity_that_changed_with_all_its_lines_is_one_message()
    {
        Change("006000000000001AAA", Now - Duration.FromSeconds(100));
        Change("006000000000001AAA", Now - Duration.FromSeconds(100), ofLine: true);
        Change("006000000000001AAA", Now - Duration.FromSeconds(90), ofLine: true);

        await Handle();
        await Handle();

        Assert.Single(_ports.Sent);
        Assert.Equal(3, _ports.Stored!.Seen.Length);
    }

    [Fact]
    public async Task A_line_that_changes_alone_is_a_change_of_its_opportunity()
    {
        Change("006000000000001AAA", Now - Duration.FromSeconds(100));
        await Handle();
        Change("006000000000001AAA", Now + Duration.FromSeconds(10), ofLine: true);
        _ports.Server = Now + Duration.FromSeconds(60);

        await Handle();

        Assert.Equal(2, _ports.Sent.Count);
    }

    [Fact]
    public async Task Very_many_changes_at_once_are_forgotten_rather_than_too_much_for_the_watermark()
    {
        for (int number = 0; number < 6_000; number++)
        {
            Change($"006{number:D12}AAA", Now - Duration.FromSeconds(100));
        }

        await Handle();

        Assert.Equal((6_000, 5_000), (_ports.Batches.Sum(batch => batch.OpportunityIds.Length), _ports.Stored!.Seen.Length));
    }

    [Fact]
    public async Task Dying_before_the_watermark_moves_repeats_messages_and_loses_none()
    {
        Change("006000000000001AAA", Now - Duration.FromSeconds(100));
        Change("006000000000002AAA", Now - Duration.FromSeconds(90));
        _ports.DieAfter = 1;
        await Assert.ThrowsAsync<Killed>(Handle);
        Assert.Null(_ports.Stored);

        await Handle();

        Assert.Equal(2, _ports.Batches.Count);
        Assert.All(_ports.Batches, batch => Assert.Equal(["006000000000001AAA", "006000000000002AAA"], batch.OpportunityIds.AsEnumerable()));
    }

    [Fact]
    public async Task A_watermark_that_another_host_moved_stays_where_it_is()
    {
        _ports.OtherHostMovesWatermark = true;
        Change("006000000000001AAA", Now - Duration.FromSeconds(100));

        await Handle();

        Assert.Null(_ports.Stored);
        Assert.Single(_ports.Sent);
    }

    private void Change(string id, Instant at, bool ofLine = false) => _ports.Changes.Add(new(SalesforceId.Parse(id[..15]), at, !ofLine) { OfLine = ofLine });

    private Task Handle() => new DetectClosedWon(
        _ports, _ports, _ports, Options.Create(new ContractsOptions()), NullLogger<DetectClosedWon>.Instance).Handle(CancellationToken.None);
}
