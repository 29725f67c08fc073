using System.Text.Json;
using Stripe;

namespace Hub.Sdk.Tests.StripeNet;

public sealed class ResponseTests
{
    [Fact]
    public void An_unexpanded_field_gives_its_id_and_no_object()
    {
        var invoice = Invoice.FromJson("""{"id":"in_1","object":"invoice","customer":"cus_1","discounts":["di_1","di_2"]}""");

        Assert.Equal("cus_1", invoice.CustomerId);
        Assert.Null(invoice.Customer);
        Assert.Equal(["di_1", "di_2"], invoice.DiscountIds);
    }

    [Fact]
    public void A_deleted_customer_in_an_expanded_field_is_a_customer_marked_deleted()
    {
        var invoice = Invoice.FromJson("""{"id":"in_1","object":"invoice","customer":{"id":"cus_9","object":"customer","deleted":true}}""");

        Assert.Equal("cus_9", invoice.CustomerId);
        Assert.True(invoice.Customer.Deleted);
    }

    [Fact]
    public void Unknown_fields_stay_reachable_on_every_level()
    {
        var invoice = Invoice.FromJson("""{"id":"in_1","brand_new":7,"status_transitions":{"paid_at":null,"later":"x"}}""");

        Assert.Equal(7, invoice.RawJsonElement!.Value.GetProperty("brand_new").GetInt32());
        Assert.Equal("x", invoice.StatusTransitions.RawJsonElement!.Value.GetProperty("later").GetString());
    }

    [Fact]
    public void Decimal_strings_keep_their_scale_and_numbers_are_read_too()
    {
        var price = Price.FromJson("""{"id":"price_1","unit_amount":null,"unit_amount_decimal":"12.50"}""");
        var coupon = Coupon.FromJson("""{"id":"c","percent_off":12.5}""");

        Assert.Null(price.UnitAmount);
        Assert.Equal("12.50", price.UnitAmountDecimal!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(12.5m, coupon.PercentOff);
    }

    [Fact]
    public void Times_are_UTC_seconds_null_when_null_and_milliseconds_when_too_large()
    {
        var seconds = Invoice.FromJson("""{"created":1767225600,"due_date":null}""");
        var milliseconds = Invoice.FromJson("""{"created":1767225600000}""");

        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), seconds.Created);
        Assert.Equal(DateTimeKind.Utc, seconds.Created.Kind);
        Assert.Null(seconds.DueDate);
        Assert.Equal(seconds.Created, milliseconds.Created);
    }

    [Fact]
    public void The_parent_chain_of_a_line_is_typed()
    {
        var line = InvoiceLineItem.FromJson(
            """
            {"id":"il_1","period":{"start":1767225600,"end":1769904000},
             "parent":{"type":"subscription_item_details","subscription_item_details":{"subscription":"sub_1","subscription_item":"si_1","proration":false}},
             "pricing":{"type":"price_details","unit_amount_decimal":"1000","price_details":{"price":"price_1","product":"prod_1"}}}
            """);

        Assert.Equal("sub_1", line.Parent.SubscriptionItemDetails.Subscription);
        Assert.Null(line.Parent.InvoiceItemDetails);
        Assert.Equal(1000m, line.Pricing.UnitAmountDecimal);
        Assert.Equal("prod_1", line.Pricing.PriceDetails.Product);
    }

    [Fact]
    public void The_source_of_a_balance_transaction_is_read_by_its_own_type_and_null_when_unknown()
    {
        var charge = BalanceTransaction.FromJson("""{"id":"txn_1","source":{"id":"ch_1","object":"charge","paid":true}}""");
        var unknown = BalanceTransaction.FromJson("""{"id":"txn_2","source":{"id":"tu_1","object":"topup"}}""");

        Assert.True(Assert.IsType<Charge>(charge.Source).Paid);
        Assert.Null(unknown.Source);
        Assert.Equal("tu_1", unknown.SourceId);
    }

    [Fact]
    public async Task Auto_paging_continues_after_the_last_id_until_nothing_is_left()
    {
        var transport = new FakeTransport()
            .Answer("""{"object":"list","data":[{"id":"in_3"},{"id":"in_2"}],"has_more":true}""")
            .Answer("""{"object":"list","data":[{"id":"in_1"}],"has_more":false}""");

        List<string> ids = [];
        await foreach (var invoice in transport.Client().V1.Invoices.ListAutoPagingAsync(new InvoiceListOptions { Limit = 2 }))
        {
            ids.Add(invoice.Id);
        }

        Assert.Equal(["in_3", "in_2", "in_1"], ids);
        Assert.Equal(["?limit=2", "?limit=2&starting_after=in_2"], transport.Sent.Select(sent => sent.Uri.Query));
    }

    [Fact]
    public async Task Auto_paging_does_not_change_the_callers_options()
    {
        var options = new InvoiceListOptions();
        var transport = new FakeTransport().Answer("""{"object":"list","data":[{"id":"in_3"}],"has_more":true}""")
            .Answer("""{"object":"list","data":[],"has_more":false}""");

        await foreach (var _ in transport.Client().V1.Invoices.ListAutoPagingAsync(options))
        {
        }

        Assert.Null(options.StartingAfter);
    }

    [Fact]
    public async Task The_response_is_on_the_object_it_carried()
    {
        var transport = new FakeTransport().Answer(System.Net.HttpStatusCode.OK, FakeTransport.Customer, ("Request-Id", "req_1"));

        var customer = await transport.Client().V1.Customers.GetAsync("cus_1");

        Assert.Equal("req_1", customer.StripeResponse.RequestId);
    }

    [Fact]
    public void An_entity_writes_back_what_it_read()
    {
        const string Json = """{"id":"in_1","object":"invoice","amount_due":5,"customer":"cus_1","created":1767225600}""";

        using var written = JsonDocument.Parse(Invoice.FromJson(Json).ToJson());

        Assert.Equal("cus_1", written.RootElement.GetProperty("customer").GetString());
        Assert.Equal(1767225600, written.RootElement.GetProperty("created").GetInt64());
        Assert.Equal(5, written.RootElement.GetProperty("amount_due").GetInt64());
    }

    [Fact]
    public void System_Text_Json_reads_entities_with_the_same_rules()
    {
        var invoices = JsonSerializer.Deserialize<List<Invoice>>("""[{"id":"in_1","customer":"cus_1","created":1767225600}]""")!;

        Assert.Equal("cus_1", invoices[0].CustomerId);
    }
}
