using Hub.AzureStorage.Contracts;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

public sealed class BackfillProgressTests
{
    [Fact]
    public async Task Progress_is_kept_per_cut_off_and_moved_by_whoever_read_it_last()
    {
        var rows = new BackfillProgressRows(await Storage.SharedAsync());
        LocalDate since = new(2021, 3, 4);
        var begun = new BackfillProgress(since, "750000000000001AAA", null, 0, 0, false, Storage.Now, null);

        BackfillProgress? first = await rows.TrySave(begun, CancellationToken.None);
        BackfillProgress? second = await rows.TrySave(first! with { Locator = "MTAwMDA", DoneInPage = 25, Done = 225 }, CancellationToken.None);

        Assert.Null(await rows.TrySave(first, CancellationToken.None));
        Assert.Equal(second, await rows.Find(since, CancellationToken.None));
        Assert.Null(await rows.Find(since.PlusDays(1), CancellationToken.None));
    }

    [Fact]
    public async Task The_unfinished_backfill_is_the_one_touched_last()
    {
        var rows = new BackfillProgressRows(await Storage.SharedAsync());
        Instant later = Storage.Now + Duration.FromDays(400);
        await rows.TrySave(new(new(2022, 1, 1), "a", null, 0, 0, false, later, null), CancellationToken.None);
        await rows.TrySave(new(new(2022, 1, 2), "b", null, 0, 0, false, later + Duration.FromDays(1), null), CancellationToken.None);
        await rows.TrySave(new(new(2022, 1, 3), "c", null, 0, 0, true, later + Duration.FromDays(2), null), CancellationToken.None);

        Assert.Equal("b", (await rows.Unfinished(CancellationToken.None))!.JobId);
    }
}
