using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.EndToEnd.Tests.OtherWire;

namespace Hub.EndToEnd.Tests;

/// <summary>The host against another implementation of both wire protocols: nothing it does may lean on the project's own sandbox.</summary>
/// <remarks>
/// Worked out by hand: 10 seats × 30.00 × 3 months = 900.00 a quarter less 10 % = 810.00; with 1,500.00 once the first invoice is 2,310.00. The
/// second year is 15 × 28.50 × 3 = 1,282.50 a quarter. Together 4 × 810.00 + 1,500.00 + 4 × 1,282.50 = 9,870.00.
/// </remarks>
public sealed class OtherWireTests(OtherStory story) : IClassFixture<OtherStory>
{
    private static readonly long March2026 = Midnight(2026);
    private static readonly long March2027 = Midnight(2027);
    private static readonly long March2028 = Midnight(2028);

    private OtherWorld World => story.World;

    [Fact]
    public void Everything_that_could_go_wrong_did_go_wrong()
    {
        Assert.Empty(World.Faults.Left);
        Assert.InRange(World.Salesforce.Sessions, 2, 30);
    }

    [Fact]
    public void One_schedule_bills_the_deal_although_the_answer_to_its_creation_was_lost()
    {
        JsonObject schedule = Assert.Single(World.Stripe.All("subscription_schedule"));
        Assert.Equal(2, World.Requests.Count(request => request.StartsWith("POST /v1/subscription_schedules ", StringComparison.Ordinal)));
        Assert.Equal(OtherBooks.Billed, (string?)schedule["metadata"]!["sf_opportunity_id"]);
        Assert.Equal("cancel", (string?)schedule["end_behavior"]);
        Assert.Equal((string)Assert.Single(World.Stripe.All("customer"))["id"]!, (string?)schedule["customer"]);
        Assert.Single(World.Stripe.All("subscription"));
    }

    [Fact]
    public void Its_phases_are_those_worked_out_by_hand()
    {
        JsonArray phases = World.Stripe.All("subscription_schedule").Single()["phases"]!.AsArray();

        Assert.Equal(2, phases.Count);
        Assert.Equal((March2026, March2027), ((long)phases[0]!["start_date"]!, (long)phases[0]!["end_date"]!));
        Assert.Equal((March2027, March2028), ((long)phases[1]!["start_date"]!, (long)phases[1]!["end_date"]!));
        Assert.Equal(["10 × 9000 eur of Pq.seat~1 every 3 month less hub-10-percent-off"], Items(phases[0]!["items"]!));
        Assert.Equal(["1 × 150000 eur of Pq.setup~2 once"], Items(phases[0]!["add_invoice_items"]!));
        Assert.Equal(["15 × 8550 eur of Pq.seat~1 every 3 month"], Items(phases[1]!["items"]!));
        Assert.Empty(Items(phases[1]!["add_invoice_items"]!));
        Assert.All(phases, phase => Assert.Equal("none", (string?)phase!["proration_behavior"]));
        Assert.Equal(10m, (decimal)Assert.Single(World.Stripe.All("coupon"))["percent_off"]!);
    }

    [Fact]
    public void The_opportunity_and_its_account_show_what_is_billed()
    {
        JsonObject opportunity = World.Salesforce.Record("Opportunity", OtherBooks.Billed);

        Assert.Equal("Billing active", (string?)opportunity["Hub_Sync_Status__c"]);
        Assert.Equal((string)World.Stripe.All("subscription_schedule").Single()["id"]!, (string?)opportunity["Hub_Stripe_Schedule_Id__c"]);
        Assert.Equal((string)World.Stripe.All("subscription").Single()["id"]!, (string?)opportunity["Hub_Stripe_Subscription_Id__c"]);
        Assert.Equal(9870.00m, (decimal)opportunity["Hub_Contracted_Total__c"]!);
        Assert.Equal("2026-06-01", (string?)opportunity["Hub_Next_Invoice_Date__c"]);
        Assert.Equal("https://pay.example/q-0001", (string?)opportunity["Hub_First_Invoice_Url__c"]);
        Assert.Equal(
            (string)World.Stripe.All("customer").Single()["id"]!,
            (string?)World.Salesforce.Record("Account", OtherBooks.BilledAccount)["Hub_Stripe_Customer_Id__c"]);
    }

