using Hub.Core.Contracts;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Adapters.Tests.Stripe;

/// <summary>Plans with valid defaults: one seat line, 40 × USD 300.00 a year from 2026-10-15, net 20.</summary>
internal static class Plans
{
    public static readonly SalesforceId Opportunity = SalesforceId.Parse("006000000000001");
    public static readonly SalesforceId Account = SalesforceId.Parse("001000000000001");
    public static readonly SalesforceId Line = SalesforceId.Parse("00k000000000001");
    public static readonly SalesforceId OtherLine = SalesforceId.Parse("00k000000000002");
    public static readonly LocalDate Start = new(2026, 10, 15);
    public static readonly BillingInterval Yearly = new(IntervalUnit.Year, 1);

    public static CustomerPlan NewCustomer { get; } =
        new(null, Account, "Acme Ltd", "billing@acme.example", null, new("1 High Street", "Leeds", null, "LS1 1AA", "GB"), null, null, null, "en-GB");

    public static PhaseItem Seats { get; } = new("SEAT", "prod_seat", Line, 40, 30000m, Yearly, null, null, Usage: false, null);

    public static OneTimeItem Setup { get; } = new("SETUP", "prod_setup", OtherLine, 1, 45000m, null, "Setup");

    public static SchedulePlan Schedule { get; } = new(
        CollectionMethod.SendInvoice, 20, EndBehavior.Cancel, [], null, [new Phase(Start, Start.PlusYears(1), [Seats], [], null)]);

    public static StandaloneInvoicePlan Invoice { get; } = new(Start, CollectionMethod.SendInvoice, 20, [], null, [Setup]);

    public static BillingPlan OfSchedule(SchedulePlan? schedule = null, CustomerPlan? customer = null, string version = "v1") =>
        new(Opportunity, version, Currency.Usd, customer ?? NewCustomer, schedule ?? Schedule, null, []);

    public static BillingPlan OfInvoice(StandaloneInvoicePlan? invoice = null, CustomerPlan? customer = null) =>
        new(Opportunity, "v1", Currency.Usd, customer ?? NewCustomer, null, invoice ?? Invoice, []);

    /// <summary>A phase a month from the start, each with a seat more.</summary>
    public static SchedulePlan Monthly(int count) => Schedule with
    {
        Phases =
        [
            .. Enumerable.Range(0, count).Select(at => new Phase(
                Start.PlusMonths(at), Start.PlusMonths(at + 1), [Seats with { Quantity = at + 1, UnitAmount = 1000m, Interval = new(IntervalUnit.Month, 1) }], [], null)),
        ],
    };

    public static SchedulePlan With(params PhaseItem[] items) =>
        Schedule with { Phases = [new Phase(Start, Start.PlusYears(1), [.. items], [], null)] };
}
