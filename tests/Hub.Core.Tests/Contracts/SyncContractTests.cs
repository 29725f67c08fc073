using Hub.Core.Contracts;
using Hub.Core.Contracts.SignedDocuments;
using Hub.Core.Tests.Collections;
using Hub.Core.Tests.Contracts.SignedDocuments;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields.Opportunity;

namespace Hub.Core.Tests.Contracts;

public sealed class SyncContractTests
{
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);

    private readonly ContractPorts _ports = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2026, 10, 1, 9, 0));

    [Fact]
    public async Task A_planned_contract_is_billed_once_audited_and_written_back()
    {
        _ports.Put(Annual().Snapshot());

        await Handle();

        ContractRecord record = _ports.Records[Id];
        Assert.Equal(ContractState.Active, record.State);
        Assert.Equal("sub_sched_1", record.Billing!.ScheduleId);
        Assert.Equal(Deals.Date("2026-10-01"), record.ProcessedOn);
        Assert.Equal("contract.billed", Assert.Single(_ports.Trail.Values).Action);
        WriteBack opportunity = _ports.Written.Single(written => written.Object == "Opportunity");
        Assert.Equal("Billing active", opportunity.Fields[F.SyncStatus]);
        Assert.Equal("sub_sched_1", opportunity.Fields[F.StripeScheduleId]);
        Assert.Equal(12000.00m, opportunity.Fields[F.ContractedTotal]);
        Assert.Equal("2026-10-15", opportunity.Fields[F.NextInvoiceDate]);
        Assert.Equal(record.Version, opportunity.Fields[F.ContractVersion]);
        Assert.Equal("cus_1", _ports.Written.Single(written => written.Object == "Account").Fields[SalesforceFields.Account.StripeCustomerId]);
    }

    [Fact]
    public async Task A_replay_calls_neither_Stripe_nor_Salesforce_again()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        (int effects, int stripe) = (_ports.Effects, _ports.StripeCalls);

        await Handle();
        _clock.Now += Duration.FromDays(40);
        await Handle();

        Assert.Equal((effects, stripe), (_ports.Effects, _ports.StripeCalls));
    }

    // Effects: Applying, Stripe, Active, audit, owed, written, settled. Whichever is the last before the process dies, two more deliveries
    // on later days end in the same state as an undisturbed one.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Dying_after_any_effect_ends_in_the_same_state(int effect)
    {
        _ports.Put(Annual().Snapshot());
        _ports.DieAfter = effect;
        await Assert.ThrowsAsync<Killed>(() => Handle());

        _clock.Now += Duration.FromDays(20);
        await Handle();
        await Handle();

        ContractRecord record = _ports.Records[Id];
        Assert.Single(_ports.Billed);
        Assert.Equal(ContractState.Active, record.State);
        Assert.Equal(Deals.Date("2026-10-01"), record.ProcessedOn);
        Assert.Single(_ports.Trail);
        Assert.Contains("\"date\":\"2026-10-15\"", record.Plan, StringComparison.Ordinal);
        Assert.All(_ports.Written.Where(written => written.Object == "Opportunity"), written => Assert.Equal("Billing active", written.Fields[F.SyncStatus]));
        Assert.NotEmpty(_ports.Written);
        Assert.Empty(_ports.Owed.Rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Dying_while_refusing_ends_in_one_refusal(int effect)
    {
        _ports.Put(Annual().With(("Hub_Payment_Terms__c", "Net 33")).Snapshot());
        _ports.DieAfter = effect;
        await Assert.ThrowsAsync<Killed>(() => Handle());

        await Handle();
        await Handle();

        Assert.Empty(_ports.Billed);
        Assert.Equal(ContractState.NeedsAttention, _ports.Records[Id].State);
        Assert.Single(_ports.Trail);
    }

    [Fact]
    public async Task A_refused_contract_writes_nothing_to_Stripe_and_every_finding_to_the_opportunity()
    {
        _ports.Put(Annual().With(("Hub_Payment_Terms__c", "Net 33"), ("Hub_Contract_Start__c", null)).Snapshot());

        await Handle();

        Assert.Equal(0, _ports.StripeCalls);
        WriteBack written = Assert.Single(_ports.Written);
        Assert.Equal("Needs attention", written.Fields[F.SyncStatus]);
        string message = Assert.IsType<string>(written.Fields[F.SyncMessage]);
        Assert.Contains("payment-terms-unknown", message, StringComparison.Ordinal);
        Assert.Contains("Hub_Payment_Terms__c: Net 33", message, StringComparison.Ordinal);
        Assert.Contains("contract-start-missing", message, StringComparison.Ordinal);
        Assert.DoesNotContain(F.StripeScheduleId, written.Fields.Keys);
    }

    // Two deals of one new account, in two currencies, in the same second (C20).
    [Fact]
    public async Task A_deal_whose_customer_is_being_created_for_another_currency_is_looked_at_again_in_a_minute()
    {
        _ports.Put(Annual().Snapshot());
        _ports.BeforeApply = () => throw new CustomerBeingCreatedException("customers.create:001000000000001AAA", "eur");

        await Handle();

        Assert.Equal(0, _ports.StripeCalls);
        Assert.Empty(_ports.Written);
        Assert.Equal((Id.Value, Duration.FromMinutes(1)), (Assert.Single(_ports.Sent).Message.OpportunityId, _ports.Sent[0].Delay));

        _clock.Now += Duration.FromMinutes(1);
        _ports.BeforeApply = null;
        await Handle();

        Assert.Equal((1, ContractState.Active), (_ports.StripeCalls, _ports.Records[Id].State));
    }

    [Fact]
    public async Task A_mended_contract_is_processed_on_the_day_it_was_mended()
    {
        _ports.Put(Annual().With(("Hub_Payment_Terms__c", "Net 33")).Snapshot());
        await Handle();
        _clock.Now += Duration.FromDays(3);
        _ports.Put(Annual().Snapshot());

        await Handle();

        Assert.Equal(Deals.Date("2026-10-04"), _ports.Records[Id].ProcessedOn);
        Assert.Equal(["contract.refused", "contract.billed"], _ports.Trail.Values.Select(entry => entry.Action));
    }

    [Fact]
    public async Task Reopening_a_billed_opportunity_alerts_and_cancels_nothing_and_winning_it_again_settles_it()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        _ports.Put(Annual().With(("IsWon", false), ("StageName", "Negotiation")).Snapshot());

        await Handle();
        await Handle();

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal("Needs attention", _ports.Written.Last(written => written.Object == "Opportunity").Fields[F.SyncStatus]);
        Assert.Equal("opportunity-reopened", Assert.Single(_ports.Records[Id].Problems).Code);
        Assert.Equal(1, _ports.Trail.Values.Count(entry => entry.Action == "contract.reopened"));

        _ports.Put(Annual().Snapshot());
        await Handle();

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
        Assert.Equal("Billing active", _ports.Written.Last(written => written.Object == "Opportunity").Fields[F.SyncStatus]);
    }

    [Fact]
    public async Task An_opportunity_that_was_never_won_leaves_no_trace()
    {
        _ports.Put(Annual().With(("IsWon", false)).Snapshot());

        await Handle();

        Assert.Equal(0, _ports.Effects);
    }

    [Fact]
    public async Task A_held_opportunity_shows_it_and_calls_nothing()
    {
        _ports.Put(Annual().With(("Hub_Hold_Billing__c", true)).Snapshot());

        await Handle();

        Assert.Equal(0, _ports.StripeCalls);
        Assert.Equal("Held", Assert.Single(_ports.Written).Fields[F.SyncStatus]);
    }

    [Fact]
    public async Task A_change_of_a_billed_contract_in_place_is_refused_and_billing_goes_on()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        _ports.Put(Deals.New().Line("SEAT", 41, 300.00m).Snapshot());

        await Handle();

        Assert.Equal(1, _ports.StripeCalls);
        ContractRecord record = _ports.Records[Id];
        Assert.Equal("contract-already-billed", Assert.Single(record.Problems).Code);
        Assert.Equal("sub_sched_1", record.Billing!.ScheduleId);
    }

    [Fact]
    public async Task Somebody_elses_change_of_the_record_makes_the_queue_deliver_again()
    {
        _ports.Put(Annual().Snapshot());
        _ports.BeforeApply = () => _ports.Records[Id] = _ports.Records[Id] with { ETag = "W/other" };

        await Assert.ThrowsAsync<ContractRecordConflictException>(() => Handle());

        _ports.BeforeApply = null;
        await Handle();
        Assert.Single(_ports.Billed);
        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
    }

    [Fact]
    public async Task A_delivery_waits_while_another_version_is_being_applied()
    {
        _ports.Put(Annual().Snapshot());
        _ports.DieAfter = 1;
        await Assert.ThrowsAsync<Killed>(() => Handle());
        _ports.Put(Deals.New().Line("SEAT", 41, 300.00m).Snapshot());

        await Handle();
        Assert.Equal(Duration.FromMinutes(1), Assert.Single(_ports.Sent).Delay);
        Assert.Empty(_ports.Billed);

        _clock.Now += Duration.FromMinutes(6);
        await Handle();
        Assert.Equal(41, Assert.Single(_ports.Billed.Values).Schedule!.Phases[0].Items[0].Quantity);
    }

    [Fact]
    public async Task A_write_back_that_Salesforce_refuses_is_not_repeated_until_a_person_asks()
    {
        _ports.Put(Annual().Snapshot());
        _ports.RefuseObject = "Account";
        await Handle();
        await Handle();
        Assert.Single(_ports.Written);

        _ports.RefuseObject = null;
        await Handle(ContractSources.Manual);
        _ports.Put(Annual().Account((SalesforceFields.Account.StripeCustomerId, "cus_1")).Snapshot());
        await Handle(ContractSources.Manual);

        Assert.Equal(["Opportunity", "Account"], _ports.Written.Select(written => written.Object));
        Assert.Equal(1, _ports.StripeCalls);
    }

    [Fact]
    public async Task A_deleted_opportunity_of_a_billed_contract_is_on_the_trail_once()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        _ports.Deals.Clear();

        await Handle();
        await Handle();

        Assert.Equal(1, _ports.Trail.Values.Count(entry => entry.Action == "contract.gone"));
    }

    [Fact]
    public async Task A_change_inside_a_billing_period_is_frozen_in_the_record_and_asked_for()
    {
        _ports.Put(Deals.New()
            .Line("SEAT", 10, 120.00m, ("Hub_Line_End__c", "2027-01-14"))
            .Line("SEAT", 20, 120.00m, ("Hub_Line_Start__c", "2027-01-15"))
            .Snapshot());

        await Handle();

        Adjustment adjustment = Assert.Single(_ports.Records[Id].Adjustments);
        Assert.Equal((Deals.Date("2027-01-15"), 90000), (adjustment.Date, adjustment.Amount));
        Assert.Equal(new AdjustmentLine("SEAT", "prod_SEAT", 90000, Assert.Single(adjustment.Lines).Description, Deals.Date("2027-01-15"), Deals.Date("2027-10-15")), adjustment.Lines[0]);
        Assert.Equal(Deals.OpportunityId, Assert.Single(_ports.Adjusting).Message.OpportunityId);
    }

    [Fact]
    public async Task A_tax_rate_that_Stripe_does_not_have_is_a_problem_of_the_account()
    {
        _ports.Put(Annual().Account(("Hub_Tax_Rate_Id__c", "txr_gone")).Snapshot());

        await Handle();

        Problem problem = Assert.Single(_ports.Records[Id].Problems);
        Assert.Equal(("value-invalid", "Hub_Tax_Rate_Id__c"), (problem.Code, problem.Field));
        Assert.Equal(0, _ports.StripeCalls);
    }

    [Fact]
    public async Task Audit_payloads_hold_ids_and_codes_and_nothing_personal()
    {
        _ports.Put(Annual().Account(("Name", "Personal Name GmbH")).Contact(("Email", null)).Snapshot());

        await Handle();

        string payload = Assert.Single(_ports.Trail.Values).Payload;
        Assert.Contains("billing-email-missing Contact 003000000000001AAA Email", payload, StringComparison.Ordinal);
        Assert.DoesNotContain("Personal", payload, StringComparison.Ordinal);
        Assert.DoesNotContain('@', payload);
    }

    // The account is part of what is billed, and each account has a customer of its own: looking there alone would find nothing and bill again.
    [Fact]
    public async Task A_billed_opportunity_that_moves_to_another_account_is_not_billed_there_again()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        string account = Moved();

        await Handle();

        Assert.Single(_ports.Billed);
        ContractRecord record = _ports.Records[Id];
        Assert.Equal("contract-already-billed", Assert.Single(record.Problems).Code);
        Assert.Equal("cus_1", record.Billing!.CustomerId);
        Assert.NotEqual(account, record.BilledAccount!.Value.Value);

        // Its customer is not the new account's.
        Assert.DoesNotContain(_ports.Written, written => written.Id == account);
    }

    [Fact]
    public async Task Moving_to_another_account_after_a_crash_behind_the_Stripe_call_does_not_bill_twice_either()
    {
        _ports.Put(Annual().Snapshot());
        _ports.DieAfter = 2;
        await Assert.ThrowsAsync<Killed>(() => Handle());
        Moved();

        _clock.Now += Duration.FromMinutes(6);
        await Handle();

        Assert.Single(_ports.Billed);
        Assert.Equal("contract-already-billed", Assert.Single(_ports.Records[Id].Problems).Code);
        Assert.Equal("sub_sched_1", _ports.Records[Id].Billing!.ScheduleId);
    }

    [Fact]
    public async Task A_changed_deal_of_an_account_that_names_another_customer_now_is_not_billed_again()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        _ports.Put(Deals.New().Line("SEAT", 41, 300.00m).Account((SalesforceFields.Account.StripeCustomerId, "cus_2")).Snapshot());

        await Handle();

        Assert.Single(_ports.Billed);
        Assert.Equal("contract-already-billed", Assert.Single(_ports.Records[Id].Problems).Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cus_1")]
    public async Task A_deal_of_an_account_whose_customer_was_deleted_in_Stripe_needs_attention(string? stored)
    {
        _ports.DeletedCustomers.Add("cus_1");
        _ports.Put(Annual().Account((SalesforceFields.Account.StripeCustomerId, stored)).Snapshot());

        await Handle();

        Assert.Equal(0, _ports.StripeCalls);
        Problem problem = Assert.Single(_ports.Records[Id].Problems);
        Assert.Equal(("customer-missing", "Account", "Hub_Stripe_Customer_Id__c"), (problem.Code, problem.Object, problem.Field));
        WriteBack written = Assert.Single(_ports.Written);
        Assert.Equal("Needs attention", written.Fields[F.SyncStatus]);
        Assert.Contains("Stripe customer cus_1", Assert.IsType<string>(written.Fields[F.SyncMessage]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_deal_is_billed_once_the_account_names_another_customer()
    {
        _ports.DeletedCustomers.Add("cus_1");
        _ports.Put(Annual().Snapshot());
        await Handle();
        _ports.Put(Annual().Account((SalesforceFields.Account.StripeCustomerId, "cus_2")).Snapshot());

        await Handle();

        Assert.Single(_ports.Billed);
    }

    // Its schedule ended with the customer: beginning anew under another one would bill again what was billed.
    [Theory]
    [InlineData("cus_1")]
    [InlineData("cus_2")]
    public async Task A_contract_that_was_billed_under_a_deleted_customer_is_not_billed_again(string named)
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        _ports.DeletedCustomers.Add("cus_1");
        _ports.Billed.Clear();
        _ports.Put(Annual().Account((SalesforceFields.Account.StripeCustomerId, named)).Snapshot());

        await Handle();

        Assert.Empty(_ports.Billed);
        Problem problem = Assert.Single(_ports.Records[Id].Problems);
        Assert.Equal(("customer-missing", "Opportunity", "Hub_Hold_Billing__c"), (problem.Code, problem.Object, problem.Field));
        Assert.Equal("cus_1", _ports.Records[Id].Billing!.CustomerId);
    }

    [Fact]
    public async Task A_schedule_that_was_edited_in_Stripe_is_reported_and_not_overwritten()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        _ports.Edited = new("cancel", []);

        await Handle();

        Assert.Equal(1, _ports.StripeCalls);
        ContractRecord record = _ports.Records[Id];
        Assert.Equal("schedule-edited", Assert.Single(record.Problems).Code);
        Assert.Equal("sub_sched_1", record.Billing!.ScheduleId);
        Assert.Equal("Needs attention", _ports.Written.Last(written => written.Object == "Opportunity").Fields[F.SyncStatus]);

        _ports.Edited = null;
        await Handle();

        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
        Assert.Equal("Billing active", _ports.Written.Last(written => written.Object == "Opportunity").Fields[F.SyncStatus]);
    }

    // One delivery is in the middle of Stripe's calls; a second finds the deal unbillable (or not won), a third finds it mended another way.
    [Theory]
    [InlineData("Hub_Payment_Terms__c", "Net 33")]
    [InlineData("IsWon", false)]
    public async Task A_third_version_does_not_begin_while_the_first_is_being_applied(string field, object value)
    {
        _ports.Put(Annual().Snapshot());
        _ports.BeforeApply = () =>
        {
            _ports.BeforeApply = null;
            _ports.Put(Annual().With((field, value)).Snapshot());
            Handle().GetAwaiter().GetResult();
            _ports.Put(Deals.New().Line("SEAT", 41, 300.00m).Snapshot());
            Handle().GetAwaiter().GetResult();
        };

        await Handle();

        Assert.Single(_ports.Billed);
        Assert.Equal(2, _ports.Sent.Count);
    }

    // What it works out is older than what another delivery has handed over meanwhile: it must not take its place.
    [Fact]
    public async Task A_write_back_that_others_overtook_is_worked_out_again()
    {
        _ports.Put(Annual().Snapshot());
        _ports.Owed.BeforeOwe = () =>
        {
            _ports.Owed.BeforeOwe = null;
            _ports.Put(Annual().With(("IsWon", false), ("StageName", "Negotiation")).Snapshot());
            Handle().GetAwaiter().GetResult();
        };

        await Assert.ThrowsAsync<ContractRecordConflictException>(() => Handle());
        await Handle();

        Assert.Equal("Needs attention", _ports.Written.Last(written => written.Object == "Opportunity").Fields[F.SyncStatus]);
    }

    [Fact]
    public async Task The_Hubs_own_write_back_is_recognised_without_asking_Stripe()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        (int effects, int stripe) = (_ports.Effects, _ports.StripeReads);
        _ports.Put(Annual().With((F.SyncStatus, "Billing active")).Account((SalesforceFields.Account.StripeCustomerId, "cus_1")).Snapshot() with { LastChangedByHub = true });

        await Handle();

        Assert.Equal((effects, stripe), (_ports.Effects, _ports.StripeReads));
    }

    [Fact]
    public async Task Only_a_contract_that_was_billed_before_has_its_invoices_taken_over()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        Assert.Empty(_ports.Adopted);

        _ports.Records.Clear();
        _ports.Owed.Shown.Clear();
        await Handle();
        await Handle();

        Assert.Equal(Deals.OpportunityId, Assert.Single(_ports.Adopted).OpportunityId);
        Assert.Equal(1, _ports.StripeCalls);
    }

    // The Hub wrote last, but somebody has edited the deal between the Hub's reading and its writing.
    [Fact]
    public async Task An_edit_that_the_Hubs_write_back_followed_is_not_taken_for_the_Hubs_own()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        _ports.Put(Deals.New().Line("SEAT", 41, 300.00m).Snapshot() with { LastChangedByHub = true });

        await Handle();

        Assert.Equal("contract-already-billed", Assert.Single(_ports.Records[Id].Problems).Code);
    }

    [Fact]
    public async Task A_customer_id_that_was_emptied_in_Salesforce_comes_back_when_a_person_asks()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        await Handle();
        Assert.Single(_ports.Written, written => written.Object == "Account");

        await Handle(ContractSources.Manual);

        Assert.Equal(2, _ports.Written.Count(written => written.Object == "Account"));
    }

    [Fact]
    public async Task Another_plan_after_one_that_never_reached_Stripe_is_processed_on_its_own_day()
    {
        _ports.Put(Annual().Snapshot());
        _ports.DieAfter = 1;
        await Assert.ThrowsAsync<Killed>(() => Handle());
        _clock.Now += Duration.FromDays(40);
        _ports.Put(Deals.New().Line("SEAT", 41, 300.00m).Snapshot());

        await Handle();

        Assert.Equal(Deals.Date("2026-11-10"), _ports.Records[Id].ProcessedOn);
    }

    private static Deals Annual() => Deals.New().Line("SEAT", 40, 300.00m);

    private string Moved()
    {
        const string account = "001000000000009AAA";
        _ports.Put(Annual().With((F.AccountId, account)).Account(("Id", account)).Snapshot());
        return account;
    }

    private Task Handle(string source = ContractSources.Poll, ContractsOptions? options = null) =>
        _ports.Deliver(new(Deals.OpportunityId, source, Instant.FromUtc(2026, 10, 1, 9, 0)), _clock, options);
}
