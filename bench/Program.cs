using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Hub.Bench;
using Perfolizer.Horology;

// In this process and without logs or files of its own: the table below is the whole answer.
IConfig config = ManualConfig.CreateEmpty()
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithClock(new CpuClock()).WithEvaluateOverhead(false)
        .WithIterationTime(TimeInterval.FromMilliseconds(200)).WithWarmupCount(5).WithIterationCount(15))
    .AddLogger(NullLogger.Instance)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .WithOptions(ConfigOptions.DisableLogFile)
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "hub-bench"));
Summary summary = BenchmarkRunner.Run<PlanningBenchmarks>(config);
Figure[] figures =
[
    .. summary.Reports.Where(report => report.Success).Select(report => new Figure(
        report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
        Math.Round((decimal)report.ResultStatistics!.Median / 1000, 1),
        report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0)),
];

if (args.Contains("--json"))
{
    Console.WriteLine(JsonSerializer.Serialize(figures, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
}
else
{
    Console.WriteLine($"{"",-32}{"median",14}{"per second",14}{"allocated",14}");
    foreach (Figure figure in figures)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{figure.Name,-32}{figure.Microseconds,11:N1} µs{figure.PerSecond,14:N0}{figure.Bytes / 1024m,11:N1} KB"));
    }
}

return figures.Length == summary.Reports.Length && figures.Length > 0 ? 0 : 1;
