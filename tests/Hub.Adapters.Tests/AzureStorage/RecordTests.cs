using Hub.AzureStorage;
using Hub.AzureStorage.Collections;
using Hub.AzureStorage.Contracts;
using Hub.AzureStorage.Invoices;
using Hub.AzureStorage.StripeEvents;
using Hub.Core.Collections;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.Money;
using Hub.Core.StripeEvents;
using Hub.Testing;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

public class RecordTests
{
    private static int _ids;

    [Fact]
    public async Task A_contract_is_stored_once_and_changed_by_whoever_read_it_last()
    {
        var records = new ContractRecords(await Storage.SharedAsync());
        ContractRecord record = Contract();

        ContractRecord? first = await records.TrySave(record, CancellationToken.None);
        Assert.Null(await records.TrySave(record, CancellationToken.None));
        ContractRecord? second = await records.TrySave(first! with { State = ContractState.Active }, CancellationToken.None);
        Assert.Null(await records.TrySave(first with { State = ContractState.Held }, CancellationToken.None));

        ContractRecord? stored = await records.Find(record.OpportunityId, CancellationToken.None);
        Assert.Equal((ContractState.Active, second!.ETag), (stored!.State, stored.ETag));
        Assert.NotEqual(first.ETag, second.ETag);
    }

    [Fact]
    public async Task A_save_whose_answer_was_lost_is_a_save()
    {
        ContractRecord record = Contract();
        StorageClients unlucky = Storage.Over(await Azurite.SharedAsync(), new LostAnswer(request => request.Method != HttpMethod.Get));
        await Storage.SharedAsync();

        ContractRecord? saved = await new ContractRecords(unlucky).TrySave(record, CancellationToken.None);

        Assert.Equal((await new ContractRecords(await Storage.SharedAsync()).Find(record.OpportunityId, CancellationToken.None))!.ETag, saved!.ETag);
    }

    [Fact]
    public async Task A_contract_comes_back_whole_with_a_plan_of_any_length()
    {
        var records = new ContractRecords(await Storage.SharedAsync());
        SalesforceId account = SalesforceId.Parse("001000000000001AAA");
        ContractRecord record = Contract() with
        {
            Plan = LongJson(300_000), DealSeen = "hash", Version = "v1", ProcessedOn = new LocalDate(2027, 2, 28), BilledAccount = account,
            Written = ["before", "after"], Corrections = 2,
            ExtendOn = new LocalDate(2027, 4, 1),
        };

        ContractRecord? saved = await records.TrySave(record, CancellationToken.None);
        ContractRecord? stored = await records.Find(record.OpportunityId, CancellationToken.None);
        ContractRecord? shorter = await records.TrySave(stored! with { Plan = "{}", Billing = null, Problems = [], ProcessedOn = null, BilledAccount = null, ExtendOn = null }, CancellationToken.None);
        ContractRecord? later = await records.Find(record.OpportunityId, CancellationToken.None);

        Assert.Equal(record.Plan, stored.Plan);
        Assert.Equal(record.Problems.AsEnumerable(), stored.Problems);
        Assert.Equal(["before", "after"], stored.Written.AsEnumerable());
        Assert.Equal(saved! with { Problems = stored.Problems, Written = stored.Written }, stored);
        Assert.Equal(("{}", null, shorter!.ETag), (later!.Plan, later.Billing, later.ETag));
        Assert.Empty(later.Problems);
        Assert.Equal((new LocalDate(2027, 2, 28), null), (stored.ProcessedOn, later.ProcessedOn));
        Assert.Equal((account, null), (stored.BilledAccount, later.BilledAccount));
        Assert.Equal((new LocalDate(2027, 4, 1), null), (stored.ExtendOn, later.ExtendOn));
        Assert.Null(await records.Find(NewOpportunity(), CancellationToken.None));
    }

