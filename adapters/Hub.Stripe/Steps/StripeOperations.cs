namespace Hub.Stripe;

/// <summary>Names of the operations a plan may lead to.</summary>
public static class StripeOperations
{
    public const string CreateCustomer = "customers.create";
    public const string CreateCoupon = "coupons.create";
    public const string CreateProduct = "products.create";
    public const string CreatePrice = "prices.create";
    public const string CreateSchedule = "subscription_schedules.create";
    public const string UpdateSchedule = "subscription_schedules.update";
    public const string CancelSchedule = "subscription_schedules.cancel";
    public const string CreateInvoice = "invoices.create";
    public const string CreateInvoiceItem = "invoice_items.create";
    public const string CreateCreditNote = "credit_notes.create";
    public const string FinalizeInvoice = "invoices.finalize";
}
