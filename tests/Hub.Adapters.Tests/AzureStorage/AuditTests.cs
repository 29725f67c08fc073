using Azure.Data.Tables;
using Hub.AzureStorage;
using Hub.AzureStorage.Audit;
using Hub.Core.Audit;
using Hub.Testing;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

/// <summary>Each test writes to a chain of its own, through a subject that lands there.</summary>
public class AuditTests
{
    [Fact]
    public async Task Fifty_parallel_appends_of_one_process_make_one_valid_chain()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("00");
        using var log = new AuditLog(clients, new Storage.Clock(Storage.Now));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => log.Append(Entry(subject, $"e{number}"), CancellationToken.None)));

        Assert.Equal(50, (await Valid(clients, subject)).Count);
    }

    [Fact]
    public async Task Appends_of_three_hosts_at_once_make_one_valid_chain()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("01");
        AuditLog[] hosts = [.. Enumerable.Range(0, 3).Select(_ => new AuditLog(clients, new Storage.Clock(Storage.Now)))];

        await Task.WhenAll(hosts.SelectMany((host, index) => Enumerable.Range(0, 12).Select(number => host.Append(Entry(subject, $"h{index}-{number}"), CancellationToken.None))));

        List<ChainedEntry> chain = await Valid(clients, subject);
        Assert.Equal(36, chain.Count);
        Assert.Equal(36, chain.Select(entry => entry.Entry.EventId).Distinct().Count());
    }

    [Fact]
    public async Task The_same_event_from_several_hosts_is_one_entry()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("02");
        AuditLog[] hosts = [.. Enumerable.Range(0, 4).Select(_ => new AuditLog(clients, new Storage.Clock(Storage.Now)))];

        await Task.WhenAll(hosts.Select(host => host.Append(Entry(subject, "same"), CancellationToken.None)));
        await hosts[0].Append(Entry(subject, "same"), CancellationToken.None);

        Assert.Equal("same", Assert.Single(await Valid(clients, subject)).Entry.EventId);
    }

    [Fact]
    public async Task A_transaction_whose_answer_was_lost_is_not_repeated()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("0a");
        var broken = new LostAnswer(request => request.RequestUri!.AbsolutePath.EndsWith("$batch", StringComparison.Ordinal));
        StorageClients unlucky = Storage.Over(await Azurite.SharedAsync(), broken);
        using var log = new AuditLog(unlucky, new Storage.Clock(Storage.Now));

        await log.Append(Entry(subject, "one"), CancellationToken.None);
        await log.Append(Entry(subject, "two"), CancellationToken.None);

        Assert.True(broken.HasLost);
        Assert.Equal(["one", "two"], (await Valid(clients, subject)).Select(entry => entry.Entry.EventId));
    }

    [Fact]
    public async Task A_new_month_takes_the_last_hash_and_knows_the_events_of_the_months_before()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("03");
        var clock = new Storage.Clock(Instant.FromUtc(2027, 1, 31, 23, 59, 59));
        using var log = new AuditLog(clients, clock);
        await log.Append(Entry(subject, "january"), CancellationToken.None);

        clock.Now = Instant.FromUtc(2027, 2, 1, 0, 0, 0);
        await log.Append(Entry(subject, "february"), CancellationToken.None);
        clock.Now = Instant.FromUtc(2027, 4, 1, 0, 0, 0);
        await log.Append(Entry(subject, "january"), CancellationToken.None);
        await log.Append(Entry(subject, "april"), CancellationToken.None);

        List<ChainedEntry> chain = await Valid(clients, subject);
        Assert.Equal([(1, "january"), (2, "february"), (3, "april")], chain.Select(entry => ((int)entry.Seq, entry.Entry.EventId)));
        Assert.Equal(chain[0].Hash, chain[1].Prev);
        Assert.Equal(["202701", "202702", "202704"], (await Partitions(clients, chain[0].Chain)).Select(partition => partition[3..]));
    }

    [Fact]
    public async Task A_host_whose_clock_is_still_in_the_old_month_goes_on_in_the_new_one()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("04");
        using var slow = new AuditLog(clients, new Storage.Clock(Instant.FromUtc(2027, 1, 31, 23, 59, 58)));
        using var fast = new AuditLog(clients, new Storage.Clock(Instant.FromUtc(2027, 2, 1, 0, 0, 1)));
        await slow.Append(Entry(subject, "one"), CancellationToken.None);

        await fast.Append(Entry(subject, "two"), CancellationToken.None);
        await slow.Append(Entry(subject, "three"), CancellationToken.None);
        await fast.Append(Entry(subject, "four"), CancellationToken.None);

        Assert.Equal(["one", "two", "three", "four"], (await Valid(clients, subject)).Select(entry => entry.Entry.EventId));
    }

    [Fact]
    public async Task Hosts_on_both_sides_of_midnight_at_once_make_one_valid_chain()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("05");
        AuditLog[] hosts =
        [
            .. ((Instant[])[Instant.FromUtc(2027, 1, 31, 23, 59, 58), Instant.FromUtc(2027, 2, 1, 0, 0, 1), Instant.FromUtc(2027, 3, 1, 0, 0, 1)])
                .Select(now => new AuditLog(clients, new Storage.Clock(now))),
        ];

        await Task.WhenAll(hosts.SelectMany((host, index) => Enumerable.Range(0, 6).Select(number => host.Append(Entry(subject, $"h{index}-{number}"), CancellationToken.None))));

        Assert.Equal(18, (await Valid(clients, subject)).Count);
    }

    [Fact]
    public async Task A_month_that_was_entered_but_never_written_is_no_break()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("06");
        var clock = new Storage.Clock(Instant.FromUtc(2027, 1, 1, 0, 0));
        using (var log = new AuditLog(clients, clock))
        {
            await log.Append(Entry(subject, "one"), CancellationToken.None);
        }

        // What a host leaves behind that dies between leaving January and its first entry in February.
        string chain = "06";
        await new AuditMonths(clients.Table(TableNames.AuditChain)).Tail(chain, "202702", CancellationToken.None);
        ChainHead? between = await new AuditReader(clients).Head(chain, CancellationToken.None);
        clock.Now = Instant.FromUtc(2027, 3, 1, 0, 0);
        using var next = new AuditLog(clients, clock);
        await next.Append(Entry(subject, "two"), CancellationToken.None);
        await next.Append(Entry(subject, "three"), CancellationToken.None);

        Assert.Equal(1, between!.Seq);
        Assert.Equal(["one", "two", "three"], (await Valid(clients, subject)).Select(entry => entry.Entry.EventId));
    }

    [Fact]
    public async Task History_is_the_subjects_entries_only()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("07");
        using var log = new AuditLog(clients, new Storage.Clock(Storage.Now));
        string other = SubjectIn(AuditChains.ChainOf(subject), "other");
        await log.Append(Entry(subject, "one"), CancellationToken.None);
        await log.Append(Entry(other, "two"), CancellationToken.None);
        await log.Append(Entry(subject, "three"), CancellationToken.None);

        List<ChainedEntry> history = await new AuditReader(clients).History(subject, CancellationToken.None).ToList();

        Assert.Equal(["one", "three"], history.Select(entry => entry.Entry.EventId));
        Assert.Equal([1L, 3L], history.Select(entry => entry.Seq));
    }

    [Fact]
    public async Task Every_field_comes_back_as_it_was_hashed()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("08");
        using var log = new AuditLog(clients, new Storage.Clock(Storage.Now));
        var entry = new AuditEntry("e1", "SyncContract", "contract.applied", subject, $$"""{"note":"ü 😀 \"q\"","pad":"{{new string('x', 32_000)}}"}""");

        await log.Append(entry, CancellationToken.None);

        ChainedEntry stored = Assert.Single(await Valid(clients, subject));
        Assert.Equal(entry, stored.Entry);
        Assert.Equal((1L, AuditHash.Genesis, Storage.Now), (stored.Seq, stored.Prev, stored.Time));
    }

    [Fact]
    public async Task A_payload_that_is_too_long_is_refused_and_an_empty_chain_has_no_head()
    {
        StorageClients clients = await Storage.SharedAsync();
        string subject = SubjectIn("09");
        using var log = new AuditLog(clients, new Storage.Clock(Storage.Now));

        await Assert.ThrowsAsync<ArgumentException>(() => log.Append(Entry(subject, "e") with { Payload = new string('x', 32 * 1024 + 1) }, CancellationToken.None));

        Assert.Null(await new AuditReader(clients).Head("09", CancellationToken.None));
    }

    private static AuditEntry Entry(string subject, string eventId) => new(eventId, "Test", "test.done", subject, "{}");

    private static string SubjectIn(string chain, string stem = "o'neil") =>
        Enumerable.Range(0, 10_000).Select(number => $"{stem}{number}").First(subject => AuditChains.ChainOf(subject) == chain);

    private static async Task<List<ChainedEntry>> Valid(StorageClients clients, string subject)
    {
        var reader = new AuditReader(clients);
        string chain = AuditChains.ChainOf(subject);
        List<ChainedEntry> entries = await reader.Chain(chain, CancellationToken.None).ToList();
        ChainVerdict verdict = AuditVerification.Verify(chain, entries, await reader.Head(chain, CancellationToken.None), [], entries.Count);
        Assert.True(verdict.Ok, verdict.Break?.Message);
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(seq => (long)seq), entries.Select(entry => entry.Seq));
        return entries;
    }

    private static async Task<IEnumerable<string>> Partitions(StorageClients clients, string chain)
    {
        List<TableEntity> heads = await clients.Tables.GetTableClient(TableNames.AuditChain).QueryAsync<TableEntity>("RowKey eq 'h'").ToList();
        return heads.Select(head => head.PartitionKey).Where(partition => partition.StartsWith(chain, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }
}
