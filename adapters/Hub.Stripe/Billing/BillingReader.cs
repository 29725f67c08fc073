using System.Collections.Immutable;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Extensions;
using Stripe;

namespace Hub.Stripe;

/// <summary>What Stripe holds for an account and an opportunity.</summary>
internal sealed class BillingReader(StripeApi api, StepLookup lookup, StepExecutor executor, HeldScheduleReader held)
{
    // Convention C20: these bill now or will.
    private static readonly ImmutableHashSet<string> RunningSubscription = ["active", "trialing", "past_due", "unpaid", "paused"];

    public async Task<BillingSnapshot> Read(SalesforceId opportunityId, SalesforceId accountId, string? storedCustomerId, CancellationToken ct)
    {
        (Customer? found, string? missing) = await FindCustomer(accountId, storedCustomerId, ct);
        if (found is not { } customer)
        {
            return BillingSnapshot.Empty with { MissingCustomer = missing };
        }

        List<SubscriptionSchedule> schedules = await All(
            api.Schedules.ListAutoPagingAsync(new SubscriptionScheduleListOptions { Customer = customer.Id, Limit = 100, Expand = ["data.phases.items.price"] }, null, ct));
        List<Subscription> subscriptions = await All(
            api.Subscriptions.ListAutoPagingAsync(new SubscriptionListOptions { Customer = customer.Id, Status = "all", Limit = 100 }, null, ct));
        return new BillingSnapshot(
            new BilledCustomer(customer.Id, customer.Currency),
            [.. Running(schedules, subscriptions)],
            await Contract(opportunityId.Value, customer.Id, schedules, subscriptions, ct))
        {
            MissingCustomer = missing,
        };
    }

    /// <summary>Stored id, else the Hub's own record, else (a claim without a result) Stripe's list by the claim's address.</summary>
    /// <returns>The customer, and the first id on the way that Stripe does not have (any more).</returns>
    private async Task<(Customer? Found, string? Missing)> FindCustomer(SalesforceId accountId, string? storedId, CancellationToken ct)
    {
        if (storedId is not null && await Customer(storedId, ct) is { } stored)
        {
            return (stored, null);
        }

        if (await executor.Recorded(StripeSteps.CustomerClaim(accountId), ct) is not { } effect)
        {
            return (null, storedId);
        }

        string? id = effect.ResultId ?? await lookup.Find(StripeOperations.CreateCustomer, StepParams.Thawed(effect.Request).Parameters, effect.ClaimedAt, ct);
        Customer? own = id is null ? null : await Customer(id, ct);
        return (own, storedId ?? (own is null ? id : null));
    }

    private async Task<Customer?> Customer(string id, CancellationToken ct)
    {
        try
        {
            Customer customer = await api.Customers.GetAsync(id, null, null, ct);
            return customer.Deleted == true ? null : customer;
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return null;
        }
    }

    private static IEnumerable<RunningBilling> Running(List<SubscriptionSchedule> schedules, List<Subscription> subscriptions)
    {
        foreach (Subscription subscription in subscriptions.Where(subscription => RunningSubscription.Contains(subscription.Status)))
        {
            SubscriptionSchedule? schedule = schedules.Find(schedule => schedule.Id == subscription.ScheduleId);
            yield return new RunningBilling(
                subscription.Id, subscription.Currency, Date(subscription.CancelAt ?? ScheduleEnd(schedule)), Opportunity(subscription));
        }

        foreach (SubscriptionSchedule schedule in schedules.Where(schedule => schedule.Status == "not_started"))
        {
            yield return new RunningBilling(schedule.Id, schedule.Phases[0].Currency, Date(ScheduleEnd(schedule)), Opportunity(schedule));
        }
    }

    private async Task<BilledContract?> Contract(
        string opportunityId, string customerId, List<SubscriptionSchedule> schedules, List<Subscription> subscriptions, CancellationToken ct)
    {
        if (schedules.Where(schedule => Opportunity(schedule) == opportunityId).OrderByDescending(Runs).FirstOrDefault() is { } schedule)
        {
            DateTime? ended = schedule.CanceledAt ?? schedule.CompletedAt
                ?? subscriptions.Find(subscription => subscription.Id == schedule.SubscriptionId)?.EndedAt;
            return new BilledContract(schedule.Id, schedule.SubscriptionId, null, schedule.Status, Version(schedule), Date(ended))
            {
                Schedule = await held.Read(schedule, ct),
                Released = Released(schedule, schedules, subscriptions),
            };
        }

        // A released schedule, or a subscription made by hand: the subscription alone carries the contract on.
        if (subscriptions.Find(subscription => Opportunity(subscription) == opportunityId) is { } found)
        {
            return new BilledContract(found.ScheduleId, found.Id, null, found.Status, Version(found), Date(found.EndedAt));
        }

        await foreach (Invoice invoice in api.Invoices.ListAutoPagingAsync(new InvoiceListOptions { Customer = customerId, Limit = 100 }, null, ct))
        {
            if (Opportunity(invoice) == opportunityId && invoice.Parent?.SubscriptionDetails is null && invoice.Status != "void"
                && invoice.Metadata?.ContainsKey(MetadataKeys.Proration) != true)
            {
                return new BilledContract(null, null, invoice.Id, invoice.Status, Version(invoice), null);
            }
        }

        return null;
    }

    private static bool Runs(SubscriptionSchedule schedule) => schedule.Status is "not_started" or "active";

    // A bare schedule of one phase is what is left of an attempt to put the subscription into a new one; any other is somebody else's.
    private static ReleasedSubscription? Released(SubscriptionSchedule schedule, List<SubscriptionSchedule> schedules, List<Subscription> subscriptions)
    {
        if (schedule.ReleasedAt is not { } at || subscriptions.Find(found => found.Id == schedule.ReleasedSubscription) is not { EndedAt: null } subscription)
        {
            return null;
        }

        SubscriptionSchedule? next = schedules.Find(other => other.Id == subscription.ScheduleId);
        DateTime? start = subscription.ScheduleId is null ? subscription.Items?.Data.Min(item => (DateTime?)item.CurrentPeriodStart)
            : next is { Phases.Count: 1 } && Opportunity(next) is null ? next.Phases[0].StartDate
            : null;
        return Date(start) is { } current ? new(subscription.Id, Date(at)!.Value, current) : null;
    }

    private static DateTime? ScheduleEnd(SubscriptionSchedule? schedule) =>
        schedule is { EndBehavior: "cancel", Phases: [.., var last] } ? last.EndDate : null;

    private static string? Opportunity(IHasMetadata holder) => holder.Metadata?.GetValueOrDefault(MetadataKeys.Opportunity);

    private static string? Version(IHasMetadata holder) => holder.Metadata?.GetValueOrDefault(MetadataKeys.Version);

    // Convention C1: contract dates stand at 00:00:00 UTC.
    private static LocalDate? Date(DateTime? time) => time?.ToInstant().InUtc().Date;

    private static async Task<List<T>> All<T>(IAsyncEnumerable<T> source)
    {
        List<T> items = [];
        await foreach (T item in source)
        {
            items.Add(item);
        }

        return items;
    }
}
