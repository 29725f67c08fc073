using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Money;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Books;

/// <summary>What the <c>stripe</c> part of a books file says about one deal.</summary>
/// <param name="Schedule">The schedule of the deal, as Stripe returns it.</param>
/// <param name="Invoice">The plain invoice of a one-time-only deal.</param>
/// <param name="CreatedAt">When the first of them was created: that is when the Hub handled the deal.</param>
/// <param name="IssuedOn">Days on which the subscription was invoiced.</param>
internal sealed record BilledDeal(BillingSnapshot Snapshot, JsonElement? Schedule, JsonElement? Invoice, Instant? CreatedAt, ImmutableHashSet<LocalDate> IssuedOn);

/// <summary>Reads customers, subscriptions, schedules and invoices of a books file the way the Stripe adapter reads them live.</summary>
internal sealed class BilledBooks(BooksFile books)
{
    /// <summary>On a schedule: the version of the plan it was made from.</summary>
    public const string VersionKey = "hub_contract_version";

    public const string OpportunityKey = "sf_opportunity_id";
    public const string ContractKey = "sf_contract_id";
    private const string AccountKey = "sf_account_id";
    private const string ProrationKey = "hub_proration_id";

    private static readonly FrozenSet<string> RunningSubscription = FrozenSet.Create("active", "trialing", "past_due", "unpaid", "paused");
    private static readonly FrozenSet<string> RunningSchedule = FrozenSet.Create("not_started", "active");

    /// <param name="contract">Id of the contract's original opportunity, or of its Salesforce Contract.</param>
    public BilledDeal Of(DealSnapshot deal, string contract)
    {
        string opportunity = BooksRecords.Key(contract);
        JsonElement? schedule = Owned("subscription_schedules", opportunity).OrderByDescending(Runs).ThenByDescending(Created).Cast<JsonElement?>().FirstOrDefault();
        JsonElement? subscription = Owned("subscriptions", opportunity).OrderByDescending(Created).Cast<JsonElement?>().FirstOrDefault();
        JsonElement? invoice = schedule is null && subscription is null
            ? Owned("invoices", opportunity).Where(IsStandalone).OrderBy(Created).Cast<JsonElement?>().FirstOrDefault()
            : null;
        BilledCustomer? customer = Customer(deal);
        string? stored = deal.Account?.Text(F.Account.StripeCustomerId);
        var snapshot = new BillingSnapshot(customer, customer is null ? [] : Running(customer.Id), Contract(schedule, subscription, invoice))
        {
            MissingCustomer = IsDeleted(stored) ? stored : null,
            TaxRate = TaxRate(deal),
            TaxRateRefused = TaxRateRefused(deal),
            Usage = books.Usage,
        };
        JsonElement[] issued = [.. List("invoices").Where(json => IsOf(json, opportunity, subscription, schedule))];
        Instant?[] known =
        [
            (schedule ?? subscription ?? invoice) is { } held ? Created(held) : null,
            .. issued.Select(Created),
        ];
        ImmutableHashSet<LocalDate> days =
            [.. issued.Where(json => json.Metadata(ProrationKey) is null && Created(json) <= books.AsOf).Select(json => json.Date("created")).OfType<LocalDate>()];
        return new(snapshot, schedule, invoice, known.Min(), days);
    }

    private ImmutableArray<JsonElement> List(string name) => books.Stripe.GetValueOrDefault(name, []);

    private IEnumerable<JsonElement> Owned(string list, string opportunity) =>
        List(list).Where(json => new[] { json.Metadata(OpportunityKey), json.Metadata(ContractKey) }.Any(id => id is not null && BooksRecords.Key(id) == opportunity));

    // Subscription invoices name the contract in the subscription's metadata, a copy of which they carry, or by the subscription alone.
    private static bool IsOf(JsonElement invoice, string opportunity, JsonElement? subscription, JsonElement? schedule)
    {
        JsonElement details = invoice.Member("parent")?.Member("subscription_details") ?? default;
        string? id = subscription?.Text("id") ?? schedule?.Reference("subscription");
        return (id is not null && (details.Reference("subscription") ?? invoice.Reference("subscription")) == id)
            || new[] { invoice.Metadata(OpportunityKey), details.Metadata(OpportunityKey) }.Any(named => named is not null && BooksRecords.Key(named) == opportunity);
    }

    private static bool Runs(JsonElement schedule) => RunningSchedule.Contains(schedule.Text("status") ?? "");

    private static Instant? Created(JsonElement json) => json.Time("created");

    private static bool IsStandalone(JsonElement invoice) =>
        invoice.Text("status") is not "void" && invoice.Metadata(ProrationKey) is null && invoice.Member("parent")?.Text("type") is null or "quote_details";

    private BilledCustomer? Customer(DealSnapshot deal)
    {
        string? stored = deal.Account?.Text(F.Account.StripeCustomerId);
        string account = BooksRecords.Key(deal.Account?.Id ?? deal.Opportunity.Text(F.Opportunity.AccountId));
        JsonElement[] known =
        [
            .. List("customers")
                .Where(json => json.Text("id") == stored || (json.Metadata(AccountKey) is { } id && BooksRecords.Key(id) == account))
                .Where(json => json.Member("deleted")?.ValueKind != JsonValueKind.True)
                .OrderByDescending(json => json.Text("id") == stored).ThenBy(Created),
        ];
        BilledCustomer[] customers = [.. known.Select(json => new BilledCustomer(json.Text("id")!, json.Text("currency")?.ToLowerInvariant()))];
        if (stored is not null && !IsDeleted(stored) && customers.All(customer => customer.Id != stored))
        {
            customers = [new(stored, null), .. customers];
        }

        // With a customer per currency the one that is billed in the deal's currency serves it, else one that is billed in none (C20).
        string currency = deal.Opportunity.Text(F.CurrencyIsoCode)?.ToLowerInvariant() ?? "";
        BillingSnapshot[] serving = books.Contracts.CustomerPerCurrency
            ? [.. customers.Select(customer => new BillingSnapshot(customer, Running(customer.Id), null)).Where(billed => billed.Serves(currency))]
            : [];
        return Array.Find(serving, billed => billed.IsBilledIn(currency))?.Customer ?? serving.FirstOrDefault()?.Customer ?? customers.FirstOrDefault();
    }

