using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Hub.Cli.Plan;

namespace Hub.Cli.Tests.Plan;

public sealed class PlanCommandTests
{
    // SEAT 40 × 300.00 less 10 % = 10 800.00, SETUP 450.00: one invoice of 11 250.00 on 15 October 2026, due 20 days later on 4 November.
    [Fact]
    public async Task The_sample_plans_its_first_deal_as_worked_out_by_hand()
    {
        JsonElement deal = (await Deals(Sample("two-deals.json")))[0];

        Assert.Equal("006000000000001AAA", deal.GetProperty("opportunityId").GetString());
        Assert.Equal("planned", deal.GetProperty("outcome").GetString());
        Assert.Equal(
            """{"action":"create","endBehavior":"cancel","phases":[{"start":"2026-10-15","end":"2027-10-15","items":[{"product":"SEAT","quantity":40,"unitAmount":"30000","currency":"usd","interval":"year","intervalCount":1,"percentOff":"10","usage":false}],"oneTime":[{"product":"SETUP","quantity":1,"unitAmount":"45000"}],"trialEnd":null}]}""",
            Plain(deal.GetProperty("schedule")));
        JsonElement invoice = Assert.Single(deal.GetProperty("invoices").EnumerateArray());
        Assert.Equal(("2026-10-15", 1125000, "2026-11-04"), (Text(invoice, "date"), invoice.GetProperty("amount").GetInt64(), Text(invoice, "due")));
        Assert.Equal([("SETUP", 45000), ("SEAT", 1080000)], invoice.GetProperty("lines").EnumerateArray().Select(line => (Text(line, "product"), line.GetProperty("amount").GetInt32())));
        Assert.Equal(1125000, deal.GetProperty("total").GetInt64());
        Assert.Equal("""{"action":"create","id":null}""", Plain(deal.GetProperty("customer")));
        Assert.Equal(
            ["customers.create", "coupons.create", "subscription_schedules.create"],
            deal.GetProperty("steps").EnumerateArray().Select(step => Text(step, "operation")).Where(operation => operation != "prices.create"));
    }

    // 3 × KWD 7.255 a month is 21765 fils: not a multiple of ten. Everything else that is wrong with the deal is said at once.
    [Fact]
    public async Task The_sample_refuses_its_second_deal_with_every_finding()
    {
        JsonElement deal = (await Deals(Sample("two-deals.json")))[1];

        Assert.Equal("rejected", Text(deal, "outcome"));
        Assert.Equal(
            [
                "amount-not-representable", "billing-email-missing", "contract-start-missing", "payment-terms-unknown", "product-inactive", "product-unmapped",
            ],
            deal.GetProperty("findings").EnumerateArray().Select(finding => Text(finding, "code")).Order(StringComparer.Ordinal));
        Assert.Equal(JsonValueKind.Null, deal.GetProperty("schedule").ValueKind);
        Assert.Empty(deal.GetProperty("invoices").EnumerateArray());
        Assert.Empty(deal.GetProperty("steps").EnumerateArray());
        Assert.Equal("kwd", Text(deal, "currency"));
    }

    // 5 × 1 200.00 × 184/365 = 3 024.66 on 1 July; 4 seats at 10.00 fewer from August, 24 from 2028; 10 × 1 200.00 × 4/12 back on 1 September.
    [Theory]
    [InlineData("006000000000002AAA", "update", 1502466, "2027-07-01 302466 2027-07-31")]
    [InlineData("006000000000004AAA", "update", 100000, "2027-08-01 6000 2027-08-31")]
    [InlineData("006000000000005AAA", "update", 676000, "2028-01-01 24000 2028-01-31")]
    [InlineData("006000000000007AAA", "update", 800000, "2027-09-01 -400000 credit note")]
    public async Task Amendments_are_planned_on_top_of_the_contract_in_the_file(string id, string action, long total, string invoice)
    {
        JsonElement deal = (await Deals(Sample("amendments.json"))).First(deal => Text(deal, "opportunityId") == id);

        Assert.Equal(("planned", action, total), (Text(deal, "outcome"), Text(deal.GetProperty("schedule"), "action"), deal.GetProperty("total").GetInt64()));
        Assert.Contains(invoice, deal.GetProperty("invoices").EnumerateArray().Select(listed =>
            $"{Text(listed, "date")} {listed.GetProperty("amount").GetInt64()} {(listed.TryGetProperty("creditNote", out _) ? "credit note" : Text(listed, "due"))}"));
        Assert.Equal("subscription_schedules.update", Text(deal.GetProperty("steps")[0], "operation"));
    }

