using System.Collections.Immutable;
using Hub.AzureStorage.Contracts;
using Hub.Core.Contracts;
using Hub.Testing;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

public sealed class WriteBackRowTests
{
    private static readonly Instant Now = Storage.Now;

    [Fact]
    public async Task What_is_owed_comes_back_as_it_was_until_it_is_settled()
    {
        WriteBacks rows = await Rows();
        OwedWriteBack owed = Owed("a", ("Text__c", "ä\"\n"), ("Number__c", 9999999999999999.99m), ("Flag__c", true), ("Nothing__c", null));

        Assert.Empty(await rows.Owe([owed], CancellationToken.None));

        PendingWriteBack pending = Assert.Single(await rows.Pending(owed.Key.Object, 200, Now, CancellationToken.None));
        Assert.Equal((owed.Key, owed.Hash, "a", 0), (pending.Key, pending.Hash, pending.Account, pending.Attempts));
        Assert.Equal(owed.Fields.AsEnumerable(), pending.Fields);
        await rows.Settle([new(pending, null, null)], CancellationToken.None);
        Assert.Empty(await rows.Pending(owed.Key.Object, 200, Now, CancellationToken.None));
        ShownValues? shown = await rows.Find(owed.Key, CancellationToken.None);
        Assert.Equal((owed.Hash, null), (shown!.Hash, shown.Refused));
    }

    [Fact]
    public async Task Only_who_knows_what_is_shown_replaces_it_and_the_same_values_again_are_no_conflict()
    {
        WriteBacks rows = await Rows();
        OwedWriteBack first = Owed("", ("A__c", "1"));
        await rows.Owe([first], CancellationToken.None);
        ShownValues shown = (await rows.Find(first.Key, CancellationToken.None))!;
        OwedWriteBack second = With(first, shown.ETag, ("A__c", "2")), late = With(first, shown.ETag, ("A__c", "3"));

        Assert.Empty(await rows.Owe([second], CancellationToken.None));
        Assert.Equal(late, Assert.Single(await rows.Owe([late], CancellationToken.None)));
        Assert.Empty(await rows.Owe([With(first, shown.ETag, ("A__c", "2"))], CancellationToken.None));

        Assert.Equal("2", Assert.Single(await rows.Pending(first.Key.Object, 200, Now, CancellationToken.None)).Fields["A__c"]);
    }

    [Fact]
    public async Task One_late_row_of_many_leaves_the_others_handed_over()
    {
        WriteBacks rows = await Rows();
        OwedWriteBack taken = Owed("", ("A__c", "1"));
        await rows.Owe([taken], CancellationToken.None);
        OwedWriteBack[] many =
        [
            .. Enumerable.Range(0, 60).Select(number => taken with { Key = taken.Key with { Id = $"in_{number}" } }),
            With(taken, null, ("A__c", "2")),
            taken with { Key = taken.Key with { Id = "in_0" } },
        ];

        ImmutableArray<OwedWriteBack> late = await rows.Owe(many, CancellationToken.None);

        Assert.Equal(many[60], Assert.Single(late));
        Assert.Equal(61, (await rows.Pending(taken.Key.Object, 200, Now, CancellationToken.None)).Length);
    }

    [Fact]
    public async Task Values_that_were_owed_anew_stay_owed_whatever_became_of_the_old_ones()
    {
        WriteBacks rows = await Rows();
        OwedWriteBack owed = Owed("", ("A__c", "1"));
        await rows.Owe([owed], CancellationToken.None);
        PendingWriteBack sent = Assert.Single(await rows.Pending(owed.Key.Object, 200, Now, CancellationToken.None));
        await rows.Owe([With(owed, (await rows.Find(owed.Key, CancellationToken.None))!.ETag, ("A__c", "2"))], CancellationToken.None);

        await rows.Settle([new(sent, "STRING_TOO_LONG", null)], CancellationToken.None);

        Assert.Equal("2", Assert.Single(await rows.Pending(owed.Key.Object, 200, Now, CancellationToken.None)).Fields["A__c"]);
        Assert.Null((await rows.Find(owed.Key, CancellationToken.None))!.Refused);
    }

