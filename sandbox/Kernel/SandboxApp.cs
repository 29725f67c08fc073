using System.Net;

namespace Hub.Sandbox.Kernel;

/// <summary>Puts the simulated services, their clock and the control API on one loopback port.</summary>
public static class SandboxApp
{
    /// <summary>Builds the application; the caller runs or starts it.</summary>
    /// <param name="args">Command line, <c>--name value</c> pairs.</param>
    /// <param name="configure">Last word on the builder, for tests that bring modules or settings of their own.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var settings = SandboxSettings.From(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.Port));
        AddKernel(builder.Services, settings);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseMiddleware<CallCounting>();
        app.UseMiddleware<FaultInjection>();
        ControlApi.Map(app);
        foreach (var module in app.Services.GetServices<ISandboxModule>())
        {
            module.Map(app);
        }

        return app;
    }

    private static void AddKernel(IServiceCollection services, SandboxSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(new SandboxClock(settings.Now));
        services.AddSingleton<CallCounts>();
        services.AddSingleton<Faults>();
        var modules = typeof(SandboxApp).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ISandboxModule)));
        foreach (var module in modules)
        {
            services.AddSingleton(typeof(ISandboxModule), module);
        }
    }
}
