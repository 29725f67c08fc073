using Stripe;
using Stripe.TestHelpers;

namespace Hub.Sdk.Tests.StripeNet;

/// <summary>Every operation the Hub relies on, under its published name, with its verb and path.</summary>
public sealed class OperationsTests
{
    private static readonly (string Expected, Func<V1Services, Task> Call)[] Operations =
    [
        ("POST /v1/customers", v1 => v1.Customers.CreateAsync(new CustomerCreateOptions())),
        ("GET /v1/customers/x", v1 => v1.Customers.GetAsync("x")),
        ("POST /v1/customers/x", v1 => v1.Customers.UpdateAsync("x", new CustomerUpdateOptions())),
        ("GET /v1/customers", v1 => v1.Customers.ListAsync()),
        ("GET /v1/customers/search", v1 => v1.Customers.SearchAsync(new CustomerSearchOptions { Query = "q" })),
        ("POST /v1/products", v1 => v1.Products.CreateAsync(new ProductCreateOptions())),
        ("GET /v1/products/x", v1 => v1.Products.GetAsync("x")),
        ("POST /v1/products/x", v1 => v1.Products.UpdateAsync("x", new ProductUpdateOptions())),
        ("GET /v1/products", v1 => v1.Products.ListAsync()),
        ("POST /v1/prices", v1 => v1.Prices.CreateAsync(new PriceCreateOptions())),
        ("GET /v1/prices/x", v1 => v1.Prices.GetAsync("x")),
        ("POST /v1/prices/x", v1 => v1.Prices.UpdateAsync("x", new PriceUpdateOptions())),
        ("GET /v1/prices", v1 => v1.Prices.ListAsync()),
        ("POST /v1/coupons", v1 => v1.Coupons.CreateAsync(new CouponCreateOptions())),
        ("GET /v1/coupons/x", v1 => v1.Coupons.GetAsync("x")),
        ("POST /v1/subscription_schedules", v1 => v1.SubscriptionSchedules.CreateAsync(new SubscriptionScheduleCreateOptions())),
        ("GET /v1/subscription_schedules/x", v1 => v1.SubscriptionSchedules.GetAsync("x")),
        ("POST /v1/subscription_schedules/x", v1 => v1.SubscriptionSchedules.UpdateAsync("x", new SubscriptionScheduleUpdateOptions())),
        ("GET /v1/subscription_schedules", v1 => v1.SubscriptionSchedules.ListAsync()),
        ("POST /v1/subscription_schedules/x/release", v1 => v1.SubscriptionSchedules.ReleaseAsync("x")),
        ("POST /v1/subscription_schedules/x/cancel", v1 => v1.SubscriptionSchedules.CancelAsync("x")),
        ("POST /v1/subscriptions", v1 => v1.Subscriptions.CreateAsync(new SubscriptionCreateOptions())),
        ("GET /v1/subscriptions/x", v1 => v1.Subscriptions.GetAsync("x")),
        ("POST /v1/subscriptions/x", v1 => v1.Subscriptions.UpdateAsync("x", new SubscriptionUpdateOptions())),
        ("GET /v1/subscriptions", v1 => v1.Subscriptions.ListAsync()),
        ("DELETE /v1/subscriptions/x", v1 => v1.Subscriptions.CancelAsync("x")),
        ("GET /v1/subscription_items", v1 => v1.SubscriptionItems.ListAsync(new SubscriptionItemListOptions { Subscription = "sub_1" })),
        ("POST /v1/invoices", v1 => v1.Invoices.CreateAsync(new InvoiceCreateOptions())),
        ("GET /v1/invoices/x", v1 => v1.Invoices.GetAsync("x")),
        ("POST /v1/invoices/x", v1 => v1.Invoices.UpdateAsync("x", new InvoiceUpdateOptions())),
        ("GET /v1/invoices", v1 => v1.Invoices.ListAsync()),
        ("POST /v1/invoices/create_preview", v1 => v1.Invoices.CreatePreviewAsync(new InvoiceCreatePreviewOptions())),
        ("POST /v1/invoices/x/add_lines", v1 => v1.Invoices.AddLinesAsync("x", new InvoiceAddLinesOptions())),
        ("POST /v1/invoices/x/finalize", v1 => v1.Invoices.FinalizeInvoiceAsync("x")),
        ("POST /v1/invoices/x/send", v1 => v1.Invoices.SendInvoiceAsync("x")),
        ("POST /v1/invoices/x/pay", v1 => v1.Invoices.PayAsync("x")),
        ("POST /v1/invoices/x/void", v1 => v1.Invoices.VoidInvoiceAsync("x")),
        ("POST /v1/invoices/x/mark_uncollectible", v1 => v1.Invoices.MarkUncollectibleAsync("x")),
        ("POST /v1/invoices/x/attach_payment", v1 => v1.Invoices.AttachPaymentAsync("x", new InvoiceAttachPaymentOptions())),
        ("GET /v1/invoices/x/lines", v1 => v1.Invoices.LineItems.ListAsync("x")),
        ("POST /v1/invoiceitems", v1 => v1.InvoiceItems.CreateAsync(new InvoiceItemCreateOptions())),
        ("GET /v1/invoiceitems", v1 => v1.InvoiceItems.ListAsync()),
        ("DELETE /v1/invoiceitems/x", v1 => v1.InvoiceItems.DeleteAsync("x")),
        ("GET /v1/invoice_payments", v1 => v1.InvoicePayments.ListAsync()),
        ("POST /v1/credit_notes", v1 => v1.CreditNotes.CreateAsync(new CreditNoteCreateOptions())),
        ("GET /v1/credit_notes", v1 => v1.CreditNotes.ListAsync()),
        ("POST /v1/credit_notes/x/void", v1 => v1.CreditNotes.VoidCreditNoteAsync("x")),
        ("GET /v1/payment_intents/x", v1 => v1.PaymentIntents.GetAsync("x")),
        ("GET /v1/charges/x", v1 => v1.Charges.GetAsync("x")),
        ("POST /v1/refunds", v1 => v1.Refunds.CreateAsync(new RefundCreateOptions())),
        ("GET /v1/refunds", v1 => v1.Refunds.ListAsync()),
        ("GET /v1/disputes", v1 => v1.Disputes.ListAsync()),
        ("GET /v1/disputes/x", v1 => v1.Disputes.GetAsync("x")),
        ("GET /v1/balance_transactions", v1 => v1.BalanceTransactions.ListAsync()),
        ("GET /v1/payouts", v1 => v1.Payouts.ListAsync()),
        ("GET /v1/payouts/x", v1 => v1.Payouts.GetAsync("x")),
        ("GET /v1/events", v1 => v1.Events.ListAsync()),
        ("GET /v1/events/x", v1 => v1.Events.GetAsync("x")),
        ("POST /v1/test_helpers/test_clocks", v1 => v1.TestHelpers.TestClocks.CreateAsync(new TestClockCreateOptions())),
        ("POST /v1/test_helpers/test_clocks/x/advance", v1 => v1.TestHelpers.TestClocks.AdvanceAsync("x", new TestClockAdvanceOptions())),
        ("GET /v1/test_helpers/test_clocks/x", v1 => v1.TestHelpers.TestClocks.GetAsync("x")),
        ("DELETE /v1/test_helpers/test_clocks/x", v1 => v1.TestHelpers.TestClocks.DeleteAsync("x")),
        ("GET /v1/tax_rates/x", v1 => v1.TaxRates.GetAsync("x")),
        ("GET /v1/tax_rates", v1 => v1.TaxRates.ListAsync()),
    ];

    [Fact]
    public async Task Each_operation_uses_its_verb_and_path()
    {
        var transport = new FakeTransport();
        var v1 = transport.Client().V1;
        foreach (var (_, call) in Operations)
        {
            transport.Answer("{}");
            await call(v1);
        }

        Assert.Equal(Operations.Select(operation => operation.Expected), transport.Sent.Select(sent => $"{sent.Method} {sent.Uri.AbsolutePath}"));
    }

    [Fact]
    public void A_service_also_takes_the_client_itself()
    {
        var transport = new FakeTransport().Answer(FakeTransport.Customer);

        Assert.Equal("cus_1", new CustomerService(transport.Client()).Get("cus_1").Id);
    }
}
