using System.Collections.Immutable;
using System.Runtime;
using BenchmarkDotNet.Attributes;
using Hub.Core.Contracts;
using Hub.Core.Contracts.Preview;
using Hub.Stripe;

namespace Hub.Bench;

/// <summary>What planning costs: pure, on one core, from records that were read already.</summary>
public class PlanningBenchmarks
{
    private const int MostRounds = 60;
    private const int CallsPerRound = 2000;
    private const int RampEvery = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ContractsOptions _options = new();
    private readonly StripePlannedSteps _steps = new();
    private readonly DealSnapshot _simple = BenchDeals.Simple();
    private readonly DealSnapshot _ramp = BenchDeals.TenYearRamp();

    /// <summary>Runs everything until .NET has stopped compiling: it optimizes in the background, and a busy machine takes its time over it.</summary>
    [GlobalSetup]
    public void WarmUp()
    {
        for (int round = 0; round < MostRounds; round++)
        {
            long compiled = JitInfo.GetCompiledMethodCount();
            for (int call = 0; call < CallsPerRound; call++)
            {
                SimpleDeal();
                _ = call % RampEvery == 0 ? RampPage() + RampJson() : "";
            }

            Thread.Sleep(Pause);
            if (JitInfo.GetCompiledMethodCount() == compiled)
            {
                return;
            }
        }
    }

    /// <summary>One product, a year, prepaid.</summary>
    [Benchmark(Description = "Plan a simple deal")]
    public PlanOutcome SimpleDeal() => Plan(_simple);

    /// <summary>Ten steps of a year each, billed monthly, no end: the plan, Stripe's calls and the page.</summary>
    [Benchmark(Description = "Preview a ten-year ramp, page")]
    public string RampPage() => PreviewPage.Write([Preview(_ramp)]);

    /// <summary>The same as JSON.</summary>
    [Benchmark(Description = "Preview a ten-year ramp, JSON")]
    public string RampJson() => PreviewJson.Text(Preview(_ramp));

    private PlanOutcome Plan(DealSnapshot deal) => ContractPlanning.Plan(deal, BillingSnapshot.Empty, BenchDeals.Processed, _options);

    private ContractPreview Preview(DealSnapshot deal)
    {
        // Figures of a refusal would be figures of something else.
        PlanOutcome outcome = Plan(deal);
        ImmutableArray<PlannedStep> steps = outcome is PlanOutcome.Planned(var plan)
            ? _steps.For(plan, BillingSnapshot.Empty)
            : throw new InvalidOperationException($"The deal is not planned: {string.Join(' ', ((PlanOutcome.Rejected)outcome).Problems)}");
        return new(deal, BillingSnapshot.Empty, outcome, steps);
    }
}
