namespace Hub.Architecture.Tests;

/// <summary>Each rule holds for the repository, and each was seen to fail on a planted violation.</summary>
public sealed class DependencyRuleTests
{
    private static readonly SourceTree Repository = SourceTree.OfTheRepository();

    [Fact]
    public void Core_references_time_and_abstractions_only() => Holds(
        DependencyRules.CoreReferences,
        ("core/Hub.Core.csproj", "<Project><ItemGroup><PackageReference Include=\"Stripe.net\" /></ItemGroup></Project>"));

    [Fact]
    public void An_adapter_references_no_other_adapter() => Holds(
        DependencyRules.AdapterReferences,
        ("adapters/Hub.Mail/Hub.Mail.csproj", "<Project><ItemGroup><ProjectReference Include=\"../Hub.Stripe/Hub.Stripe.csproj\" /></ItemGroup></Project>"));

    [Fact]
    public void Sdk_types_do_not_leave_their_adapter() => Holds(
        DependencyRules.SdkTypesOutsideAdapters,
        ("functions/Contracts/Sync.cs", "using Stripe;"));

    [Fact]
    public void A_trigger_decides_nothing() => Holds(
        DependencyRules.BranchesInTriggers,
        ("functions/Contracts/Sync.cs", "class Sync { [Function(\"Sync\")] void Run() { if (amount > 10) { } } }"));

    [Fact]
    public void The_sandbox_shares_no_code_with_the_product() => Holds(
        DependencyRules.SandboxReferences,
        ("sandbox/Hub.Sandbox.csproj", "<Project><ItemGroup><ProjectReference Include=\"../core/Hub.Core.csproj\" /></ItemGroup></Project>"));

    [Fact]
    public void A_rule_sees_no_port_task_logger_or_clock()
    {
        Assert.NotEmpty(DependencyRules.ImpureRules([typeof(PlantedRule)]));
        Assert.Empty(DependencyRules.ImpureRules(typeof(Core.Money.Amount).Assembly.GetTypes()));
    }

    [Fact]
    public void Concepts_depend_downwards() => Holds(
        DependencyRules.ConceptDirection,
        ("core/Contracts/Planning.cs", "using Hub.Core.Collections;"));

    [Fact]
    public void Product_code_reads_no_wall_clock_and_waits_under_a_token() => Holds(
        DependencyRules.WallClocks,
        ("adapters/Hub.Stripe/Retry.cs", "await Task.Delay(TimeSpan.FromSeconds(1));"));

    [Fact]
    public void The_core_computes_without_binary_floating_point() => Holds(
        DependencyRules.FloatingPoint,
        ("core/Money/Price.cs", "private double price;"));

    private static void Holds(Func<SourceTree, IEnumerable<string>> rule, (string Path, string Text) violation)
    {
        Assert.NotEmpty(rule(SourceTree.Planted(violation)));
        Assert.Empty(rule(Repository));
    }

    private static class PlantedRule
    {
        public static long Now(TimeProvider time) => time.GetTimestamp();
    }
}