    // Only the synced quote counts, in whatever order its lines stand and without those in the recycle bin; one that the file does not hold is not compared.
    [Theory]
    [InlineData(0, "planned", "00000041")]
    [InlineData(2, "planned", null)]
    public async Task Lines_that_are_those_of_the_synced_quote_are_planned_under_its_number(int index, string outcome, string? number)
    {
        JsonElement deal = (await Deals(Sample("quotes.json")))[index];

        Assert.Equal((outcome, 0), (Text(deal, "outcome"), deal.GetProperty("findings").GetArrayLength()));
        JsonElement schedule = deal.GetProperty("steps").EnumerateArray().Single(step => Text(step, "operation") == "subscription_schedules.create");
        Assert.Equal(
            number is null ? [] : [number, number],
            new[] { schedule.GetProperty("params"), schedule.GetProperty("params").GetProperty("phases")[0] }
                .Select(held => held.GetProperty("metadata")).Where(metadata => metadata.TryGetProperty("sf_quote_number", out _)).Select(metadata => Text(metadata, "sf_quote_number")));
    }

    [Fact]
    public async Task Lines_that_are_not_those_of_the_synced_quote_are_findings_all_at_once()
    {
        JsonElement deal = (await Deals(Sample("quotes.json")))[1];

        Assert.Equal("rejected", Text(deal, "outcome"));
        Assert.Equal(
            [
                "OpportunityLineItem 00k000000000003AAA Quantity 10", "OpportunityLineItem 00k000000000003AAA Discount ", "OpportunityLineItem 00k000000000003AAA ServiceDate ",
                "Opportunity 006000000000002AAA SyncedQuoteId 0Q0000000000003CAA",
            ],
            deal.GetProperty("findings").EnumerateArray().Where(finding => Text(finding, "code") == "quote-contradiction")
                .Select(finding => $"{Text(finding, "object")} {Text(finding, "recordId")} {Text(finding, "field")} {Text(finding, "value")}"));
        Assert.Contains("SETUP (1 at USD 450.00)", Text(deal.GetProperty("findings")[3], "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_invoice_that_is_finalised_is_no_parameter_but_stands_beside_them()
    {
        JsonElement step = (await Deals(Sample("deal-shapes.json")))[3].GetProperty("steps").EnumerateArray().Last();

        Assert.Equal(["operation", "id", "idempotencyKey", "params"], step.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("invoices.finalize", "$2.id"), (Text(step, "operation"), Text(step, "id")));
        Assert.Equal("""{"auto_advance":true}""", Plain(step.GetProperty("params")));
    }

    /// <summary>Worked out by hand; processed on 1 October 2026.</summary>
    [Theory]

    // Ramp 10, 20, 30 seats at 600.00 a year, net 30.
    [InlineData(0, "2026-11-01..2027-11-01 2027-11-01..2028-11-01 2028-11-01..2029-11-01", "2026-11-01 600000 2026-12-01 | 2027-11-01 1200000 2027-12-01 | 2028-11-01 1800000 2028-12-01")]

    // 3 × ¥12 000 a month from the 31st: 31 January, 28 February, 31 March; net 60 from each.
    [InlineData(1, "2027-01-31..2027-04-30", "2027-01-31 36000 2027-04-01 | 2027-02-28 36000 2027-04-29 | 2027-03-31 36000 2027-05-30")]

    // 2 × 72.500 dinars for the whole term of 24 months at once: 145.000 dinars are 145 000 fils, due the same day.
    [InlineData(2, "2026-10-10..2028-10-10", "2026-10-10 145000 2026-10-10")]

    // 2.5 days at 800.00, one plain invoice on the processing date, net 14.
    [InlineData(3, "", "2026-10-01 200000 2026-10-15")]

    // 1 500.00 a year less 10 % netted, quarterly: 337.50. The period of 15 July had begun, so it is billed on 1 October; net 45.
    [InlineData(4, "2026-07-15..2027-07-15", "2026-10-01 33750 2026-11-15 | 2026-10-15 33750 2026-11-29 | 2027-01-15 33750 2027-03-01 | 2027-04-15 33750 2027-05-30")]

    // 2 × 1 200.00 a year for 18 months: a year, then six months at half the price; net 20.
    [InlineData(5, "2026-12-01..2027-12-01 2027-12-01..2028-06-01", "2026-12-01 240000 2026-12-21 | 2027-12-01 120000 2027-12-21")]
    public async Task Each_sample_deal_has_the_phases_and_invoices_worked_out_by_hand(int index, string phases, string invoices)
    {
        JsonElement deal = (await Deals(Sample("deal-shapes.json")))[index];

        Assert.Equal("planned", Text(deal, "outcome"));
        Assert.Equal(
            phases,
            deal.GetProperty("schedule") is { ValueKind: JsonValueKind.Object } schedule
                ? string.Join(' ', schedule.GetProperty("phases").EnumerateArray().Select(phase => $"{Text(phase, "start")}..{Text(phase, "end")}"))
                : "");
        Assert.Equal(
            invoices,
            string.Join(" | ", deal.GetProperty("invoices").EnumerateArray().Select(invoice => $"{Text(invoice, "date")} {invoice.GetProperty("amount")} {Text(invoice, "due")}")));
        Assert.NotEmpty(deal.GetProperty("steps").EnumerateArray());
    }

    [Fact]
    public async Task Only_won_opportunities_are_listed_in_the_order_they_were_won() =>
        Assert.Equal(["006000000000001AAA", "006000000000002AAA"], (await Deals(Sample("two-deals.json"))).Select(deal => Text(deal, "opportunityId")));

    [Fact]
    public async Task The_same_file_gives_the_same_text() =>
        Assert.Equal((await Run(Sample("two-deals.json"))).Output, (await Run(Sample("two-deals.json"))).Output);

    [Fact]
    public async Task A_table_names_invoices_and_findings()
    {
        (int code, string output, _) = await Run(Sample("two-deals.json"), "table");

        Assert.Equal(0, code);
        Assert.Contains("2026-10-15", output, StringComparison.Ordinal);
        Assert.Contains("USD 11250.00", output, StringComparison.Ordinal);
        Assert.Contains("cannot be billed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_shows_every_deal_of_the_file_and_is_well_formed()
    {
        (int code, string output, _) = await Run(Sample("two-deals.json"), "html");

        Assert.Equal(0, code);
        using var reader = XmlReader.Create(new StringReader(output), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        XDocument page = XDocument.Load(reader);
        Assert.Equal(2, page.Descendants().Count(element => element.Name.LocalName == "section"));
        Assert.Single(page.Descendants(), element => element.Name.LocalName == "svg");
        Assert.Contains("together USD 11,250.00", page.Root!.Value, StringComparison.Ordinal);
        Assert.Contains("Cannot be billed yet: 6 findings.", page.Root.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_does_not_break_the_names_of_findings_and_fields()
    {
        (_, string output, _) = await Run(Sample("two-deals.json"), "table");

        Assert.Contains("amount-not-representable", output, StringComparison.Ordinal);
        Assert.Contains("Hub_Stripe_Product_Id__c", output, StringComparison.Ordinal);
        Assert.Contains("006000000000002AAA", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_before_the_books_is_passed_over() =>
        Assert.Equal(2, (await Deals("\uFEFF" + Books().ToJsonString(), "-")).Count);

    // Without the setup fee of 450.00 the first deal's 40 seats remain: 10800.00, which its amount of 11250.00 no longer is.
    [Fact]
    public async Task What_lies_in_the_recycle_bin_is_not_sold()
    {
        JsonObject books = Books();
        books["salesforce"]!["OpportunityLineItem"]![1]!["IsDeleted"] = true;
        books["salesforce"]!["Opportunity"]![0]!["IsDeleted"] = true;

        JsonElement deal = Assert.Single(await Deals(books.ToJsonString(), "-"));

        Assert.Equal("amount-contradiction", Text(Assert.Single(deal.GetProperty("findings").EnumerateArray()), "code"));
    }

    [Fact]
    public async Task A_record_listed_twice_counts_once_the_newest_winning()
    {
        JsonObject books = Books();
        JsonArray opportunities = books["salesforce"]!["Opportunity"]!.AsArray();
        JsonNode older = opportunities[1]!.DeepClone();
        older["SystemModstamp"] = "2026-09-01T00:00:00.000+0000";
        older["Hub_Payment_Terms__c"] = "Net 33";
        opportunities.Add(older);

        List<JsonElement> deals = await Deals(books.ToJsonString(), "-");

        Assert.Equal(["planned", "rejected"], deals.Select(deal => Text(deal, "outcome")));
    }

    [Fact]
    public async Task Lists_that_were_not_exported_prove_nothing()
    {
        JsonObject books = Books();
        books["salesforce"]!.AsObject().Remove("Contact");
        books["salesforce"]!["Account"] = new JsonArray();

        Assert.Equal("planned", Text((await Deals(books.ToJsonString(), "-"))[0], "outcome"));
    }

    // The schedule Stripe holds was created on 20 September, has another origin than the Hub and the plan's content.
    [Fact]
    public async Task A_plan_that_Stripe_holds_already_is_unchanged()
    {
        JsonObject books = Books();
        books["asOf"] = "2027-09-01T00:00:00Z";
        books["stripe"] = JsonNode.Parse("""
            { "customers": [ { "id": "cus_1", "currency": "usd", "metadata": { "sf_account_id": "001000000000001" } } ],
              "prices": [ { "id": "price_1", "product": "prod_seat", "unit_amount": 30000, "currency": "usd", "recurring": { "interval": "year", "interval_count": 1 } } ],
              "subscription_schedules": [ { "id": "sub_sched_1", "customer": "cus_1", "status": "active", "created": 1789862400, "metadata": { "sf_opportunity_id": "006000000000001AAA" },
                "phases": [ { "start_date": 1792022400, "end_date": 1823558400, "items": [ { "price": "price_1", "quantity": 40, "discounts": [ { "coupon": { "id": "c", "percent_off": 10 } } ] } ] } ] } ] }
            """);

        JsonElement deal = (await Deals(books.ToJsonString(), "-"))[0];

        Assert.Equal("unchanged", Text(deal, "outcome"));
        Assert.Empty(deal.GetProperty("steps").EnumerateArray());
        Assert.Equal("""{"action":"reuse","id":"cus_1"}""", Plain(deal.GetProperty("customer")));
        Assert.Equal("2026-10-15", Text(deal.GetProperty("invoices")[0], "date"));
    }

    [Fact]
    public async Task An_account_whose_customer_was_deleted_is_a_finding()
    {
        JsonObject books = Books();
        books["salesforce"]!["Account"]![0]!["Hub_Stripe_Customer_Id__c"] = "cus_gone";
        books["stripe"] = JsonNode.Parse("""{ "customers": [ { "id": "cus_gone", "deleted": true } ] }""");

        JsonElement finding = Assert.Single((await Deals(books.ToJsonString(), "-"))[0].GetProperty("findings").EnumerateArray());

        Assert.Equal(("customer-missing", "cus_gone"), (Text(finding, "code"), Text(finding, "value")));
    }

    // The version in the metadata is the plan's; the quantity is not.
    [Theory]
    [InlineData(40, "unchanged")]
    [InlineData(41, "rejected")]
    public async Task A_schedule_with_the_plans_version_is_the_plan_only_with_its_content(int quantity, string outcome)
    {
        JsonObject books = Books();
        string key = (await Deals(Sample("two-deals.json")))[0].GetProperty("steps").EnumerateArray()
            .Select(step => Text(step, "idempotencyKey")).Single(step => step.StartsWith("subscription_schedules.create:", StringComparison.Ordinal));
        books["stripe"] = JsonNode.Parse($$"""
            { "customers": [ { "id": "cus_1", "currency": "usd", "metadata": { "sf_account_id": "001000000000001" } } ],
              "prices": [ { "id": "price_1", "product": "prod_seat", "unit_amount": 30000, "currency": "usd", "recurring": { "interval": "year", "interval_count": 1 } } ],
              "coupons": [ { "id": "hub-10-percent-off", "percent_off": 10 } ],
              "subscription_schedules": [ { "id": "sub_sched_1", "customer": "cus_1", "status": "active", "created": 1790812800, "end_behavior": "cancel",
                "metadata": { "sf_opportunity_id": "006000000000001AAA", "hub_contract_version": "{{key.Split(':')[2]}}" },
                "phases": [ { "start_date": 1792022400, "end_date": 1823558400, "items": [ { "price": "price_1", "quantity": {{quantity}}, "discounts": [ { "coupon": "hub-10-percent-off" } ] } ] } ] } ] }
            """);

        JsonElement deal = (await Deals(books.ToJsonString(), "-"))[0];

        Assert.Equal(outcome, Text(deal, "outcome"));
        Assert.Equal(
            outcome == "unchanged" ? [] : ["schedule-edited"],
            deal.GetProperty("findings").EnumerateArray().Select(finding => Text(finding, "code")));
    }

    // The account's customer runs a subscription in euro until 1 March 2027 (1803859200).
    [Theory]
    [InlineData(false, "rejected", null)]
    [InlineData(true, "planned", "cus_usd")]
    public async Task A_second_currency_needs_a_second_customer(bool allowed, string outcome, string? customer)
    {
        JsonObject books = Books();
        books["settings"] = new JsonObject { ["Contracts:CustomerPerCurrency"] = allowed };
        books["stripe"] = JsonNode.Parse("""
            { "customers": [ { "id": "cus_eur", "currency": "eur", "created": 1, "metadata": { "sf_account_id": "001000000000001AAA" } },
                             { "id": "cus_usd", "currency": "usd", "created": 2, "metadata": { "sf_account_id": "001000000000001AAA" } } ],
              "subscriptions": [ { "id": "sub_7", "customer": "cus_eur", "status": "past_due", "currency": "eur", "cancel_at": 1803859200, "metadata": {} } ] }
            """);

        JsonElement deal = (await Deals(books.ToJsonString(), "-"))[0];

        Assert.Equal(outcome, Text(deal, "outcome"));
        if (allowed)
        {
            Assert.Equal(customer, Text(deal.GetProperty("customer"), "id"));
            return;
        }

        JsonElement finding = Assert.Single(deal.GetProperty("findings").EnumerateArray());
        Assert.Equal("customer-currency-conflict", Text(finding, "code"));
        Assert.Contains("sub_7 runs until 2027-03-01", Text(finding, "message"), StringComparison.Ordinal);
    }

    // The schedule's last phase ends on 1 March 2027 (1803859200); where phases are to follow, that is not its end.
    [Theory]
    [InlineData("", "sub_sched_7 runs until 2027-03-01")]
    [InlineData("\"hub_phases_until\": \"2027-03-01\"", "sub_sched_7 runs without an end date")]
    public async Task A_schedule_to_which_phases_are_to_follow_does_not_say_when_it_ends(string metadata, string expected)
    {
        JsonObject books = Books();
        books["stripe"] = JsonNode.Parse($$"""
            { "customers": [ { "id": "cus_1", "metadata": { "sf_account_id": "001000000000001AAA" } } ],
              "subscription_schedules": [ { "id": "sub_sched_7", "customer": "cus_1", "status": "not_started", "metadata": { {{metadata}} },
                "phases": [ { "currency": "eur", "start_date": 1792022400, "end_date": 1803859200, "items": [] } ] } ] }
            """);

        JsonElement finding = Assert.Single((await Deals(books.ToJsonString(), "-"))[0].GetProperty("findings").EnumerateArray());

        Assert.Contains(expected, Text(finding, "message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"asOf\": ", "standard input: $: JSON was expected")]
    [InlineData("[]", "standard input: $: an object was expected")]
    [InlineData("{}", "standard input: $.asOf: an instant")]
    [InlineData("{ \"asOf\": \"yesterday\" }", "$.asOf: an instant such as 2026-10-01T00:00:00Z was expected, found \"yesterday\"")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"timeZone\": \"Middle/Earth\" }", "$.timeZone: the IANA name")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"salesforce\": { \"Opportunity\": {} } }", "$.salesforce.Opportunity: a list")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"salesforce\": { \"Opportunity\": [ 7 ] } }", "$.salesforce.Opportunity[0]: an object")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"salesforce\": { \"Opportunity\": [ { } ] } }", "$.salesforce.Opportunity[0].Id: a record id")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"salesforce\": { \"OpportunityLineItem\": [ { \"Id\": \"1\", \"OpportunityId\": \"2\", \"Quantity\": \"forty\" } ] } }", "$.salesforce.OpportunityLineItem[0].Quantity: a number")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"salesforce\": { \"QuoteLineItem\": [ { \"Id\": \"1\", \"QuoteId\": \"2\", \"Discount\": \"ten\" } ] } }", "$.salesforce.QuoteLineItem[0].Discount: a number")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"salesforce\": { \"QuoteLineItem\": [ { \"Id\": \"1\" } ] } }", "$.salesforce.QuoteLineItem[0].QuoteId: the id of the quote")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"settings\": { \"Contracts:ProrationPolicy\": \"Week\" } }", "$.settings['Contracts:ProrationPolicy']: one of None, Month, Day")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"settings\": { \"Contracts:Nonsense\": 1 } }", "a setting the Hub knows")]
    [InlineData("{ \"asOf\": \"2026-10-01T00:00:00Z\", \"stripe\": { \"customers\": [ {} ] } }", "$.stripe.customers[0].id: the id of a Stripe object")]
    public async Task Unreadable_input_is_refused_with_file_path_and_expectation(string json, string expected)
    {
        (int code, string output, string errors) = await Run("-", input: json);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(expected, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_defect_has_its_own_line()
    {
        (_, _, string errors) = await Run("-", input: """{ "asOf": 7, "timeZone": 8, "salesforce": { "Account": 9 } }""");

        Assert.Equal(3, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        (int code, _, string errors) = await Run("no-such-books.json");

        Assert.Equal(2, code);
        Assert.StartsWith("no-such-books.json: ", errors, StringComparison.Ordinal);
    }

    private static JsonObject Books() => JsonNode.Parse(File.ReadAllText(Sample("two-deals.json")))!.AsObject();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string Plain(JsonElement json) => JsonSerializer.Serialize(json);

    private static async Task<List<JsonElement>> Deals(string pathOrJson, string path = "")
    {
        (int code, string output, string errors) = path == "-" ? await Run("-", input: pathOrJson) : await Run(pathOrJson);
        Assert.True(code == 0, errors);
        return [.. JsonDocument.Parse(output).RootElement.GetProperty("deals").EnumerateArray()];
    }

    private static async Task<(int Code, string Output, string Errors)> Run(string path, string format = "json", string input = "")
    {
        using var reader = new StringReader(input);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int code = await PlanCommand.Run(path, format, reader, output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }

    private static string Sample(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "Hub.Cli.Tests", "Plan", "samples", name);
            }
        }

        throw new InvalidOperationException("No Hub.sln above the tests.");
    }
}
