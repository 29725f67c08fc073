using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.EndToEnd.Tests.Support;
using Hub.Sandbox.Seed;

namespace Hub.EndToEnd.Tests;

/// <summary>What people do to won opportunities in Salesforce, seen through poll, queue, Stripe and write-back (docs/detection.md).</summary>
public sealed class LifecycleTests(LifecycleTests.Running running) : IClassFixture<LifecycleTests.Running>
{
    private SandboxStack Stack => running.Stack;

    private CancellationToken Ct => running.Ct;

    [Fact]
    public async Task Reopened_it_alerts_and_closed_again_with_the_same_content_it_goes_on_without_anything_new_in_Stripe()
    {
        string id = await running.Deal("annual-prepaid");
        string stripe = await StripeState();

        await Edit(id, new { StageName = "Negotiation/Review" });

        JsonElement reopened = await Opportunity(id);
        Assert.Equal("Needs attention", Status(reopened));
        Assert.Contains("opportunity-reopened", reopened.GetProperty("Hub_Sync_Message__c").GetString(), StringComparison.Ordinal);

        await Edit(id, new { StageName = "Closed Won" });

        Assert.Equal("Billing active", Status(await Opportunity(id)));
        Assert.Equal(stripe, await StripeState());
    }

    [Fact]
    public async Task Closed_again_with_other_content_it_is_refused()
    {
        string id = await running.Deal("monthly");
        string stripe = await StripeState();
        await Edit(id, new { StageName = "Negotiation/Review" });
        JsonElement line = (await Stack.World.Records("OpportunityLineItem", Ct)).First(line => line.GetProperty("OpportunityId").GetString() == id);
        await Stack.World.EditRecord("OpportunityLineItem", Id(line), new { Quantity = line.GetProperty("Quantity").GetDecimal() + 5 }, Ct);

        await Edit(id, new { StageName = "Closed Won" });

        Assert.Contains("contract-already-billed", (await Opportunity(id)).GetProperty("Hub_Sync_Message__c").GetString(), StringComparison.Ordinal);
        Assert.Equal(stripe, await StripeState());
    }

    [Fact]
    public async Task Deleted_it_shows_in_the_readiness_report_and_on_the_trail_and_restored_it_goes_on()
    {
        string id = await running.Deal("net-45");
        string stripe = await StripeState();

        await Stack.DeleteRecord("Opportunity", id, Ct);
        await running.Detect();

        Assert.Equal([(id, "opportunity-deleted")], await Alerts());
        JsonElement view = await Stack.Host.Client.Get($"/api/opportunities/{id}", Ct);
        Assert.Equal("opportunity-deleted", view.GetProperty("findings")[0].GetProperty("code").GetString());
        Assert.Contains("contract.gone", view.GetProperty("history").GetRawText(), StringComparison.Ordinal);

        await Stack.Control("/sandbox/salesforce/undelete", new JsonObject { ["id"] = id }, Ct);
        await running.Detect();

        Assert.Empty(await Alerts());
        Assert.Equal("Billing active", Status(await Opportunity(id)));
        Assert.Equal("active", (await Stack.Host.Client.Get($"/api/opportunities/{id}", Ct)).GetProperty("state").GetString());
        Assert.Equal(stripe, await StripeState());
    }

