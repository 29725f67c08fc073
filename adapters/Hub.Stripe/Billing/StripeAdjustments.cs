using Hub.Core.Contracts;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Extensions;
using Stripe;

namespace Hub.Stripe;

/// <summary>Issues prorations and credits as invoices and credit notes.</summary>
internal sealed class StripeAdjustments : IStripeAdjustments
{
    private readonly StripeApi _api;
    private readonly StepExecutor _executor;

    public StripeAdjustments(StripeApi api, IBillingEffects effects, TimeProvider time, ILogger<StripeAdjustments> log)
    {
        _api = api;
        _executor = new StepExecutor(api, new StepLookup(api), effects, time, log);
    }

    public async Task<AdjustmentOutcome> Issue(
        SalesforceId contract, SalesforceId account, AppliedBilling billing, Adjustment adjustment, CancellationToken ct)
    {
        var steps = new AdjustmentSteps(contract, account, adjustment);
        if (await _executor.Recorded(steps.LastClaim, ct) is { ResultId: { } issued })
        {
            return new AdjustmentOutcome.Issued(issued, Before: true);
        }

        if (await CanceledBefore(billing, adjustment, ct))
        {
            return new AdjustmentOutcome.Canceled();
        }

        if (!adjustment.CreditNote)
        {
            return await Run(steps.Invoice(billing.CustomerId), ct);
        }

        Invoice? billed = await Billed(contract, billing.CustomerId, adjustment, ct);
        return billed is null ? new AdjustmentOutcome.TooEarly() : await Run(steps.CreditNote(billed), ct);
    }

    private async Task<AdjustmentOutcome> Run(IReadOnlyList<StripeStep> steps, CancellationToken ct) =>
        new AdjustmentOutcome.Issued((await _executor.Run(steps, ct))[^1].Id, Before: false);

    // Whoever cancels a contract in Stripe settles it there; a change that would have come later does not come any more.
    private async Task<bool> CanceledBefore(AppliedBilling billing, Adjustment adjustment, CancellationToken ct) =>
        billing.ScheduleId is { } id
        && await _api.Schedules.GetAsync(id, null, null, ct) is { Status: "canceled", CanceledAt: { } canceledAt }
        && canceledAt.ToInstant().InUtc().Date < adjustment.Effective;

    /// <summary>The finalised invoice that billed the period of the change in advance; null while it is a draft.</summary>
    /// <exception cref="InvalidOperationException">No invoice billed the period: there is nothing a credit note could lower.</exception>
    private async Task<Invoice?> Billed(SalesforceId contract, string customer, Adjustment adjustment, CancellationToken ct)
    {
        HashSet<string> products = [.. adjustment.Lines.Where(line => line.Amount < 0).Select(line => line.StripeProductId)];
        LocalDate credited = adjustment.Lines.Where(line => line.Amount < 0).Min(line => line.From);
        List<Invoice> found = [];
        var filter = new InvoiceListOptions { Customer = customer, Limit = 100 };
        await foreach (Invoice invoice in _api.Invoices.ListAutoPagingAsync(filter, null, ct))
        {
            if (invoice is { Status: not "void", Total: > 0 }
                && invoice.Parent?.SubscriptionDetails?.Metadata?.GetValueOrDefault(MetadataKeys.Opportunity) == contract.Value
                && await Bills(invoice, products, credited, ct))
            {
                found.Add(invoice);
            }
        }

        return found.Count == 0 ? throw new InvalidOperationException($"No invoice of contract {contract} bills the period that adjustment {adjustment.Key} credits.")
            : found.Where(invoice => invoice.Status != "draft").MaxBy(invoice => invoice.Total);
    }

    private async Task<bool> Bills(Invoice invoice, HashSet<string> products, LocalDate day, CancellationToken ct)
    {
        // An invoice shows its first lines only.
        IAsyncEnumerable<InvoiceLineItem> lines = invoice.Lines.HasMore
            ? _api.InvoiceLines.ListAutoPagingAsync(invoice.Id, new InvoiceLineItemListOptions { Limit = 100 }, null, ct)
            : invoice.Lines.ToAsyncEnumerable();
        DateTime midnight = ScheduleSteps.Midnight(day);
        await foreach (InvoiceLineItem line in lines)
        {
            if (line.Amount > 0 && line.Period.Start <= midnight && midnight < line.Period.End
                && products.Contains(line.Pricing?.PriceDetails?.Product ?? ""))
            {
                return true;
            }
        }

        return false;
    }
}