    [Fact]
    public async Task A_refusal_is_remembered_and_a_busy_row_waits_for_its_time()
    {
        WriteBacks rows = await Rows();
        OwedWriteBack refused = Owed("", ("A__c", "1")), busy = refused with { Key = refused.Key with { Id = "in_busy" } };
        await rows.Owe([refused, busy], CancellationToken.None);
        ImmutableArray<PendingWriteBack> pending = await rows.Pending(refused.Key.Object, 200, Now, CancellationToken.None);

        await rows.Settle(
            [.. pending.Select(row => new SettledWriteBack(row, row.Key == busy.Key ? null : "STRING_TOO_LONG", row.Key == busy.Key ? Now + Duration.FromSeconds(5) : null))],
            CancellationToken.None);

        Assert.Equal("STRING_TOO_LONG", (await rows.Find(refused.Key, CancellationToken.None))!.Refused);
        Assert.Empty(await rows.Pending(refused.Key.Object, 200, Now, CancellationToken.None));
        Assert.Equal(1, Assert.Single(await rows.Pending(refused.Key.Object, 200, Now + Duration.FromSeconds(5), CancellationToken.None)).Attempts);
    }

    // Fifty messages of the greatest length, every character of which takes six in JSON, are more than one transaction holds.
    [Fact]
    public async Task Rows_of_any_length_are_handed_over()
    {
        WriteBacks rows = await Rows();
        string text = new('ä', 32_000);
        OwedWriteBack owed = Owed("", ("A__c", text));

        Assert.Empty(await rows.Owe([.. Enumerable.Range(0, 50).Select(number => owed with { Key = owed.Key with { Id = $"in_{number}" } })], CancellationToken.None));

        ImmutableArray<PendingWriteBack> pending = await rows.Pending(owed.Key.Object, 200, Now, CancellationToken.None);
        Assert.Equal(50, pending.Length);
        Assert.All(pending, row => Assert.Equal(text, row.Fields["A__c"]));
    }

    [Fact]
    public async Task A_hand_over_whose_answer_was_lost_is_one()
    {
        WriteBacks rows = await Rows();
        WriteBacks unlucky = new(Storage.Over(await Azurite.SharedAsync(), new LostAnswer(request => request.Method == HttpMethod.Post)));
        OwedWriteBack owed = Owed("", ("A__c", "1"));

        Assert.Empty(await unlucky.Owe([owed], CancellationToken.None));

        Assert.Single(await rows.Pending(owed.Key.Object, 200, Now, CancellationToken.None));
    }

    [Fact]
    public async Task The_turn_is_one_writers_until_it_ends_or_runs_out()
    {
        WriteBacks rows = await Rows();
        Instant later = Now + Duration.FromMinutes(5);
        WriteBackTurn?[] turns = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => rows.TryBegin(Now, later, CancellationToken.None)));

        WriteBackTurn turn = Assert.Single(turns.OfType<WriteBackTurn>());
        Assert.Null(await rows.TryBegin(Now + Duration.FromMinutes(4), later, CancellationToken.None));
        await rows.End(turn, CancellationToken.None);
        WriteBackTurn? next = await rows.TryBegin(Now, later, CancellationToken.None);
        Assert.NotNull(next);
        Assert.NotNull(await rows.TryBegin(later, later + Duration.FromMinutes(5), CancellationToken.None));
        await rows.End(next, CancellationToken.None);
        Assert.Null(await rows.TryBegin(later, later, CancellationToken.None));
    }

    private static async Task<WriteBacks> Rows() => new(await Storage.SharedAsync());

    // An object of its own for each test: the tests share a table.
    private static OwedWriteBack Owed(string account, params (string Field, object? Value)[] fields) =>
        With(new(new(Storage.NewId("Object").Replace('|', '_'), "in_1", "part"), ImmutableSortedDictionary<string, object?>.Empty, "", account, null), null, fields);

    private static OwedWriteBack With(OwedWriteBack owed, string? replaces, params (string Field, object? Value)[] fields)
    {
        var values = fields.ToImmutableSortedDictionary(field => field.Field, field => field.Value, StringComparer.Ordinal);
        return owed with { Fields = values, Hash = WriteBackPlanning.Hash(values), Replaces = replaces };
    }
}