    [Fact]
    public async Task What_the_Hub_is_to_issue_comes_back_whole()
    {
        var records = new ContractRecords(await Storage.SharedAsync());
        var adjustment = new Adjustment(
            "2027-03-01-ab", new LocalDate(2027, 3, 2), new LocalDate(2027, 3, 1), Currency.Parse("KWD"), -4910, CreditNote: true,
            CollectionMethod.SendInvoice, 30, [new("PO number", "PO-1")], "txr_1", AutomaticTax: false,
            [new("SEAT", "prod_seat", -4910, "Why", new LocalDate(2027, 3, 1), new LocalDate(2027, 4, 1))]);
        ContractRecord record = Contract() with { Adjustments = [adjustment] };

        await records.TrySave(record, CancellationToken.None);
        ContractRecord? stored = await records.Find(record.OpportunityId, CancellationToken.None);

        Adjustment read = Assert.Single(stored!.Adjustments);
        Assert.Equal(adjustment.Lines.AsEnumerable(), read.Lines);
        Assert.Equal(adjustment.CustomFields.AsEnumerable(), read.CustomFields);
        Assert.Equal(adjustment with { Lines = [], CustomFields = [] }, read with { Lines = [], CustomFields = [] });
    }

    [Fact]
    public async Task Days_that_are_due_come_by_day_and_are_forgotten_one_by_one()
    {
        var due = new DueContracts(await Storage.SharedAsync());
        DueContract first = new(NewOpportunity(), new LocalDate(2027, 1, 31)), second = new(NewOpportunity(), new LocalDate(2027, 2, 28)), later = new(NewOpportunity(), new LocalDate(2027, 3, 1));
        foreach (DueContract noted in (DueContract[])[later, second, first, second])
        {
            await due.Add(noted, CancellationToken.None);
        }

        Assert.Equal([first, second], await due.Through(new LocalDate(2027, 2, 28), CancellationToken.None).ToArrayAsync());
        await due.Remove(first, CancellationToken.None);
        await due.Remove(first, CancellationToken.None);
        Assert.Equal([second, later], await due.Through(new LocalDate(2027, 3, 1), CancellationToken.None).ToArrayAsync());
        await due.Remove(second, CancellationToken.None);
        await due.Remove(later, CancellationToken.None);
    }

    [Fact]
    public async Task Of_many_hosts_that_claim_an_effect_all_get_the_same_request()
    {
        var effects = new BillingEffects(await Storage.SharedAsync());
        string key = Storage.NewId("customer|");

        BillingEffect[] claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(host => effects.Claim(key, $"{{\"host\":{host}}}", Storage.Now, CancellationToken.None)));

