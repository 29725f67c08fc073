using Hub.Core.Contracts;
using Stripe;

namespace Hub.Stripe;

/// <summary>The one invoice of a deal that has one-time lines only.</summary>
/// <remarks>
/// The invoice stays a draft that Stripe does not touch (<c>auto_advance</c> off) until all items are on it: a crash between two steps
/// must not let an incomplete invoice go out an hour later.
/// </remarks>
internal sealed class InvoiceSteps(BillingPlan plan, StepList steps)
{
    public void Add(StandaloneInvoicePlan invoice, string customer)
    {
        string draft = steps.Add(StripeOperations.CreateInvoice, steps.Key(StripeOperations.CreateInvoice), Draft(invoice, customer));
        foreach (OneTimeItem item in invoice.Items)
        {
            steps.Add(
                StripeOperations.CreateInvoiceItem, steps.Key(StripeOperations.CreateInvoiceItem, item.LineId.Value), Item(item, customer, draft));
        }

        steps.Add(
            StripeOperations.FinalizeInvoice,
            steps.Key(StripeOperations.FinalizeInvoice),
            new InvoiceFinalizeOptions { AutoAdvance = true },
            id: draft);
    }

    private InvoiceCreateOptions Draft(StandaloneInvoicePlan invoice, string customer)
    {
        var options = new InvoiceCreateOptions
        {
            AutoAdvance = false,
            AutomaticTax = invoice.AutomaticTax ? new() { Enabled = true } : null,
            CollectionMethod = invoice.CollectionMethod.StripeName(),
            Currency = plan.Currency.StripeCode,
            Customer = customer,
            DaysUntilDue = invoice.DaysUntilDue,
            DefaultTaxRates = invoice.TaxRateId is { } rate ? [rate] : null,
            Metadata = StripeSteps.ContractMetadata(plan),
            PendingInvoiceItemsBehavior = "exclude",
        };
        if (invoice.CustomFields is { Length: > 0 } fields)
        {
            options.CustomFields = [.. fields.Select(field => new InvoiceCustomFieldOptions { Name = field.Name, Value = field.Value })];
        }

        return options;
    }

    private InvoiceItemCreateOptions Item(OneTimeItem item, string customer, string invoice)
    {
        var (whole, exact) = StripeSteps.Split(item.UnitAmount);
        bool isWhole = decimal.IsInteger(item.Quantity);
        var options = new InvoiceItemCreateOptions
        {
            Customer = customer,
            Description = item.Description,
            Invoice = invoice,
            Metadata = new(StripeSteps.ContractMetadata(plan)) { [MetadataKeys.Line] = item.LineId.Value },
            PriceData = new() { Currency = plan.Currency.StripeCode, Product = item.StripeProductId, UnitAmount = whole, UnitAmountDecimal = exact },
            Quantity = isWhole ? decimal.ToInt64(item.Quantity) : null,
            QuantityDecimal = isWhole ? null : item.Quantity,
        };
        if (item.PercentOff is not null || item.AmountOff is not null)
        {
            options.Discounts = [.. DiscountCoupon.Add(steps, item.PercentOff, item.AmountOff, plan.Currency).Select(coupon => new InvoiceItemDiscountOptions { Coupon = coupon })];
        }

        return options;
    }
}
