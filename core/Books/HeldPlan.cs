using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Books;

/// <summary>Compares a plan with what Stripe holds by content: an exported schedule need not carry the Hub's version.</summary>
internal static class HeldPlan
{
    /// <summary>On a schedule to which later phases are to follow.</summary>
    public const string PhasesUntilKey = "hub_phases_until";

    private const string PhasesFromKey = "hub_phases_from";

    /// <summary>True when the schedule has the plan's phases with the same items, and all of them are known; or as many of them as were sent, under the plan's version.</summary>
    /// <param name="isNew">
    /// What was not exported of a contract's own schedule, such as its prices, proves nothing; an amendment is there only when all of it is known.
    /// </param>
    public static bool Matches(BillingPlan plan, JsonElement schedule, BilledBooks books, bool isNew)
    {
        HeldSchedule held = Read(schedule, books);
        LocalDate? from = plan.Change?.ProcessedOn;
        return (isNew && ScheduleComparison.Difference(plan, held, from) is null) || ScheduleComparison.Same(plan, held, from)
            || (held.PhasesUntil is not null && schedule.Metadata(BilledBooks.VersionKey) == plan.Version && ScheduleComparison.Difference(plan, held, from) is null);
    }

    /// <summary>The schedule's content, as far as the file tells it.</summary>
    public static HeldSchedule Read(JsonElement schedule, BilledBooks books) => new(
        schedule.Text("end_behavior"),
        [.. schedule.List("phases").Select(phase => Phase(phase, schedule, books))])
    {
        CurrentPhaseStart = schedule.Member("current_phase")?.Date("start_date"),
        PhasesUntil = Day(schedule, PhasesUntilKey),
        PhasesFrom = Day(schedule, PhasesFromKey),
    };

    // A field that was not exported says nothing; one that is null says that there is none.
    private static HeldPhase Phase(JsonElement phase, JsonElement schedule, BilledBooks books)
    {
        JsonElement defaults = schedule.Member("default_settings") ?? default;
        string? method = phase.Text("collection_method") ?? (phase.States("collection_method") ? defaults.Text("collection_method") : null);
        LocalDate? start = phase.Date("start_date");
        bool begun = schedule.Text("status") != "not_started" && !(schedule.Member("current_phase")?.Date("start_date") is { } current && start > current);
        return new HeldPhase(start, phase.Date("end_date"), [.. phase.List("items").Select(item => Item(item, books))])
        {
            CollectionMethod = method,
            NetDays = method == "charge_automatically" ? null : (long?)(Days(phase) ?? (phase.States("invoice_settings") ? Days(defaults) : null)),
            PaidFrom = phase.States("trial_end") ? phase.Date("trial_end") ?? start : null,
            Discounted = !phase.List("discounts").IsEmpty,
            OneTime = !begun && phase.States("add_invoice_items") && phase.List("add_invoice_items").Select(item => OneTime(item, books)).ToImmutableArray() is var items
                && items.All(item => item is { Amount: not null }) ? items : null,
        };
    }

    private static decimal? Days(JsonElement settings) => (settings.Member("invoice_settings") ?? default).Number("days_until_due");

    /// <summary>A one-time item as the file tells it, whether or not it is billed by now.</summary>
    internal static HeldOneTime OneTime(JsonElement item, BilledBooks books)
    {
        (HeldDiscounts off, bool unknown) = Discounts(item, books);
        HeldPrice? price = books.PriceOf(item) is { } found ? Price(found) : null;
        return new(price?.ProductId, unknown ? null : (item.Number("quantity") ?? 1) * price?.UnitAmount, off.PercentOff) { AmountOff = off.AmountOff };
    }

    private static LocalDate? Day(JsonElement schedule, string key) =>
        schedule.Metadata(key) is { } text && LocalDatePattern.Iso.Parse(text) is { Success: true } day ? day.Value : null;

    /// <summary>True when the plain invoice bills the plan's total.</summary>
    public static bool Matches(BillingPlan plan, JsonElement invoice) => plan.StandaloneInvoice is not null
        && invoice.Number("total") == plan.Total.MinorUnits
        && string.Equals(invoice.Text("currency"), plan.Currency.StripeCode, StringComparison.OrdinalIgnoreCase);