        Assert.Single(claims.Distinct());
        Assert.Equal(claims[0], await effects.Find(key, CancellationToken.None));
    }

    [Fact]
    public async Task An_effect_is_completed_once_and_never_with_another_result()
    {
        var effects = new BillingEffects(await Storage.SharedAsync());
        string key = Storage.NewId("schedule|");
        string request = LongJson(500_000);
        await effects.Claim(key, request, Storage.Now, CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => effects.Complete(key, "sub_sched_1", Storage.Now, CancellationToken.None)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => effects.Complete(key, "sub_sched_2", Storage.Now, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => effects.Complete(Storage.NewId("none"), "x", Storage.Now, CancellationToken.None));

        Assert.Equal(new BillingEffect(key, request, "sub_sched_1", Storage.Now), await effects.Claim(key, "{}", Storage.Now, CancellationToken.None));
        Assert.Null(await effects.Find(Storage.NewId("none"), CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => effects.Find("a/b", CancellationToken.None));
    }

    [Fact]
    public async Task A_watermark_moves_for_one_host_only()
    {
        var marks = new Watermarks(await Storage.SharedAsync());
        string name = Storage.NewId("opportunity");
        Assert.Null(await marks.Find(name, CancellationToken.None));
        string[] seen = [.. Enumerable.Range(0, 3000).Select(number => $"006{number:D15}@2027-03-09T04:30:00Z")];

        Assert.True(await marks.TrySave(new Watermark(name, Storage.Now, [.. seen], null), CancellationToken.None));
        Assert.False(await marks.TrySave(new Watermark(name, Storage.Now, [], null), CancellationToken.None));
        Watermark stored = (await marks.Find(name, CancellationToken.None))!;
        bool[] moved = await Task.WhenAll(Enumerable.Range(0, 4).Select(hour => marks.TrySave(stored with { Through = Storage.Now + Duration.FromHours(hour) }, CancellationToken.None)));

        Assert.Equal(seen.AsEnumerable(), stored.Seen);
        Assert.Equal(Storage.Now, stored.Through);
        Assert.Single(moved, won => won);
    }

    [Fact]
    public async Task A_reminder_is_claimed_once()
    {
        var ledger = new ReminderLedger(await Storage.SharedAsync());
        var claim = new ReminderEntry(Storage.NewId("cus_"), Storage.NewId("in_"), "S7", ReminderState.Claimed, "op-1", null, Storage.Now, null);

        ReminderEntry[] entries = await Task.WhenAll(Enumerable.Range(0, 5).Select(host => ledger.Claim(claim with { OperationId = $"op-{host}" }, CancellationToken.None)));
        bool sent = await ledger.TrySave(entries[0] with { State = ReminderState.Sent }, CancellationToken.None);
        bool late = await ledger.TrySave(entries[0] with { State = ReminderState.Unknown }, CancellationToken.None);
        await ledger.Claim(claim with { Step = "S14" }, CancellationToken.None);
        await ledger.Claim(claim with { InvoiceId = claim.InvoiceId + "2" }, CancellationToken.None);

        Assert.Single(entries.Distinct());
        Assert.Equal((true, false), (sent, late));
        IReadOnlyList<ReminderEntry> all = await ledger.OfInvoice(claim.CustomerId, claim.InvoiceId, CancellationToken.None);
        Assert.Equal([("S14", ReminderState.Claimed), ("S7", ReminderState.Sent)], all.Select(entry => (entry.Step, entry.State)));
        Assert.All(all, entry => Assert.NotNull(entry.ETag));
    }

    [Fact]
    public async Task A_stripe_event_is_accepted_and_applied_once()
    {
        var inbox = new StripeEventInbox(await Storage.SharedAsync());
        var received = new InboxEvent(Storage.NewId("evt_"), "invoice.paid", "in_1", Storage.Now, Storage.Now + Duration.FromSeconds(1), null);

        InboxEvent first = await inbox.Accept(received, CancellationToken.None);
        await inbox.MarkApplied(received.EventId, Storage.Now + Duration.FromSeconds(2), CancellationToken.None);
        await inbox.MarkApplied(received.EventId, Storage.Now + Duration.FromSeconds(9), CancellationToken.None);
        InboxEvent again = await inbox.Accept(received with { ObjectId = "in_2" }, CancellationToken.None);

        Assert.Equal(received, first);
        Assert.Equal(received with { AppliedAt = Storage.Now + Duration.FromSeconds(2) }, again);
        Assert.Equal(again, await inbox.Find(received.EventId, CancellationToken.None));
        Assert.Null(await inbox.Find(Storage.NewId("evt_"), CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => inbox.MarkApplied(Storage.NewId("evt_"), Storage.Now, CancellationToken.None));
    }

    [Fact]
    public async Task An_invoice_state_is_stored_only_in_place_of_the_one_that_was_known()
    {
        var states = new InvoiceStates(await Storage.SharedAsync());
        Invoice invoice = NewInvoice(Storage.NewId("006"));

        bool[] first = await Task.WhenAll(Enumerable.Range(0, 6).Select(second =>
            states.TrySave(new InvoiceState(invoice with { AmountPaid = 5 }, Storage.Now + Duration.FromSeconds(5)), null, CancellationToken.None)));
        InvoiceState stored = (await states.Find(invoice.Id, CancellationToken.None))!;
        InvoiceState next = new(invoice with { AmountPaid = 7 }, stored.ReadAt + Duration.FromTicks(1));
        bool replaced = await states.TrySave(next, stored, CancellationToken.None);
        bool late = await states.TrySave(new InvoiceState(invoice with { AmountPaid = 99 }, Storage.Now + Duration.FromDays(1)), stored, CancellationToken.None);

        Assert.Single(first, won => won);
        Assert.Equal((true, false), (replaced, late));
        InvoiceState last = (await states.Find(invoice.Id, CancellationToken.None))!;
        Assert.Equal((7L, next.ReadAt), (last.Invoice.AmountPaid, last.ReadAt));
        Assert.Equal(invoice with { AmountPaid = 5, Lines = stored.Invoice.Lines }, stored.Invoice);
        Assert.Equal(invoice.Lines[0] with { PercentOff = stored.Invoice.Lines[0].PercentOff }, stored.Invoice.Lines[0]);
        Assert.Equal(12.5m, Assert.Single(stored.Invoice.Lines[0].PercentOff));
    }

    [Fact]
    public async Task The_invoices_of_a_contract_are_found_even_after_one_moved_to_another()
    {
        var states = new InvoiceStates(await Storage.SharedAsync());
        (string one, string other) = (Storage.NewId("006"), Storage.NewId("006"));
        Invoice a = NewInvoice(one) with { Id = "in_a" + one }, b = NewInvoice(one) with { Id = "in_b" + one };
        await states.TrySave(new InvoiceState(b, Storage.Now), null, CancellationToken.None);
        await states.TrySave(new InvoiceState(a, Storage.Now), null, CancellationToken.None);

        await states.TrySave(
            new InvoiceState(b with { OpportunityId = other }, Storage.Now + Duration.FromSeconds(1)), new InvoiceState(b, Storage.Now), CancellationToken.None);
        await states.TrySave(new InvoiceState(NewInvoice(null), Storage.Now), null, CancellationToken.None);

        Assert.Equal([a.Id], (await states.OfOpportunity(one, CancellationToken.None).ToList()).Select(state => state.Invoice.Id));
        Assert.Equal([b.Id], (await states.OfOpportunity(other, CancellationToken.None).ToList()).Select(state => state.Invoice.Id));
    }

    private static SalesforceId NewOpportunity() => SalesforceId.Parse($"006{Environment.ProcessId % 100000:D5}{Interlocked.Increment(ref _ids):D7}");

    private static ContractRecord Contract() => new(
        NewOpportunity(),
        ContractState.Applying,
        null,
        new AppliedBilling("cus_1", "sub_sched_1", null, null, null),
        [new Problem("E001", "Opportunity", "006", "CloseDate", null, "The close date is missing.", "Enter it.")],
        null,
        Storage.Now,
        null);

    private static Invoice NewInvoice(string? opportunity) => new(
        Storage.NewId("in_"), "HUB-1", "cus_1", "a@example.com", "Acme", "sub_1", opportunity, InvoiceStatus.Open, true, false, Currency.Parse("KWD"),
        7_250, 7_000, 7_250, 0, 7_250, 0, 0, Storage.Now, Storage.Now, null, Storage.Now + Duration.FromDays(30), "https://invoice.example.com/1",
        [new InvoiceLine("il_1", "prod_1", 2.5m, 1000.123456789012m, 7_000, 875, [12.5m], Storage.Now, Storage.Now + Duration.FromDays(30), false)]);

    /// <summary>A JSON string of about <paramref name="length"/> characters with escapes, an umlaut and a surrogate pair.</summary>
    private static string LongJson(int length) => $"\"{string.Concat(Enumerable.Repeat("a\\\"ü😀", length / 6))}\"";
}
