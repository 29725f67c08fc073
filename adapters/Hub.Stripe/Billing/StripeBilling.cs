using System.Collections.Immutable;
using Hub.Core.Contracts;
using Microsoft.Extensions.Logging;
using Stripe;

namespace Hub.Stripe;

/// <summary>Reads and writes what Stripe bills for contracts.</summary>
internal sealed class StripeBilling : IStripeBilling
{
    private static readonly ImmutableHashSet<string> ScheduleOperations =
        [StripeOperations.CreateSchedule, StripeOperations.UpdateSchedule, StripeOperations.CancelSchedule];

    private readonly StripeApi _api;
    private readonly StepExecutor _executor;
    private readonly BillingReader _reader;
    private readonly StoredPrices _prices;
    private readonly CustomerSearch _search;

    public StripeBilling(StripeApi api, IBillingEffects effects, TimeProvider time, ILogger<StripeBilling> log)
    {
        var lookup = new StepLookup(api);
        _api = api;
        _prices = new StoredPrices(api);
        _search = new CustomerSearch(api, log);
        _executor = new StepExecutor(api, lookup, effects, time, log);
        _reader = new BillingReader(api, lookup, _executor, new HeldScheduleReader(api, new CouponValues(api)));
    }

    public Task<BillingSnapshot> Read(SalesforceId opportunityId, SalesforceId accountId, string? storedCustomerId, CancellationToken ct) =>
        _reader.Read(opportunityId, accountId, storedCustomerId, ct);

    public Task<CustomerCandidates> Candidates(CustomerPlan account, CancellationToken ct) => _search.Of(account, ct);

    public async Task<BillingSnapshot> WithTaxRate(BillingSnapshot billing, string? taxRateId, CancellationToken ct)
    {
        if (taxRateId is null)
        {
            return billing;
        }

        try
        {
            return await _api.TaxRates.GetAsync(taxRateId, null, null, ct) is { Active: true } rate
                ? billing with { TaxRate = new(rate.Id, rate.Percentage, rate.Inclusive) }
                : billing with { TaxRateRefused = true };
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return billing with { TaxRateRefused = true };
        }
    }

    public async Task<AppliedBilling> Apply(BillingPlan plan, CancellationToken ct)
    {
        if (plan.Change is { ScheduleId: null })
        {
            throw new InvalidOperationException($"Contract {plan.OpportunityId} has no schedule in Stripe that amendment {plan.Change.OpportunityId} could change.");
        }

        ImmutableArray<StripeStep> steps = StripeSteps.For(plan, await _prices.Fitting(plan, ct));
        IReadOnlyList<StepResult> results = await _executor.Run(steps, ct);
        string customerId = plan.Customer.Id ?? results.First(result => result.Operation == StripeOperations.CreateCustomer).Id;
        return results.FirstOrDefault(result => ScheduleOperations.Contains(result.Operation)) is { } schedule
            ? await ScheduleApplied(customerId, schedule, ct)
            : await InvoiceApplied(customerId, results[^1], ct);
    }

    private async Task<AppliedBilling> ScheduleApplied(string customerId, StepResult step, CancellationToken ct)
    {
        // A schedule this run created has no finalised invoice yet; one from before may have both, so it is read again.
        if (step.Entity is SubscriptionSchedule created)
        {
            return new AppliedBilling(customerId, created.Id, created.SubscriptionId, null, null);
        }

        SubscriptionSchedule schedule = await _api.Schedules.GetAsync(step.Id, null, null, ct);
        string? url = schedule.SubscriptionId is { } subscription ? await FirstInvoiceUrl(subscription, ct) : null;
        return new AppliedBilling(customerId, schedule.Id, schedule.SubscriptionId, null, url);
    }

    private async Task<string?> FirstInvoiceUrl(string subscriptionId, CancellationToken ct)
    {
        string? oldest = null;
        await foreach (Invoice invoice in _api.Invoices.ListAutoPagingAsync(new InvoiceListOptions { Subscription = subscriptionId, Limit = 100 }, null, ct))
        {
            oldest = invoice.Status is "draft" or "void" ? oldest : invoice.HostedInvoiceUrl ?? oldest;
        }

        return oldest;
    }

    private async Task<AppliedBilling> InvoiceApplied(string customerId, StepResult step, CancellationToken ct)
    {
        Invoice invoice = step.Entity as Invoice ?? await _api.Invoices.GetAsync(step.Id, null, null, ct);
        return new AppliedBilling(customerId, null, null, invoice.Id, invoice.HostedInvoiceUrl);
    }
}