    /// <summary>Stored prices of the plan's items that bill exactly the same.</summary>
    public static ImmutableHashSet<string> ReusablePrices(BillingPlan plan, BilledBooks books) =>
    [
        .. (plan.Schedule?.Phases ?? []).SelectMany(phase => phase.Items)
            .Where(item => item.PriceId is not null && books.Price(item.PriceId) is { } price
                && price.Member("active")?.ValueKind != JsonValueKind.False && Price(price) is { } held && ScheduleComparison.Fits(item, plan.Currency.StripeCode, held)
                && BillsAlike(item, price))
            .Select(item => item.PriceId!),
    ];

    // What is not exported is taken to be as in a plain price.
    private static bool BillsAlike(PhaseItem item, JsonElement price)
    {
        JsonElement recurring = price.Member("recurring") ?? default;
        return price.Member("transform_quantity") is null
            && (recurring.Text("usage_type") is not { } usage || usage == "metered" == item.Usage)
            && (!item.Usage || recurring.Text("meter") is not { } meter || meter == item.MeterId)
            && (item.Tiers is not { } tiers || price.Text("tiers_mode") is not { } mode || mode == (tiers.Mode == TiersMode.Volume ? "volume" : "graduated"))
            && price.List("tiers").All(tier => (tier.Number("flat_amount_decimal") ?? tier.Number("flat_amount") ?? 0) == 0);
    }

    private static HeldItem Item(JsonElement item, BilledBooks books)
    {
        (HeldDiscounts off, bool unknown) = Discounts(item, books);
        return new(books.PriceOf(item) is { } price ? Price(price) : null, item.Number("quantity"), off.PercentOff) { AmountOff = off.AmountOff, DiscountUnknown = unknown };
    }

    private static (HeldDiscounts Off, bool Unknown) Discounts(JsonElement item, BilledBooks books)
    {
        ImmutableArray<HeldDiscount?> discounts = [.. item.List("discounts").Select(discount => Discount(discount, books))];
        ImmutableArray<HeldDiscount> read = [.. discounts.OfType<HeldDiscount>()];
        decimal? percent = read.Select(discount => discount.PercentOff).FirstOrDefault(percent => percent is not null);
        return read.Length == discounts.Length ? (HeldDiscounts.Of(read, books.PriceOf(item)?.Text("currency")), false) : (new(percent, null), percent is null);
    }

    // Tiers are exported on demand only; without them a tiered price says nothing.
    private static HeldPrice? Price(JsonElement price)
    {
        ImmutableArray<HeldTier> tiers =
        [
            .. price.List("tiers").Select(tier => new HeldTier((long?)tier.Number("up_to"), tier.Number("unit_amount_decimal") ?? tier.Number("unit_amount"))),
        ];
        return tiers.IsEmpty && price.Text("billing_scheme") == "tiered" ? null : new(
            price.Reference("product"), price.Text("currency"), Interval(price.Member("recurring") ?? default),
            price.Number("unit_amount_decimal") ?? price.Number("unit_amount"), tiers);
    }

    private static BillingInterval? Interval(JsonElement recurring)
    {
        int count = (int)(recurring.Number("interval_count") ?? 1);
        return recurring.Text("interval") switch
        {
            "day" => new(IntervalUnit.Day, count),
            "week" => new(IntervalUnit.Day, count * 7),
            "month" => new(IntervalUnit.Month, count),
            "year" => new(IntervalUnit.Year, count),
            _ => null,
        };
    }

    // The coupon is expanded, or stands in the list of coupons; null when the file does not tell what it takes off.
    private static HeldDiscount? Discount(JsonElement discount, BilledBooks books)
    {
        JsonElement holder = discount.Member("coupon") is not null ? discount : discount.Member("source") ?? default;
        JsonElement coupon = holder.Member("coupon") is { ValueKind: JsonValueKind.Object } expanded ? expanded : books.Coupon(holder.Reference("coupon")) ?? default;
        bool lasts = coupon.Text("duration") is null or "forever";
        return coupon.Number("percent_off") is { } percent ? new(percent, null, null)
            : coupon.Number("amount_off") is { } amount ? new(null, lasts ? (long)amount : null, coupon.Text("currency"))
            : null;
    }
}
