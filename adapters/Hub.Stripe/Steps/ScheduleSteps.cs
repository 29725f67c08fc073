using System.Globalization;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Text;
using Stripe;

namespace Hub.Stripe;

/// <summary>The subscription schedule of a contract, and the coupons and prices it needs first.</summary>
internal sealed class ScheduleSteps(BillingPlan plan, StepList steps, IReadOnlySet<string> reusablePrices)
{
    public void Add(SchedulePlan schedule, string customer)
    {
        List<SubscriptionSchedulePhaseOptions> phases = [.. PhaseWindow.Sent(plan).Select(phase => Phase(phase, schedule.TaxRateId))];
        steps.Add(StripeOperations.CreateSchedule, steps.Key(StripeOperations.CreateSchedule), new SubscriptionScheduleCreateOptions
        {
            Customer = customer,
            StartDate = Midnight(schedule.Phases[0].Start),
            EndBehavior = EndBehaviorSent(),
            BillingMode = new() { Type = "flexible" },
            DefaultSettings = Settings(schedule),
            Metadata = Metadata(wasWindow: false),
            Phases = phases,
        });
    }

    /// <summary>Sends all current and future phases again: what an update leaves out, Stripe unsets. A contract whose last day has passed is canceled.</summary>
    public void Change(SchedulePlan schedule, ContractChange change)
    {
        Phase[] ahead = [.. PhaseWindow.Sent(plan).Where(phase => phase.End > change.ProcessedOn)];
        if (ahead.Length == 0)
        {
            // What is given back goes by the contract's own policy, so Stripe prorates nothing and issues no invoice.
            steps.Add(
                StripeOperations.CancelSchedule, steps.Key(StripeOperations.CancelSchedule),
                new SubscriptionScheduleCancelOptions { InvoiceNow = false, Prorate = false }, change.ScheduleId);
            return;
        }

        string? part = change.Correction is { } count ? string.Create(CultureInfo.InvariantCulture, $"correction-{count}") : null;
        Update(schedule, ahead, change.ScheduleId, change.CurrentPhaseStart, steps.Key(StripeOperations.UpdateSchedule, part), change.WasWindow);
    }

    /// <summary>Sends later phases, and with them the current and future ones again.</summary>
    public void Extend(SchedulePlan schedule, PhaseExtension extension)
    {
        // On the day a phase ends Stripe may be in it still.
        Phase[] ahead =
        [
            .. PhaseWindow.Sent(plan).SkipWhile(phase => phase.End < extension.On || (phase.End == extension.On && phase.Start != extension.CurrentPhaseStart)),
        ];
        string key = steps.Key(StripeOperations.UpdateSchedule, Text(ahead[^1].End));
        string id = extension.Released is { } subscription ? Resume(extension, subscription) : extension.ScheduleId;
        Update(schedule, ahead, id, extension.CurrentPhaseStart, key, wasWindow: true, extension.Released is null ? null : extension.On);
    }

    // Stripe takes nothing but the subscription here; everything else comes with the update.
    private string Resume(PhaseExtension extension, string subscription) => steps.Add(
        StripeOperations.CreateSchedule,
        steps.Key(StripeOperations.CreateSchedule, $"{extension.ScheduleId}:{Text(extension.CurrentPhaseStart!.Value)}"),
        new SubscriptionScheduleCreateOptions { FromSubscription = subscription });

    private void Update(
        SchedulePlan schedule, Phase[] ahead, string? id, LocalDate? currentPhaseStart, string key, bool wasWindow, LocalDate? takesOver = null)
    {
        List<SubscriptionSchedulePhaseOptions> phases = [.. ahead.Select(phase => Phase(phase, schedule.TaxRateId))];

        // The phase that runs keeps the day it began on, also where the change is backdated into it.
        phases[0].StartDate = Midnight(currentPhaseStart ?? ahead[0].Start);
        phases[0].BillingCycleAnchor = null;
        Dictionary<string, string> metadata = Metadata(wasWindow);
        if (takesOver is { } day)
        {
            metadata[MetadataKeys.PhasesFrom] = Text(day);
        }

        steps.Add(
            StripeOperations.UpdateSchedule, key,
            new SubscriptionScheduleUpdateOptions
            {
                DefaultSettings = Settings(schedule),
                EndBehavior = EndBehaviorSent(),
                Metadata = metadata,
                Phases = phases,
                ProrationBehavior = "none",
            },
            id);
    }

