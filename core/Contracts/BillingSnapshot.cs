using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>What Stripe already holds for the account and the opportunity, as far as planning needs it.</summary>
/// <param name="Customer">The account's customer; null when none is known.</param>
/// <param name="Running">Subscriptions and schedules of that customer that bill now or will (convention C20).</param>
/// <param name="Contract">What already bills this opportunity; null when nothing does.</param>
public sealed record BillingSnapshot(BilledCustomer? Customer, ImmutableArray<RunningBilling> Running, BilledContract? Contract)
{
    /// <summary>True when the customer is billed in this currency alone, or in none so far (C20).</summary>
    /// <param name="currency">Lower-case code.</param>
    public bool Serves(string currency) => Customer is not { } customer
        || (Running.IsEmpty ? customer.Currency is null || customer.Currency == currency : Running.All(running => running.Currency == currency));

    /// <summary>True when the customer has been billed in this currency before.</summary>
    public bool IsBilledIn(string currency) => Serves(currency) && (!Running.IsEmpty || Customer?.Currency is not null);

    /// <summary>Nothing known: a new account.</summary>
    public static BillingSnapshot Empty { get; } = new(null, [], null);

    /// <summary>The account's fixed tax rate, where it has one and it was read; without it invoices are projected before tax.</summary>
    public TaxRate? TaxRate { get; init; }

    /// <summary>True when tax rates were read and the account's is not among them, or is archived: Stripe would refuse it.</summary>
    public bool TaxRateRefused { get; init; }

    /// <summary>Stored prices that bill exactly what is planned (amount, currency, interval, tiers); filled where steps are only shown.</summary>
    public ImmutableHashSet<string> ReusablePrices { get; init; } = [];

    /// <summary>
    /// Id of a customer that the account, or the Hub's own record, names and Stripe does not have (any more); null: none. Where <see cref="Customer"/>
    /// is null too, there is nobody to bill: the Hub creates no second customer in place of one that somebody deleted.
    /// </summary>
    public string? MissingCustomer { get; init; }

    /// <summary>True when the contract was billed under <see cref="MissingCustomer"/>: its subscription ended with the customer.</summary>
    public bool BilledThere { get; init; }

    /// <summary>Existing customers that may be the account's, where it has none yet: a person decides before one is created.</summary>
    public ImmutableArray<SuggestedCustomer> Suggested { get; init; } = [];

    /// <summary>Stripe's search knows no customer whose metadata names the account, and has shown all it knows.</summary>
    public bool CustomerSought { get; init; }

    /// <summary>Metered readings known so far.</summary>
    public ImmutableArray<UsageReading> Usage { get; init; } = [];
}

/// <param name="Id">Stripe customer id.</param>
/// <param name="Currency">Lower-case code of <c>customer.currency</c>; null before the first invoice.</param>
public sealed record BilledCustomer(string Id, string? Currency);

/// <param name="Id">Subscription id, or schedule id while no subscription exists yet.</param>
/// <param name="Currency">Lower-case currency code.</param>
/// <param name="EndsOn">First day without billing in the billing zone; null when open-ended.</param>
/// <param name="OpportunityId">Its <c>metadata.sf_opportunity_id</c>; null when it has none.</param>
public sealed record RunningBilling(string Id, string Currency, LocalDate? EndsOn, string? OpportunityId);

/// <param name="ScheduleId">Subscription schedule; null for a one-time-only deal.</param>
/// <param name="SubscriptionId">Subscription, once the first phase has started.</param>
/// <param name="InvoiceId">Standalone invoice of a one-time-only deal.</param>
/// <param name="Status">Status of the schedule, the subscription or the invoice, as Stripe names it.</param>
/// <param name="Version">Its <c>metadata.hub_contract_version</c>: the <see cref="BillingPlan.Version"/> it was created from.</param>
/// <param name="EndedOn">Date it was canceled or completed; null while it runs.</param>
public sealed record BilledContract(
    string? ScheduleId, string? SubscriptionId, string? InvoiceId, string Status, string? Version, LocalDate? EndedOn)
{
    /// <summary>What the schedule holds, to be compared with the plan of its version; null without a schedule.</summary>
    public HeldSchedule? Schedule { get; init; }

    /// <summary>
    /// First day on which a changed deal may begin to replace what the schedule holds: it has not started and is as the Hub wrote it. Null: the
    /// schedule stays as it is.
    /// </summary>
    public LocalDate? CorrectableFrom { get; init; }

    /// <summary>The subscription that runs on without the schedule, which released it; null otherwise.</summary>
    public ReleasedSubscription? Released { get; init; }
}

/// <param name="On">Day of the release.</param>
/// <param name="CurrentStart">First day of its billing period, or of the one phase of a schedule it was put into since: there a new schedule begins.</param>
public sealed record ReleasedSubscription(string Id, LocalDate On, LocalDate CurrentStart);

/// <param name="Id">Stripe tax rate id.</param>
/// <param name="Percentage">In percent, such as 20.</param>
/// <param name="Inclusive">True when prices contain the tax.</param>
public sealed record TaxRate(string Id, decimal Percentage, bool Inclusive);

/// <param name="LineId">OpportunityLineItem id as the source gave it.</param>
/// <param name="Month">Calendar month in which the metered period begins.</param>
public sealed record UsageReading(string LineId, YearMonth Month, decimal Quantity);