    [Fact]
    public async Task After_a_merge_of_accounts_the_same_customer_is_billed_and_the_surviving_account_carries_it()
    {
        string id = await running.Deal("quarterly");
        JsonElement before = await Opportunity(id);
        string loser = before.GetProperty("AccountId").GetString()!;
        string? customer = (await Record("Account", loser)).GetProperty("Hub_Stripe_Customer_Id__c").GetString();
        const string survivor = "001SM0000000777";
        await Stack.Insert(new JsonObject { ["Account"] = new JsonArray(new JsonObject { ["Id"] = survivor, ["Name"] = "Survivor" }) }, Ct);
        string stripe = await StripeState();

        await Stack.Control("/sandbox/salesforce/merge", new JsonObject { ["object"] = "Account", ["master"] = survivor, ["loser"] = loser }, Ct);
        await running.Detect();

        JsonElement after = await Opportunity(id);
        Assert.NotEqual(loser, after.GetProperty("AccountId").GetString());
        Assert.Equal("Billing active", Status(after));
        Assert.Equal("active", (await Stack.Host.Client.Get($"/api/opportunities/{id}", Ct)).GetProperty("state").GetString());
        Assert.Equal(stripe, await StripeState());
        Assert.NotNull(customer);
        Assert.Equal(customer, (await Record("Account", after.GetProperty("AccountId").GetString()!)).GetProperty("Hub_Stripe_Customer_Id__c").GetString());
    }

    [Fact]
    public async Task A_line_that_changes_in_a_custom_field_alone_is_noticed_and_put_right_before_the_first_day()
    {
        string id = await running.Deal("three-year-ramp");
        JsonElement before = await Opportunity(id);
        string? stamp = before.GetProperty("SystemModstamp").GetString();
        JsonElement line = (await Stack.World.Records("OpportunityLineItem", Ct)).First(line => line.GetProperty("OpportunityId").GetString() == id);
        string basis = line.GetProperty("Hub_Price_Basis__c").GetString() == "Month" ? "Quarter" : "Month";

        await Stack.World.EditRecord("OpportunityLineItem", Id(line), new { Hub_Price_Basis__c = basis }, Ct);
        Assert.Equal(stamp, (await Opportunity(id)).GetProperty("SystemModstamp").GetString());
        await running.Detect();

        JsonElement after = await Opportunity(id);
        Assert.Equal("Billing active", Status(after));
        Assert.Equal(before.GetProperty("Hub_Stripe_Schedule_Id__c").GetString(), after.GetProperty("Hub_Stripe_Schedule_Id__c").GetString());
        Assert.NotEqual(before.GetProperty("Hub_Contract_Version__c").GetString(), after.GetProperty("Hub_Contract_Version__c").GetString());
        JsonElement schedule = (await Stack.World.StripeList("/v1/subscription_schedules", Ct)).Single(found => found.GetProperty("id").GetString() == after.GetProperty("Hub_Stripe_Schedule_Id__c").GetString());
        Assert.Equal(after.GetProperty("Hub_Contract_Version__c").GetString(), schedule.GetProperty("metadata").GetProperty("hub_contract_version").GetString());
    }

    [Fact]
    public async Task A_customer_that_looks_like_the_account_waits_for_a_person_who_enters_it()
    {
        string id = await running.Insert("yen");
        JsonElement opportunity = await Opportunity(id);
        string account = opportunity.GetProperty("AccountId").GetString()!;
        string email = (await Record("Contact", opportunity.GetProperty("Hub_Billing_Contact__c").GetString()!)).GetProperty("Email").GetString()!;
        KeyValuePair<string, string>[] form =
        [
            new("name", (await Record("Account", account)).GetProperty("Name").GetString()!.ToUpperInvariant()), new("email", "office@" + email.Split('@')[1]),
        ];
        string customer = Id(await Stack.World.StripePost("/v1/customers", form, Ct), "id");

        // Search shows a new customer after a minute.
        await Stack.World.AdvanceTo((await Stack.World.Now(Ct)).AddMinutes(2), Ct);
        await Edit(id, new { NextStep = "billed" });
        Assert.Contains($"customer-suggested: Stripe has a customer {customer} already", (await Opportunity(id)).GetProperty("Hub_Sync_Message__c").GetString(), StringComparison.Ordinal);

        await Stack.World.EditRecord("Account", account, new { Hub_Stripe_Customer_Id__c = customer }, Ct);
        await Edit(id, new { NextStep = "billed again" });

        JsonElement billed = await Opportunity(id);
        Assert.Equal("Billing active", Status(billed));
        JsonElement schedule = (await Stack.World.StripeList("/v1/subscription_schedules", Ct)).Single(found => Id(found, "id") == billed.GetProperty("Hub_Stripe_Schedule_Id__c").GetString());
        Assert.Equal(customer, Id(schedule, "customer"));
    }