    // An empty value takes the key off.
    private Dictionary<string, string> Metadata(bool wasWindow)
    {
        Dictionary<string, string> metadata = StripeSteps.ContractMetadata(plan);
        if (plan.PhasesUntil is not null || wasWindow)
        {
            metadata[MetadataKeys.PhasesUntil] = plan.PhasesUntil is { } until ? Text(until) : "";
        }

        return metadata;
    }

    private static string Text(LocalDate date) => LocalDatePattern.Iso.Format(date);

    private string EndBehaviorSent() => PhaseWindow.EndSent(plan) == EndBehavior.Cancel ? "cancel" : "release";

    private static SubscriptionScheduleDefaultSettingsOptions Settings(SchedulePlan schedule)
    {
        var invoices = new SubscriptionScheduleDefaultSettingsInvoiceSettingsOptions { DaysUntilDue = schedule.DaysUntilDue };
        if (schedule.CustomFields is { Length: > 0 } fields)
        {
            invoices.CustomFields = [.. fields.Select(field => new SubscriptionScheduleDefaultSettingsInvoiceSettingsCustomFieldOptions
            {
                Name = field.Name,
                Value = field.Value,
            })];
        }

        return new()
        {
            AutomaticTax = schedule.AutomaticTax ? new() { Enabled = true } : null,
            CollectionMethod = schedule.CollectionMethod.StripeName(),
            InvoiceSettings = invoices,
        };
    }

    private SubscriptionSchedulePhaseOptions Phase(Phase phase, string? taxRate)
    {
        var options = new SubscriptionSchedulePhaseOptions
        {
            Currency = plan.Currency.StripeCode,
            EndDate = Midnight(phase.End),
            ProrationBehavior = "none",
            Items = Items(phase),
            AddInvoiceItems = phase.OneTime.IsEmpty ? null : [.. phase.OneTime.Select(OneTime)],
            InvoiceSettings = phase.DaysUntilDue is { } days ? new() { DaysUntilDue = days } : null,
            TrialEnd = phase.TrialEnd is { } end ? Midnight(end) : null,

            // In flexible billing mode a phase of another interval does not bill by itself.
            BillingCycleAnchor = phase.NewCycle ? "phase_start" : null,

            // Merged into the subscription when the phase begins, which is how invoices and events find the contract.
            Metadata = StripeSteps.ContractMetadata(plan),
        };
        if (taxRate is not null)
        {
            options.DefaultTaxRates = [taxRate];
        }

        return options;
    }