    // What is left of a deleted customer is its id and the flag; one that was not exported proves nothing.
    private bool IsDeleted(string? customerId) => customerId is not null
        && List("customers").Any(json => json.Text("id") == customerId && json.Member("deleted")?.ValueKind == JsonValueKind.True);

    private ImmutableArray<RunningBilling> Running(string customerId)
    {
        JsonElement[] subscriptions = [.. OfCustomer("subscriptions", customerId).Where(json => RunningSubscription.Contains(json.Text("status") ?? ""))];
        IEnumerable<JsonElement> schedules = OfCustomer("subscription_schedules", customerId).Where(Runs)
            .Where(schedule => schedule.Reference("subscription") is not { } started || subscriptions.All(subscription => subscription.Text("id") != started));
        return
        [
            .. subscriptions.Select(json => Running(json, json.Text("currency") ?? ItemCurrency(json.List("items")), json.Date("cancel_at") ?? ScheduleEnd(json))),
            .. schedules.Select(json => Running(json, ScheduleCurrency(json), LastPhaseEnd(json))),
        ];
    }

    private IEnumerable<JsonElement> OfCustomer(string list, string customerId) => List(list).Where(json => json.Reference("customer") == customerId);

    private static RunningBilling Running(JsonElement json, string? currency, LocalDate? end) =>
        new(json.Text("id")!, currency?.ToLowerInvariant() ?? "", end, json.Metadata(OpportunityKey));

    private LocalDate? ScheduleEnd(JsonElement subscription) => subscription.Reference("schedule") is { } id
        ? List("subscription_schedules").Where(schedule => schedule.Text("id") == id).Select(LastPhaseEnd).FirstOrDefault()
        : null;

    // A schedule to which phases are to follow does not say when it ends.
    private static LocalDate? LastPhaseEnd(JsonElement schedule) =>
        schedule.List("phases") is [.., var last] && schedule.Metadata(HeldPlan.PhasesUntilKey) is null ? last.Date("end_date") : null;

    private string? ScheduleCurrency(JsonElement schedule) => schedule.List("phases")
        .Select(phase => phase.Text("currency") ?? ItemCurrency(phase.List("items")))
        .FirstOrDefault(currency => currency is not null);

    private string? ItemCurrency(ImmutableArray<JsonElement> items) =>
        items.Select(item => PriceOf(item)?.Text("currency")).FirstOrDefault(currency => currency is not null);

    /// <summary>The price of an item, expanded or from the list of prices.</summary>
    public JsonElement? PriceOf(JsonElement item) => item.Member("price") is { ValueKind: JsonValueKind.Object } expanded ? expanded : Price(item.Reference("price"));

    /// <summary>A price of the list of prices; null when it is not in it.</summary>
    public JsonElement? Price(string? id) => List("prices").Where(price => price.Text("id") == id).Cast<JsonElement?>().FirstOrDefault();

    /// <summary>A coupon of the list of coupons; null when it is not in it.</summary>
    public JsonElement? Coupon(string? id) => List("coupons").Where(coupon => coupon.Text("id") == id).Cast<JsonElement?>().FirstOrDefault();

    private BilledContract? Contract(JsonElement? schedule, JsonElement? subscription, JsonElement? invoice)
    {
        if ((schedule ?? subscription ?? invoice) is not { } held)
        {
            return null;
        }

        // A canceled subscription ends the contract whatever its schedule says; canceled_at alone may lie ahead of the end.
        JsonElement ended = subscription is { } stopped && stopped.Text("status") == "canceled" ? stopped : held;
        return new(
            schedule?.Text("id"),
            subscription?.Text("id") ?? schedule?.Reference("subscription"),
            invoice?.Text("id"),
            ended.Text("status") ?? "",
            held.Metadata(VersionKey),
            ended.Date("ended_at") ?? ended.Date("canceled_at") ?? ended.Date("completed_at"))
        {
            Schedule = schedule is { } read ? HeldPlan.Read(read, this) : null,
        };
    }

    // A list that was not exported says nothing about the rate.
    private bool TaxRateRefused(DealSnapshot deal) => deal.Account?.Text(F.Account.TaxRateId) is { } id && !List("tax_rates").IsEmpty
        && FindTaxRate(id)?.Member("active")?.ValueKind is null or JsonValueKind.False;

    private JsonElement? FindTaxRate(string id) => List("tax_rates").Where(rate => rate.Text("id") == id).Cast<JsonElement?>().FirstOrDefault();

    private TaxRate? TaxRate(DealSnapshot deal) => deal.Account?.Text(F.Account.TaxRateId) is { } id
        && FindTaxRate(id) is { } found
        && found.Number("percentage") is { } percentage
            ? new(id, percentage, found.Member("inclusive")?.ValueKind == JsonValueKind.True)
            : null;
}
