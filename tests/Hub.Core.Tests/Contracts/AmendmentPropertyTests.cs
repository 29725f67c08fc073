using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Contracts;
using Hub.Core.Tests.Collections;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>What holds for every contract with up to four amendments, whatever they change, whenever they take effect and become known.</summary>
public sealed class AmendmentPropertyTests
{
    private static readonly string[] Credits = ["Balance", "CreditNote"];
    private static readonly ContractsOptions Rolling = new() { RollingPhases = true };

    [Fact]
    public void Phases_hold_each_lines_quantity_on_each_of_its_days() => Hold(AmendedContract.Any, contract =>
    {
        Phase[] phases = [.. Plan(contract).Schedule!.Phases];
        Assert.Equal((contract.Start, contract.End), (phases[0].Start, phases[^1].End));
        Assert.All(phases, phase => Assert.True(phase.Start < phase.End));
        Assert.All(phases, phase => Assert.Equal(phase.Items.Length, Items(phase).Length));
        Assert.All(phases.Zip(phases.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        CountedPeriod[] periods = [.. SoldDays.Periods(contract)];
        CountedPeriod Period(LocalDate day) => periods.Single(period => period.Start <= day && day < period.End);

        IEnumerable<LocalDate> cuts = contract.Stretches.SelectMany(stretch => new[] { stretch.From, stretch.To }).Concat(phases.Select(phase => phase.Start)).Concat(periods.Select(period => period.Start));
        foreach (LocalDate day in cuts.SelectMany(cut => new[] { cut, cut.PlusDays(-1) }).Where(day => day >= contract.Start && day < contract.End).Distinct())
        {
            Assert.Equal(Sold(contract, day, Period(LocalDate.Max(day, SoldDays.BillingStart(contract)))), Items(phases.Single(phase => phase.Start <= day && day < phase.End)));
        }
    });

    [Fact]
    public void Invoices_and_credits_sum_to_the_lines() => Hold(AmendedContract.Any, contract =>
    {
        Fraction lines = SoldDays.Total(contract);
        foreach (string credit in Credits)
        {
            BillingPlan plan = Plan(contract, credit);
            int rounded = plan.Adjustments.Sum(adjustment => adjustment.Invoice.Lines.Length) + plan.Invoices.Sum(invoice => invoice.Lines.Count(line => line.Why.Contains(" of a whole period", StringComparison.Ordinal)));
            Assert.True(lines.IsWithin(plan.Total.MinorUnits, rounded), $"{credit}: the lines are worth {lines}, the invoices {plan.Total.MinorUnits} with {rounded} rounded lines");
        }
    });

    // None gives nothing back: what is charged, and everything else, is as under the other policies.
    [Fact]
    public void Without_credits_only_what_would_be_given_back_is_missing() => Hold(AmendedContract.Any, contract =>
        Assert.Equal(Deals.Invoices(Plan(contract, "Balance")).Where(invoice => !invoice.Contains(" due -", StringComparison.Ordinal)), Deals.Invoices(Plan(contract, "None"))));

    [Fact]
    public void What_was_invoiced_before_a_change_was_handled_stays_as_it_was() => Hold(AmendedContract.Any, contract =>
    {
        BillingPlan[] steps = Steps(contract);
        for (int step = 1; step < steps.Length; step++)
        {
            Assert.Equal(Issued(steps[step - 1], contract.Processed[step]), Issued(steps[step], contract.Processed[step]));
            Assert.Equal(Keys(steps[step - 1], contract.Processed[step]), Keys(steps[step], contract.Processed[step]));
        }
    });

    [Fact]
    public void Amended_step_by_step_or_sold_at_once_is_the_same_contract() => Hold(AmendedContract.Foreseen, contract =>
    {
        BillingPlan amended = Plan(contract);
        BillingPlan atOnce = Planned(contract.AtOnce().Plan(contract.Deals(0)[0].Processed, options: Rolling));
        Assert.Equal(Merged(atOnce), Merged(amended));
        Assert.Equal(Daily(atOnce), Daily(amended));
        Assert.Empty(amended.Adjustments);
    });

    [Fact]
    public void Changes_of_one_day_add_up_in_either_order()
    {
        int compared = 0;
        Hold(AmendedContract.OnOneDay, contract =>
        {
            PlanOutcome[] reversed = [.. Enumerable.Range(1, contract.Amendments).Select(amendments => Deals.Plan(null, Rolling, contract.Reversed(amendments)))];

            // A reduction of what another change adds has to come after it.
            if (contract.Amendments > 1 && reversed.All(outcome => outcome is PlanOutcome.Planned))
            {
                BillingPlan plan = Plan(contract);
                Assert.Equal(Merged(plan), Merged(Planned(reversed[^1])));
                Assert.Equal(Daily(plan), Daily(Planned(reversed[^1])));
                compared++;
            }
        });
        Assert.True(compared > 50, $"{compared} compared");
    }

    [Fact]
    public void Planning_twice_is_planning_once() => Hold(AmendedContract.Any, contract =>
    {
        BillingPlan plan = Plan(contract);
        Assert.Equal(plan.Version, Plan(contract).Version);
        Assert.Equal(Json(plan), Json(Plan(contract)));
    });

    // Stripe keeps the phases that have passed as they were and takes all others from the plan.
    [Fact]
    public void Planned_on_top_of_what_was_applied_nothing_is_left_to_do_and_nothing_looks_edited() => Hold(AmendedContract.Any, contract =>
    {
        HeldSchedule held = new(null, []);
        BillingSnapshot billing = BillingSnapshot.Empty;
        for (int step = 0; step <= contract.Amendments; step++)
        {
            BillingPlan plan = PlanJson.PlanOf(Deals.Plan(billing, Rolling, contract.Deals(step)))!;
            LocalDate on = contract.Processed[step];
            string before = Ahead(held, on);
            held = new("cancel", [.. held.Phases.Where(phase => phase.End <= on), .. plan.Schedule!.Phases.Where(phase => step == 0 || phase.End > on).Select(phase => HeldPhases.Of(phase, plan, begun: phase.Start <= on))]);
            billing = new(new("cus_1", "usd"), [], new("sub_sched_1", null, null, "active", plan.Version, null) { Schedule = held });
            Assert.IsType<PlanOutcome.Unchanged>(Deals.Plan(billing, Rolling, contract.Deals(step)));

            // Of a change that leaves the schedule as it is, such as one that is over by the time it becomes known, only the version tells.
            billing = billing with { Contract = billing.Contract! with { Version = "not known" } };
            PlanOutcome again = step == 0 ? new PlanOutcome.Unchanged(plan) : Deals.Plan(billing, Rolling, contract.Deals(step));
            Assert.Equal(step > 0 && before == Ahead(held, on) ? typeof(PlanOutcome.Planned) : typeof(PlanOutcome.Unchanged), again.GetType());
        }
    });

    // What a schedule bills from a day on; the start of the phase that runs does not matter.
    private static string Ahead(HeldSchedule schedule, LocalDate on) =>
        ScheduleHash.Of(schedule with { EndBehavior = "cancel", Phases = [.. schedule.Phases.Where(phase => phase.End > on).Select((phase, index) => index == 0 ? phase with { Start = on, PaidFrom = on } : phase)] });

    // The handler, from the queue to the ports: each opportunity on its day, then all of them again, then one that cannot be billed.
    [Fact]
    public void Replays_and_refused_deals_write_nothing_to_Stripe() => Hold(AmendedContract.Any, contract => Handled(contract).GetAwaiter().GetResult(), contracts: 100);

    private static async Task Handled(AmendedContract contract)
    {
        var ports = new ContractPorts();
        var clock = new HandClock(default);
        var deals = contract.Deals(contract.Amendments);
        foreach ((Deals deal, string on) in deals)
        {
            ports.Put(deal.Snapshot());
            await Deliver(ports, clock, deal, on);
        }

        Assert.Equal(deals.Length, ports.StripeCalls);
        Assert.Equal(Plan(contract).Version, ports.Billed.Values.Last().Version);
        foreach ((Deals deal, _) in deals)
        {
            await Deliver(ports, clock, deal, deals[^1].Processed);
        }

        Deals refused = Deals.Amending("Upsell", deals[^1].Processed, 99).Line("SEAT", 1, null);
        ports.Put(refused.Snapshot());
        await Deliver(ports, clock, refused, deals[^1].Processed);

        Assert.Equal(deals.Length, ports.StripeCalls);
        Assert.NotEmpty(ports.Records[SalesforceId.Parse(refused.Snapshot().Opportunity.Id)].Problems);
    }

    private static Task Deliver(ContractPorts ports, HandClock clock, Deals deal, string on)
    {
        clock.Now = Deals.Date(on).AtMidnight().InUtc().ToInstant() + Duration.FromHours(9);
        return ports.Deliver(new(deal.Snapshot().Opportunity.Id, "poll", clock.Now), clock, Rolling);
    }

    private static string[] Issued(BillingPlan plan, LocalDate before) =>
    [
        .. plan.Invoices.Zip(Deals.Invoices(plan)).Where(invoice => invoice.First.Date < before)
            .Select(invoice => $"{invoice.Second} {invoice.First.CreditNote} {string.Join(";", invoice.First.Lines.Select(line => (line.Quantity, line.UnitAmount, line.From, line.Until)))}"),
    ];

    // The Hub knows what it has issued by these.
    private static string[] Keys(BillingPlan plan, LocalDate before) => [.. Adjustment.Of(plan).Where(adjustment => adjustment.Date < before).Select(adjustment => adjustment.Key)];

    // Phases by what they bill: equal neighbours are one, and items of one price one item.
    private static string[] Merged(BillingPlan plan)
    {
        var merged = new List<(LocalDate Start, LocalDate End, string Items)>();
        foreach (Phase phase in plan.Schedule!.Phases)
        {
            string items = string.Join(", ", Items(phase));
            bool same = merged is [.., var last] && last.Items == items;
            merged = same ? [.. merged.SkipLast(1), (merged[^1].Start, phase.End, items)] : [.. merged, (phase.Start, phase.End, items)];
        }

        return [.. merged.Select(phase => $"{phase.Start:uuuu-MM-dd}..{phase.End:uuuu-MM-dd}: {phase.Items}")];
    }

    private static string[] Daily(BillingPlan plan) =>
        [.. plan.Invoices.GroupBy(invoice => invoice.Date).Select(day => $"{day.Key:uuuu-MM-dd} {day.Sum(invoice => invoice.Amount.MinorUnits)}")];

    private static string Json(BillingPlan plan) => PlanJson.Text("1", new PlanOutcome.Planned(plan), []);

    // Each opportunity is planned when it is won: one that were refused would silently be left out of those after it.
    private static BillingPlan[] Steps(AmendedContract contract, string? credit = null) =>
        [.. Enumerable.Range(0, contract.Amendments + 1).Select(amendments => Planned(Deals.Plan(null, Rolling, contract.Deals(amendments, credit))))];

    private static BillingPlan Plan(AmendedContract contract, string? credit = null) => Steps(contract, credit)[^1];

    private static BillingPlan Planned(PlanOutcome outcome) => outcome is PlanOutcome.Planned(var plan) ? plan
        : throw new Xunit.Sdk.XunitException(outcome is PlanOutcome.Rejected(var found) ? string.Join("\n", found) : outcome.ToString());

    // Product, cents of a unit in the period, units.
    private static string[] Sold(AmendedContract contract, LocalDate day, CountedPeriod period) =>
    [
        .. contract.Stretches.GroupBy(stretch => (stretch.Product, stretch.MonthlyPrice)).Select(price => (price.Key, Quantity: SoldDays.Quantity(price, day)))
            .Where(sold => sold.Quantity != 0)
            .Select(sold => $"{sold.Quantity} {sold.Key.Product} @{Rounded(sold.Key.MonthlyPrice * contract.PeriodMonths, SoldDays.Whole(period, contract))}")
            .Order(StringComparer.Ordinal),
    ];

    private static string[] Items(Phase phase) =>
    [
        .. phase.Items.GroupBy(item => (item.ProductCode, item.UnitAmount))
            .Select(price => $"{price.Sum(item => item.Quantity)} {price.Key.ProductCode} @{price.Key.UnitAmount!.Value.ToString("0.######", CultureInfo.InvariantCulture)}")
            .Order(StringComparer.Ordinal),
    ];

    private static string Rounded(long price, Fraction share) =>
        Math.Round(price * (decimal)share.Over / (decimal)share.Under, 12, MidpointRounding.AwayFromZero).ToString("0.######", CultureInfo.InvariantCulture);

    private static void Hold(Func<int, AmendedContract> told, Action<AmendedContract> rule, int contracts = 250)
    {
        for (int seed = 1; seed <= contracts; seed++)
        {
            AmendedContract contract = told(seed);
            try
            {
                rule(contract);
            }
            catch (Exception broken)
            {
                throw new Xunit.Sdk.XunitException($"Seed {seed}:{Environment.NewLine}{contract}{Environment.NewLine}{broken.Message}");
            }
        }
    }
}