    // Stripe takes a price on one item of a phase only: a second line of the same stored price is billed by a price of its own.
    private List<SubscriptionSchedulePhaseItemOptions> Items(Phase phase)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        return [.. phase.Items.Select(item => Item(item.PriceId is { } price && reusablePrices.Contains(price) && !used.Add(price) ? item with { PriceId = null } : item))];
    }

    private SubscriptionSchedulePhaseItemOptions Item(PhaseItem item)
    {
        var options = new SubscriptionSchedulePhaseItemOptions
        {
            Quantity = item.Usage ? null : item.Quantity,
            Metadata = new() { [MetadataKeys.Line] = item.LineId.Value },
        };
        if (item.ListPrice is { } list)
        {
            options.Metadata[MetadataKeys.ListPrice] = list;
        }

        if (item.PriceId is { } price && reusablePrices.Contains(price))
        {
            options.Price = price;
        }
        else if (item.Usage || item.Tiers is not null)
        {
            options.Price = AddPrice(item);
        }
        else
        {
            options.PriceData = PriceData(item);
        }

        if (item.PercentOff is not null || item.AmountOff is not null)
        {
            options.Discounts = [.. Coupons(item.PercentOff, item.AmountOff).Select(coupon => new SubscriptionSchedulePhaseItemDiscountOptions { Coupon = coupon })];
        }

        return options;
    }

    private IEnumerable<string> Coupons(decimal? percentOff, long? amountOff) => DiscountCoupon.Add(steps, percentOff, amountOff, plan.Currency);

    private SubscriptionSchedulePhaseItemPriceDataOptions PriceData(PhaseItem item)
    {
        var (whole, exact) = StripeSteps.Split(UnitAmount(item));
        return new()
        {
            Currency = plan.Currency.StripeCode,
            Product = item.StripeProductId,
            Recurring = new() { Interval = Interval(item.Interval), IntervalCount = item.Interval.Count },
            UnitAmount = whole,
            UnitAmountDecimal = exact,
        };
    }

    private SubscriptionSchedulePhaseAddInvoiceItemOptions OneTime(OneTimeItem item)
    {
        var (quantity, unitAmount) = WholeQuantity(item);
        var (whole, exact) = StripeSteps.Split(unitAmount);
        return new()
        {
            Quantity = quantity,
            Metadata = new() { [MetadataKeys.Line] = item.LineId.Value },
            Discounts = item.PercentOff is null && item.AmountOff is null ? null
                : [.. Coupons(item.PercentOff, item.AmountOff).Select(coupon => new SubscriptionSchedulePhaseAddInvoiceItemDiscountOptions { Coupon = coupon })],
            PriceData = new() { Currency = plan.Currency.StripeCode, Product = item.StripeProductId, UnitAmount = whole, UnitAmountDecimal = exact },
        };
    }

    // Items of a phase take whole quantities only: 2.5 × 100.00 goes as 1 × 250.00.
    private static (long Quantity, decimal UnitAmount) WholeQuantity(OneTimeItem item) => decimal.IsInteger(item.Quantity)
        ? (decimal.ToInt64(item.Quantity), item.UnitAmount)
        : (1, item.Quantity * item.UnitAmount);

    // Tiers and meters fit no inline price.
    private string AddPrice(PhaseItem item)
    {
        var options = new PriceCreateOptions
        {
            Currency = plan.Currency.StripeCode,
            Metadata = StripeSteps.ContractMetadata(plan),
            Product = item.StripeProductId,
            Recurring = new() { Interval = Interval(item.Interval), IntervalCount = item.Interval.Count },
        };
        if (item.Usage)
        {
            options.Recurring.UsageType = "metered";
            options.Recurring.Meter = item.MeterId
                ?? throw new InvalidOperationException($"Line {item.LineId} of {plan.OpportunityId} is metered and names neither meter nor price.");
        }

        if (item.Tiers is { } tiers)
        {
            options.BillingScheme = "tiered";
            options.TiersMode = tiers.Mode == TiersMode.Volume ? "volume" : "graduated";
            options.Tiers = [.. tiers.Tiers.Select(Tier)];
        }
        else
        {
            (options.UnitAmount, options.UnitAmountDecimal) = StripeSteps.Split(UnitAmount(item));
        }

        return steps.AddPrice(item.LineId, options);
    }

    private decimal UnitAmount(PhaseItem item) => item.SentUnitAmount
        ?? throw new InvalidOperationException($"Line {item.LineId} of {plan.OpportunityId} has no unit amount and no price to take it from.");

    private static PriceTierOptions Tier(Tier tier)
    {
        var (whole, exact) = StripeSteps.Split(tier.UnitAmount);
        return new()
        {
            UpTo = tier.UpTo is { } upTo ? new AnyOf<long?, PriceTierUpTo>(upTo) : PriceTierUpTo.Inf,
            UnitAmount = whole,
            UnitAmountDecimal = exact,
        };
    }

    private static string Interval(BillingInterval interval) => interval.Unit switch
    {
        IntervalUnit.Day => "day",
        IntervalUnit.Month => "month",
        IntervalUnit.Year => "year",
        _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "Not a billing interval."),
    };

    // Convention C1: all dates are 00:00:00 UTC.
    internal static DateTime Midnight(LocalDate date) => DateTime.SpecifyKind(date.ToDateTimeUnspecified(), DateTimeKind.Utc);
}
