using Hub.Sandbox.Kernel;
using Hub.Sandbox.Salesforce.Auth;
using Hub.Sandbox.Salesforce.Bulk;
using Hub.Sandbox.Salesforce.Control;
using Hub.Sandbox.Salesforce.Outbound;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Rest;
using Hub.Sandbox.Seed;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Hub.Sandbox.Salesforce;

/// <summary>The Salesforce simulator: everything under <c>/services</c>, and its controls under <c>/sandbox</c>.</summary>
public sealed class SalesforceModule : ISandboxModule, IDisposable
{
    /// <summary>Bytes of request line the service accepts, which is twice Kestrel's default.</summary>
    private const int LongestRequestLine = 16_384;

    private readonly Org org;
    private readonly Outbox outbox;
    private readonly HttpFront front;
    private readonly SalesforceControl control;
    private readonly SeedControl seed;
    private readonly BulkControl bulk;

    public SalesforceModule(SandboxClock clock, IConfiguration configuration, IServiceProvider services)
    {
        var settings = SalesforceSettings.From(configuration);
        org = new Org(clock, settings);
        outbox = new Outbox(clock, org, settings);
        var tokens = new Tokens(clock, settings);
        var usage = new Usage(clock, settings);
        var cursors = new Cursors(clock, settings);
        var endpoint = new TokenEndpoint(tokens, new Assertions(clock, TimeProvider.System, settings), settings, org);
        var jobs = new BulkJobs(clock, org);
        bulk = new BulkControl(jobs);
        front = new HttpFront(new Router(org, cursors, usage, jobs), endpoint, tokens, usage, outbox, clock);
        control = new SalesforceControl(org, outbox, tokens, usage, cursors);
        seed = new SeedControl(org, services, configuration);
        clock.Drive(outbox);
        clock.Drive(jobs);
        services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestLineSize = LongestRequestLine;
    }

    public string Name => "salesforce";

    public bool Owns(PathString path) => path.StartsWithSegments("/services");

    public void Map(IEndpointRouteBuilder routes)
    {
        var addresses = routes.ServiceProvider.GetRequiredService<IServer>().Features;
        routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() =>
            outbox.Origin = addresses.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? outbox.Origin);
        front.Map(routes);
        control.Map(routes);
        bulk.Map(routes);
        seed.Map(routes);
    }

    public void Dispose() => outbox.Dispose();
}
