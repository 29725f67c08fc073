using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Hub.AzureStorage.Audit;
using Hub.AzureStorage.Tables;
using Hub.Testing;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

public class TableTests
{
    [Fact]
    public async Task A_write_whose_answer_was_lost_is_known_as_the_own_one()
    {
        TableClient plain = await NewTable(null);
        var table = new Table(await NewTable(new LostAnswer(_ => true), plain.Name));

        Assert.NotNull(await table.TryInsert(new TableEntity("p", "r") { ["A"] = 1 }, CancellationToken.None));
        Assert.Null(await table.TryInsert(new TableEntity("p", "r") { ["A"] = 2 }, CancellationToken.None));
        Assert.Equal(1, (await new Table(plain).Find("p", "r", CancellationToken.None))!.GetInt32("A"));
    }

    [Fact]
    public async Task A_replace_whose_answer_was_lost_is_known_as_the_own_one()
    {
        TableClient plain = await NewTable(null);
        var etag = (await new Table(plain).TryInsert(new TableEntity("p", "r"), CancellationToken.None))!.Value;
        var table = new Table(await NewTable(new LostAnswer(_ => true), plain.Name));

        Assert.NotNull(await table.TryReplace(new TableEntity("p", "r") { ["A"] = 1 }, etag, CancellationToken.None));
        Assert.Null(await table.TryReplace(new TableEntity("p", "r") { ["A"] = 2 }, etag, CancellationToken.None));
    }

    [Fact]
    public void Transactions_are_cut_at_a_hundred_operations_and_at_their_size()
    {
        Assert.Equal([100, 100, 50], Transactions.Cut(Enumerable.Range(0, 250).Select(number => Upsert(number, 10))).Select(batch => batch.Count));
        Assert.Equal([3, 3, 1], Transactions.Cut(Enumerable.Range(0, 7).Select(number => Upsert(number, 1_000_000))).Select(batch => batch.Count));
        Assert.Empty(Transactions.Cut([]));
    }

    [Fact]
    public void A_partition_is_one_of_256_and_the_same_for_the_same_key()
    {
        // SHA-256("abc") starts with ba78.
        Assert.Equal("hub|ba", TableKey.Partition("abc"));
        Assert.Equal(256, Enumerable.Range(0, 5_000).Select(number => TableKey.Partition($"{number}")).Distinct().Count());
    }

    [Fact]
    public void Inverted_numbers_sort_the_other_way_round()
    {
        Assert.True(string.CompareOrdinal(TableKey.Newest(Instant.FromUtc(2027, 1, 2, 0, 0)), TableKey.Newest(Instant.FromUtc(2027, 1, 1, 0, 0))) < 0);
        Assert.True(string.CompareOrdinal(TableKey.Greatest(100), TableKey.Greatest(99)) < 0);
        Assert.Equal(TableKey.Greatest(0), TableKey.Greatest(-5));
        Assert.Equal(19, TableKey.Greatest(0).Length);
    }

    [Theory]
    [InlineData("006A/PROD#1", "006A=002FPROD=00231")]
    [InlineData("a=b|c", "a=003Db=007Cc")]
    [InlineData("plain-1_x", "plain-1_x")]
    public void Characters_that_keys_cannot_have_are_escaped_without_meeting_another_key(string text, string expected) =>
        Assert.Equal(expected, TableKey.Escaped(text));

    [Fact]
    public void A_key_that_tables_refuse_is_refused_here()
    {
        Assert.Throws<ArgumentException>(() => TableKey.Checked("a?b"));
        Assert.Throws<ArgumentException>(() => TableKey.Checked(new string('a', 1025)));
        Assert.Equal("a|b", TableKey.Checked("a|b"));
    }

    [Fact]
    public void Long_text_is_split_without_parting_a_character()
    {
        string text = new string('a', SplitText.Part - 1) + "😀" + new string('b', SplitText.Part);
        var entity = new TableEntity();

        SplitText.Put(entity, "Json", text);

        Assert.Equal(text, SplitText.Get(entity, "Json"));
        Assert.Equal(3, entity.Count);
        Assert.All(entity.Keys, key => Assert.InRange(entity.GetString(key).Length, 1, SplitText.Part));
        Assert.Equal(SplitText.Part - 1, entity.GetString("Json0").Length);
    }

    [Fact]
    public void Missing_and_empty_text_are_told_apart()
    {
        var entity = new TableEntity();
        SplitText.Put(entity, "Empty", "");
        SplitText.Put(entity, "Missing", null);

        Assert.Equal("", SplitText.Get(entity, "Empty"));
        Assert.Null(SplitText.Get(entity, "Missing"));
    }

    private static TableTransactionAction Upsert(int number, int length) =>
        new(TableTransactionActionType.UpsertReplace, new TableEntity("p", $"{number:D4}") { ["Json"] = new string('a', length) });

    private static async Task<TableClient> NewTable(HttpMessageHandler? handler, string? name = null)
    {
        Azurite azurite = await Azurite.SharedAsync();
        var options = new TableClientOptions();
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        if (handler is not null)
        {
            options.Transport = new HttpClientTransport(handler);
        }

        var table = new TableClient(azurite.ConnectionString, name ?? $"T{Guid.NewGuid():N}", options);
        if (name is null)
        {
            await table.CreateIfNotExistsAsync(CancellationToken.None);
        }

        return table;
    }
}
