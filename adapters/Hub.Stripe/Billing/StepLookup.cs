using System.Text.Json;
using NodaTime;
using Stripe;

namespace Hub.Stripe;

/// <summary>Finds what an earlier run may have created, through list filters and metadata. Lists are consistent, Stripe's search is not.</summary>
internal sealed class StepLookup(StripeApi api)
{
    private static readonly Duration ClockDifference = Duration.FromHours(1);

    /// <param name="request">The frozen request, without references.</param>
    /// <param name="claimedAt">Nothing of this claim can be older, clock differences aside.</param>
    /// <returns>Null when Stripe has no such object.</returns>
    /// <exception cref="InvalidOperationException">Stripe already bills the opportunity by another plan.</exception>
    public async Task<string?> Find(string operation, JsonElement request, Instant claimedAt, CancellationToken ct) => operation switch
    {
        StripeOperations.CreateCustomer => await Customer(request, claimedAt, ct),
        StripeOperations.CreateCoupon => await Coupon(request, ct),
        StripeOperations.CreateProduct => await Product(request, ct),
        StripeOperations.CreatePrice => await Price(request, ct),
        StripeOperations.CreateSchedule => await Schedule(request, ct),
        StripeOperations.UpdateSchedule => await Updated(request, ct),
        StripeOperations.CancelSchedule => await Canceled(request, ct),
        StripeOperations.CreateInvoice => await Invoice(request, ct),
        StripeOperations.CreateInvoiceItem => await InvoiceItem(request, ct),
        StripeOperations.CreateCreditNote => await CreditNote(request, ct),
        StripeOperations.FinalizeInvoice => await FinalizedInvoice(request, ct),
        _ => throw new InvalidOperationException($"No such operation: {operation}."),
    };

    // Customers cannot be listed by metadata. The frozen request names the address; without one, the time of the claim bounds the list.
    private async Task<string?> Customer(JsonElement request, Instant claimedAt, CancellationToken ct)
    {
        string? account = StepParams.Text(request, "metadata", MetadataKeys.Account);
        var filter = new CustomerListOptions { Limit = 100 };
        if (StepParams.Text(request, "email") is { } email)
        {
            filter.Email = email;
        }
        else
        {
            filter.Created = new DateRangeOptions { GreaterThanOrEqual = (claimedAt - ClockDifference).ToDateTimeUtc() };
        }

        return await First(
            api.Customers.ListAutoPagingAsync(filter, null, ct),
            customer => customer.Deleted != true && Metadata(customer, MetadataKeys.Account) == account);
    }

    private async Task<string?> Coupon(JsonElement request, CancellationToken ct)
    {
        string id = StepParams.Text(request, "id")!;
        try
        {
            Coupon coupon = await api.Coupons.GetAsync(id, null, null, ct);
            return coupon is { Duration: "forever" } && Takes(coupon, request)
                ? coupon.Id
                : throw new InvalidOperationException($"Coupon {id} in Stripe is not the discount its id says.");
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return null;
        }
    }

    private static bool Takes(Coupon coupon, JsonElement request) => request.TryGetProperty("percent_off", out JsonElement percent)
        ? coupon.PercentOff == percent.GetDecimal()
        : coupon.AmountOff == request.GetProperty("amount_off").GetInt64() && string.Equals(coupon.Currency, StepParams.Text(request, "currency"), StringComparison.Ordinal);

    private async Task<string?> Product(JsonElement request, CancellationToken ct)
    {
        try
        {
            return (await api.Products.GetAsync(StepParams.Text(request, "id"), null, null, ct)).Id;
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return null;
        }
    }

    private async Task<string?> Price(JsonElement request, CancellationToken ct)
    {
        StripeList<Price> prices = await api.Prices.ListAsync(
            new PriceListOptions { LookupKeys = [StepParams.Text(request, "lookup_key")!], Limit = 1 }, null, ct);
        return prices.Data.FirstOrDefault()?.Id;
    }

