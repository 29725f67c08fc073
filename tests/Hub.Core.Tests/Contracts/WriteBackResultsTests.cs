using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Money;
using Hub.Core.Tests.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Tests.Contracts;

public sealed class WriteBackResultsTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 10, 1, 9, 0);
    private readonly ContractPorts _ports = new();
    private readonly HandClock _clock = new(Now);

    [Fact]
    public async Task A_hundred_new_deals_cost_one_read_and_one_write()
    {
        string[] ids = [.. Enumerable.Range(1, 100).Select(number => Put(number))];

        await Batch(ids);
        await Write();

        Assert.Equal([100], _ports.Reads);
        Assert.Equal([200], _ports.WriteCalls.Select(call => call.Count));
        Assert.Equal(100, _ports.Written.Count(row => row is { Object: "Opportunity" } && (string?)row.Fields[F.Opportunity.SyncStatus] == "Billing active"));
        Assert.Empty(_ports.Owed.Rows);
    }

    [Fact]
    public async Task A_deal_of_a_batch_that_fails_is_tried_again_alone()
    {
        string[] ids = [.. Enumerable.Range(1, 3).Select(number => Put(number))];
        int calls = 0;
        _ports.BeforeApply = () =>
        {
            if (++calls == 2)
            {
                throw new InvalidOperationException("Stripe is away.");
            }
        };

        await Batch(ids);
        await Write();

        Assert.Equal(ids[1], Assert.Single(_ports.Sent).Message.OpportunityId);
        Assert.Equal([ids[0], ids[2]], _ports.Written.Where(row => row.Object == "Opportunity").Select(row => row.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_batch_that_died_before_it_was_shown_is_shown_by_the_next_delivery()
    {
        string[] ids = [.. Enumerable.Range(1, 2).Select(number => Put(number))];
        _ports.Owed.BeforeOwe = () => throw new Killed();
        await Assert.ThrowsAsync<Killed>(() => Batch(ids));
        _ports.Owed.BeforeOwe = null;

        await Batch(ids);
        await Write();

        Assert.Equal(2, _ports.StripeCalls);
        Assert.Equal(2, _ports.Trail.Count);
        Assert.Equal(2, _ports.Written.Count(row => row.Object == "Opportunity"));
    }

    // What the poll brings back of the Hub's own write-backs costs one read and ends there.
    [Fact]
    public async Task Own_changes_start_no_loop()
    {
        string[] ids = [.. Enumerable.Range(1, 10).Select(number => Put(number))];
        await Batch(ids);
        await Write();
        foreach (string id in ids)
        {
            DealSnapshot deal = _ports.Deals[SalesforceId.Parse(id)];
            _ports.Put(deal with { LastChangedByHub = true });
        }

        (int effects, int stripe) = (_ports.Effects, _ports.StripeReads);
        await Batch(ids);
        await Write();

        Assert.Equal((effects, stripe), (_ports.Effects, _ports.StripeReads));
        Assert.Equal(2, _ports.Reads.Count);
        Assert.Single(_ports.WriteCalls);
    }

    [Fact]
    public async Task Parts_of_one_record_are_one_row_and_rows_of_one_account_stand_together()
    {
        await Owe(Opportunity(3), "b", ("Hub_Sync_Status__c", "Held"));
        await Owe(Opportunity(1), "a", ("Hub_Sync_Status__c", "Held"));
        await Owe(Opportunity(2), "b", ("Hub_Sync_Status__c", "Held"));
        await Owe(Opportunity(1) with { Part = "totals" }, "a", ("Hub_Paid_Total__c", 1m));

        await Write();

        IReadOnlyList<WriteBack> call = Assert.Single(_ports.WriteCalls);
        Assert.Equal([Opportunity(1).Id, Opportunity(2).Id, Opportunity(3).Id], call.Select(row => row.Id));
        Assert.Equal(["Hub_Last_Synced__c", "Hub_Paid_Total__c", "Hub_Sync_Status__c"], call[0].Fields.Keys);
    }

    [Fact]
    public async Task A_refused_part_does_not_keep_the_other_back()
    {
        await Owe(Opportunity(1), "", ("Hub_Sync_Status__c", "Held"));
        await Owe(Opportunity(1) with { Part = "totals" }, "", ("Hub_Paid_Total__c", 1m));
        _ports.Judge = row => row.Fields.ContainsKey("Hub_Paid_Total__c") ? new WriteBackResult.Refused("NUMBER_OUTSIDE_VALID_RANGE", "") : null;

        await Write();
        await Write();

        Assert.Equal("Held", Assert.Single(_ports.Written).Fields["Hub_Sync_Status__c"]);
        Assert.Equal("NUMBER_OUTSIDE_VALID_RANGE", _ports.Owed.Shown[Opportunity(1) with { Part = "totals" }].Refused);
        Assert.Equal(2, _ports.WriteCalls.Count);
    }

    [Fact]
    public async Task A_locked_row_comes_again_later_and_later_and_holds_up_nobody()
    {
        await Owe(Opportunity(1), "", ("Hub_Sync_Status__c", "Held"));
        await Owe(Opportunity(2), "", ("Hub_Sync_Status__c", "Held"));
        _ports.Judge = row => row.Id == Opportunity(1).Id ? new WriteBackResult.Busy("UNABLE_TO_LOCK_ROW") : null;

        await Write();
        await Write();
        Assert.Equal([2], _ports.WriteCalls.Select(call => call.Count));

        _clock.Now += Duration.FromSeconds(5);
        await Write();
        _clock.Now += Duration.FromSeconds(5);
        await Write();
        Assert.Equal([2, 1], _ports.WriteCalls.Select(call => call.Count));

        _ports.Judge = _ => null;
        _clock.Now += Duration.FromSeconds(5);
        await Write();
        Assert.Equal(2, _ports.Written.Count);
        Assert.Empty(_ports.Owed.Rows);
    }

    [Fact]
    public async Task Values_that_change_while_they_are_being_written_are_written_again()
    {
        await Owe(Opportunity(1), "", ("Hub_Sync_Status__c", "Waiting"));
        _ports.BeforeWriteBack = () =>
        {
            _ports.BeforeWriteBack = null;
            Owe(Opportunity(1), "", ("Hub_Sync_Status__c", "Held")).GetAwaiter().GetResult();
        };

        await Write();

        Assert.Equal(["Waiting", "Held"], _ports.Written.Select(row => row.Fields["Hub_Sync_Status__c"]));
    }

    [Fact]
    public async Task Only_one_writes_at_a_time()
    {
        await Owe(Opportunity(1), "", ("Hub_Sync_Status__c", "Held"));
        _ports.Owed.Turn = new("somebody else's");

        await Write();

        Assert.Empty(_ports.WriteCalls);
    }

    [Fact]
    public async Task Invoices_wait_for_an_org_that_has_no_mirror_and_keep_nobody_back()
    {
        _ports.HasMirror = false;
        await Owe(new(F.Objects.Invoice, "in_1", "mirror"), "", ("Hub_Status__c", "Open"));
        await Owe(Opportunity(1), "", ("Hub_Sync_Status__c", "Held"));

        await Write();
        await Write();
        Assert.Equal("Opportunity", Assert.Single(_ports.Written).Object);

        _ports.HasMirror = true;
        await Write();
        WriteBack row = _ports.Written[1];
        Assert.Equal(("Hub_Invoice__c", "in_1", "Hub_Stripe_Invoice_Id__c"), (row.Object, row.Id, row.ExternalId));
    }

    [Fact]
    public void Totals_count_what_is_finalised_and_not_void_and_the_next_date_advances()
    {
        ContractRecord record = Planned("2026-10-15", "2026-11-15", "2026-12-15");
        IssuedInvoice first = Invoice("in_1", 1000, "2026-10-15") with { Credited = 100, Paid = 900 };
        IssuedInvoice second = Invoice("in_2", 2000, "2026-11-15") with { Url = "https://invoice/2" };

        Assert.Equal((0m, 0m, null, "2026-10-15"), Totals(record));
        Assert.Equal((9m, 9m, "https://invoice/1", "2026-11-15"), Totals(record, first));
        Assert.Equal((29m, 9m, "https://invoice/1", "2026-12-15"), Totals(record, second, first));
        Assert.Equal((9m, 9m, "https://invoice/1", "2026-12-15"), Totals(record, first, second with { FinalizedAt = null }));
        Assert.Equal((20m, 0m, "https://invoice/2", "2026-12-15"), Totals(record, first with { IsVoid = true }, second));
        Assert.Equal((9m, 9m, "https://invoice/1", null), Totals(record, first, Invoice("in_3", 1, "2026-12-15") with { IsVoid = true }));
    }

    private static (decimal, decimal, string?, string?) Totals(ContractRecord record, params ImmutableArray<IssuedInvoice> invoices)
    {
        ImmutableSortedDictionary<string, object?> fields = WriteBackPlanning.Totals(record, invoices)!;
        return (
            (decimal)fields[F.Opportunity.InvoicedTotal]!, (decimal)fields[F.Opportunity.PaidTotal]!,
            (string?)fields.GetValueOrDefault(F.Opportunity.FirstInvoiceUrl), (string?)fields[F.Opportunity.NextInvoiceDate]);
    }

    private static IssuedInvoice Invoice(string id, long total, string date)
    {
        Instant at = Deals.Date(date).AtMidnight().InUtc().ToInstant();
        return new(id, Currency.Usd, total, 0, 0, false, at, at + Duration.FromHours(1), "https://invoice/1");
    }

    private static ContractRecord Planned(params string[] dates) => ContractStates.New(SalesforceId.Parse(Deals.OpportunityId)) with
    {
        State = ContractState.Active,
        ProcessedOn = Deals.Date("2026-10-01"),
        Plan = $$"""{"currency":"usd","total":0,"invoices":[{{string.Join(',', dates.Select(date => $$"""{"date":"{{date}}"}"""))}}]}""",
    };

    private static WriteBackKey Opportunity(int number) => WriteBackPlanning.ContractKey(SalesforceId.Parse($"006{number:D12}"));

    private string Put(int number)
    {
        string id = Opportunity(number).Id, account = SalesforceId.Parse($"001{number:D12}").Value;
        _ports.Put(Deals.New().Line("SEAT", 40, 300.00m).With(("Id", id), ("AccountId", account)).Account(("Id", account)).Snapshot());
        return id;
    }

    private async Task Owe(WriteBackKey key, string account, params (string Field, object? Value)[] fields)
    {
        var values = fields.ToImmutableSortedDictionary(field => field.Field, field => field.Value, StringComparer.Ordinal);
        string? before = (await _ports.Owed.Find(key, CancellationToken.None))?.ETag;
        Assert.Empty(await _ports.Owed.Owe([new(key, values, WriteBackPlanning.Hash(values), account, before)], CancellationToken.None));
    }

    private Task Batch(IEnumerable<string> ids)
    {
        IOptions<ContractsOptions> options = Options.Create(new ContractsOptions { ParallelDeals = 1 });
        return new SyncContracts(_ports, _ports.Sync(_clock, options.Value), _ports.Owed, _ports, options, NullLogger<SyncContracts>.Instance)
            .Handle(new([.. ids], ContractSources.Poll, Now), CancellationToken.None);
    }

    private Task Write() => new WriteBackResults(_ports, _ports.Owed, _clock, NullLogger<WriteBackResults>.Instance).Handle(CancellationToken.None);
}