    // This org has neither the mirror of the invoices nor the fields of the totals: what it lacks is left out or waits, and the rest is shown.
    [Fact]
    public void What_the_org_has_no_place_for_waits_and_is_said_once()
    {
        Assert.Single(story.WriteBackRows, row => row.Contains("RowKey=p|Hub_Invoice__c|", StringComparison.Ordinal) && row.Contains("\"Hub_Status__c\":\"Paid\"", StringComparison.Ordinal));
        Assert.DoesNotContain(story.WriteBackRows, row => row.Contains("RowKey=p|Opportunity|", StringComparison.Ordinal));
        Assert.DoesNotContain(story.WriteBackRows, row => row.Contains("Refused=", StringComparison.Ordinal));
        Assert.Contains("invoices are not mirrored", story.ReadyText, StringComparison.Ordinal);
    }

    [Fact]
    public void The_refused_deal_shows_every_defect_and_wrote_nothing_to_Stripe()
    {
        JsonObject opportunity = World.Salesforce.Record("Opportunity", OtherBooks.Refused);

        Assert.Equal("Needs attention", (string?)opportunity["Hub_Sync_Status__c"]);
        string[] codes = [.. ((string)opportunity["Hub_Sync_Message__c"]!).Split('\n').Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal)];
        Assert.Equal(["amount-contradiction", "billing-email-missing", "payment-terms-unknown"], codes);
        Assert.DoesNotContain(World.Requests, request => request.StartsWith("POST /v1/", StringComparison.Ordinal)
            && (request.Contains(OtherBooks.Refused, StringComparison.Ordinal) || request.Contains(OtherBooks.RefusedAccount, StringComparison.Ordinal)));
        Assert.DoesNotContain(OtherBooks.RefusedAccount, World.Salesforce.Written);
        Assert.DoesNotContain(OtherBooks.Open, World.Salesforce.Written);
    }

    [Fact]
    public void Webhooks_in_the_wrong_order_leave_the_invoice_as_it_is_now()
    {
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], story.WebhookAnswers);
        string row = Assert.Single(story.InvoiceRows, each => each.StartsWith("InvoiceState Invoice=", StringComparison.Ordinal));
        Assert.Contains((string)World.Stripe.All("invoice").Single()["id"]!, row, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"paid\"", row, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("231000", row, StringComparison.Ordinal);
    }

    [Fact]
    public void The_books_foot_and_only_the_refused_deal_is_missing()
    {
        Assert.Equal("closed", story.Run.GetProperty("state").GetString());
        Assert.True(story.Run.GetProperty("footOk").GetBoolean());
        JsonElement only = Assert.Single(story.Discrepancies.GetProperty("discrepancies").EnumerateArray());
        Assert.Equal("MISSING_IN_BILLING", only.GetProperty("kind").GetString());
        Assert.Equal(OtherBooks.Refused, only.GetProperty("contract").GetString());

        // 4 × 25.00 a month: March is due and not billed, eleven months follow.
        Assert.Equal((-10000, -110000), (only.GetProperty("realised").GetInt64(), only.GetProperty("atRisk").GetInt64()));
        Assert.Equal("eur", only.GetProperty("currency").GetString());
        Assert.Equal(2, story.Run.GetProperty("totals").GetProperty("contracts").GetInt32());
        Assert.Equal(1, story.Run.GetProperty("totals").GetProperty("matched").GetInt32());
    }

    [Fact]
    public void The_host_is_ready_and_holds_nothing_back()
    {
        Assert.Equal(HttpStatusCode.OK, story.Ready);
        Assert.All(story.Queues.EnumerateArray(), queue => Assert.Equal((0, 0), (queue.GetProperty("waiting").GetInt32(), queue.GetProperty("poison").GetInt32())));
    }

    private string[] Items(JsonNode items) => [.. items.AsArray().Select(item =>
    {
        JsonObject price = World.Stripe.All("price").Single(each => (string)each["id"]! == (string)item!["price"]!);
        string every = price["recurring"] is { } recurring ? $"every {recurring["interval_count"]} {recurring["interval"]}" : "once";
        string off = string.Concat(item!["discounts"]!.AsArray().Select(discount => $" less {discount!["coupon"]}"));
        return $"{item["quantity"]} × {price["unit_amount"]} {price["currency"]} of {price["product"]} {every}{off}";
    })];

    private static long Midnight(int year) => new DateTimeOffset(year, 3, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
}
