using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hub.Host.Telemetry;

/// <summary>Sends traces, metrics and logs to the collector named by <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; nothing happens without it.</summary>
internal sealed class OtlpExport : IDisposable
{
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private OtlpExport(ResourceBuilder resource)
    {
        _traces = OpenTelemetry.Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Hub.*", "Microsoft.AspNetCore", "System.Net.Http")
            .AddOtlpExporter()
            .Build();
        _metrics = OpenTelemetry.Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Hub.*", "Microsoft.AspNetCore.Hosting", "System.Net.Http")
            .AddOtlpExporter()
            .Build();
    }

    public static void Add(IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[EndpointSetting]))
        {
            return;
        }

        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? "hub");
        builder.Services.AddSingleton(_ => new OtlpExport(resource));
        builder.Logging.AddOpenTelemetry(logs => logs.SetResourceBuilder(resource).AddOtlpExporter());
    }

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}