    [Fact]
    public async Task A_push_of_ids_is_handled_without_a_poll()
    {
        string id = await running.Insert("one-time-only");

        using HttpResponseMessage answer = await Stack.Host.Http.PostAsJsonAsync("/api/salesforce/opportunities", new { opportunityIds = new[] { id } }, Ct);

        Assert.Equal(202, (int)answer.StatusCode);
        await Stack.Host.Client.WaitUntilIdle(Ct);
        Assert.Equal("Billing active", Status(await Opportunity(id)));
    }

    private static string Id(JsonElement found, string name) => found.GetProperty(name).GetString()!;

    private static string Id(JsonElement record) => record.GetProperty("Id").GetString()!;

    private static string? Status(JsonElement opportunity) => opportunity.GetProperty("Hub_Sync_Status__c").GetString();

    private async Task Edit(string id, object fields)
    {
        await Stack.World.EditRecord("Opportunity", id, fields, Ct);
        await running.Detect();
    }

    private Task<JsonElement> Opportunity(string id) => Record("Opportunity", id);

    // What is owed to Salesforce leaves with the next write-back.
    private async Task<JsonElement> Record(string type, string id)
    {
        await Stack.Host.Client.RunTimer("WriteBackResults", Ct);
        return (await Stack.World.Records(type, Ct)).Single(record => Id(record) == id);
    }

    private Task<string> StripeState() => Stack.Read("/sandbox/stripe/state", Ct);

    private async Task<(string?, string?)[]> Alerts()
    {
        using HttpResponseMessage answer = await Stack.Host.Http.GetAsync(new Uri("/api/ready", UriKind.Relative), Ct);
        JsonElement report = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return [.. report.GetProperty("alerts").EnumerateArray().Select(alert => (alert.GetProperty("opportunityId").GetString(), alert.GetProperty("code").GetString()))];
    }

    /// <summary>One stack for all: each test has a deal of its own.</summary>
    public sealed class Running : IAsyncLifetime
    {
        internal CancellationToken Ct { get; } = Within.Minutes(10);

        internal SandboxStack Stack { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Stack = await SandboxStack.Start(new Dictionary<string, string>(), Ct);
            await Catalogued.Insert(Stack, Ct);
        }

        public async Task DisposeAsync() => await Stack.DisposeAsync();

        /// <summary>Inserts a sample's records; returns the opportunity's id.</summary>
        internal async Task<string> Insert(string sample)
        {
            JsonObject records = Samples.Records(sample);
            await Stack.Insert(records, Ct);
            return (string)records["Opportunity"]![0]!["Id"]!;
        }

        /// <summary>A deal that is billed.</summary>
        internal async Task<string> Deal(string sample)
        {
            string id = await Insert(sample);
            await Stack.Host.Client.Post($"/api/opportunities/{id}/sync", Ct);
            await Stack.Host.Client.WaitUntilIdle(Ct);
            await Detect();
            await Stack.Host.Client.RunTimer("WriteBackResults", Ct);
            JsonElement opportunity = (await Stack.World.Records("Opportunity", Ct)).Single(record => record.GetProperty("Id").GetString() == id);
            Assert.Equal("Billing active", opportunity.GetProperty("Hub_Sync_Status__c").GetString());
            return id;
        }

        /// <summary>A minute later: what has changed is polled and handled.</summary>
        internal async Task Detect()
        {
            await Stack.World.AdvanceTo((await Stack.World.Now(Ct)).AddMinutes(1), Ct);
            await Stack.Host.Client.RunTimer("DetectClosedWon", Ct);
            await Stack.Host.Client.WaitUntilIdle(Ct);
        }
    }
}