    private async Task<string?> Schedule(JsonElement request, CancellationToken ct)
    {
        if (StepParams.Text(request, "from_subscription") is { } subscription)
        {
            return (await api.Subscriptions.GetAsync(subscription, null, null, ct)).ScheduleId;
        }

        string opportunity = StepParams.Text(request, "metadata", MetadataKeys.Opportunity)!;
        string version = StepParams.Text(request, "metadata", MetadataKeys.Version)!;
        var filter = new SubscriptionScheduleListOptions { Customer = StepParams.Text(request, "customer"), Limit = 100 };
        string? another = null;
        await foreach (SubscriptionSchedule schedule in api.Schedules.ListAutoPagingAsync(filter, null, ct))
        {
            if (Metadata(schedule, MetadataKeys.Opportunity) == opportunity)
            {
                if (Metadata(schedule, MetadataKeys.Version) == version)
                {
                    return schedule.Id;
                }

                another = schedule.Id;
            }
        }

        // A second schedule would bill the contract twice; the plan was made without knowledge of the first.
        return another is null ? null : throw new InvalidOperationException($"Opportunity {opportunity} is billed by schedule {another} of another plan.");
    }

    // Version and last phase go with the phases, so a schedule that carries them was updated.
    private async Task<string?> Updated(JsonElement request, CancellationToken ct)
    {
        SubscriptionSchedule schedule = await api.Schedules.GetAsync(StepParams.Text(request, "id"), null, null, ct);
        return SameIn(schedule, request, MetadataKeys.Version, MetadataKeys.PhasesUntil) ? schedule.Id : null;
    }

    private async Task<string?> Canceled(JsonElement request, CancellationToken ct)
    {
        SubscriptionSchedule schedule = await api.Schedules.GetAsync(StepParams.Text(request, "id"), null, null, ct);
        return schedule.Status == "canceled" ? schedule.Id : null;
    }

    private async Task<string?> Invoice(JsonElement request, CancellationToken ct)
    {
        var filter = new InvoiceListOptions { Customer = StepParams.Text(request, "customer"), Limit = 100 };
        return await First(
            api.Invoices.ListAutoPagingAsync(filter, null, ct),
            invoice => invoice.Status != "void" && SameIn(invoice, request, MetadataKeys.Opportunity, MetadataKeys.Version, MetadataKeys.Proration));
    }

    private async Task<string?> InvoiceItem(JsonElement request, CancellationToken ct)
    {
        var filter = new InvoiceItemListOptions { Invoice = StepParams.Text(request, "invoice"), Limit = 100 };
        return await First(
            api.InvoiceItems.ListAutoPagingAsync(filter, null, ct), item => SameIn(item, request, MetadataKeys.Line, MetadataKeys.LineNumber));
    }

    private async Task<string?> CreditNote(JsonElement request, CancellationToken ct)
    {
        var filter = new CreditNoteListOptions { Invoice = StepParams.Text(request, "invoice"), Limit = 100 };
        return await First(
            api.CreditNotes.ListAutoPagingAsync(filter, null, ct), note => note.Status != "void" && SameIn(note, request, MetadataKeys.Opportunity, MetadataKeys.Proration));
    }

    private async Task<string?> FinalizedInvoice(JsonElement request, CancellationToken ct)
    {
        Invoice invoice = await api.Invoices.GetAsync(StepParams.Text(request, "id"), null, null, ct);
        return invoice.Status == "draft" ? null : invoice.Id;
    }

    private static async Task<string?> First<T>(IAsyncEnumerable<T> all, Func<T, bool> matches)
        where T : IHasId
    {
        await foreach (T item in all)
        {
            if (matches(item))
            {
                return item.Id;
            }
        }

        return null;
    }

    private static bool SameIn(IHasMetadata holder, JsonElement request, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            // What is sent empty is not there afterwards.
            if ((Metadata(holder, key) ?? "") != (StepParams.Text(request, "metadata", key) ?? ""))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Metadata(IHasMetadata holder, string key) => holder.Metadata?.GetValueOrDefault(key);
}
