// Compiled with SdkSource=packages only: the entry point of the isolated worker (docs/adr/0002-sdk-source.md).
using Hub.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddHub(builder.Configuration);
using IHost app = builder.Build();

// The worker knows options that refuse a start, but not these checks.
using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
List<string> defects = [];
foreach (IStartupCheck check in app.Services.GetServices<IStartupCheck>())
{
    defects.AddRange(await check.Check(limit.Token));
}

if (defects.Count > 0)
{
    throw new InvalidOperationException(string.Join(Environment.NewLine, defects));
}

await app.RunAsync();
