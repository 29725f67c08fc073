using Hub.Functions.Http;
using Hub.Host.Catalog;
using Hub.Host.Clock;
using Hub.Host.CustomHandler;
using Hub.Host.Http;
using Hub.Host.Invocation;
using Hub.Host.Telemetry;
using Microsoft.AspNetCore.Http.Features;

namespace Hub.Host.Startup;

/// <summary>Opens the routes of either mode on a host that may start.</summary>
internal static class HostRoutes
{
    /// <summary>An HTTP call that is not forwarded carries its body inside the envelope, so it may be larger than Kestrel's default.</summary>
    private const long LargestEnvelope = 128 * 1024 * 1024;

    public static void Map(WebApplication app, bool custom, HostSettings settings, FunctionCatalog catalog)
    {
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Hub.Host");
        if (app.Services.GetRequiredService<TimeProvider>() is FollowedTimeProvider followed)
        {
            followed.Outages = log;
        }

        // Made now, so that nothing is counted, traced or stopped before they listen.
        _ = app.Services.GetRequiredService<CounterReadings>();
        _ = app.Services.GetService<OtlpExport>();
        _ = app.Services.GetRequiredService<WorkLifetime>();
        if (custom)
        {
            app.Use(AllowLargeEnvelopes);
            app.Services.GetRequiredService<CustomHandlerEndpoints>().Map(app);
        }
        else
        {
            MapStandAlone(app, settings, catalog, log);
        }

        int disabled = catalog.Functions.Count(function => function.Disabled);
        log.HostStarted(custom ? "custom-handler" : "stand-alone", catalog.Functions.Length, disabled);
    }

    private static Task AllowLargeEnvelopes(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestEnvelope;
        }

        return next(context);
    }

    // What routing, the binding of a parameter or an operator's route refuses without a word.
    private static async Task ExplainRefusals(HttpContext context, RequestDelegate next)
    {
        await next(context);
        HttpResponse response = context.Response;
        if (!response.HasStarted && response is { StatusCode: >= 400 and < 500, ContentType: null } && response.ContentLength is null or 0
            && !HttpMethods.IsHead(context.Request.Method))
        {
            await ApiProblem.Plain(response.StatusCode).ExecuteAsync(context);
        }
    }

    private static void MapStandAlone(WebApplication app, HostSettings settings, FunctionCatalog catalog, ILogger log)
    {
        app.Use(ExplainRefusals);
        (FunctionKeys keys, string? file) = FunctionKeys.From(settings, app.Environment.ContentRootPath);
        if (file is not null)
        {
            log.KeysKept(file);
        }

        var invoker = app.Services.GetRequiredService<FunctionInvoker>();
        var lifetime = app.Services.GetRequiredService<WorkLifetime>();
        HttpFunctions.Map(app, catalog, app.Configuration, (function, context) =>
        {
            if (keys.Allows(((FunctionTrigger.Http)function.Trigger).Level, context.Request))
            {
                return HttpFunctions.Serve(invoker, lifetime, function, invocationId: null, context);
            }

            return ApiProblem.Plain(StatusCodes.Status401Unauthorized).ExecuteAsync(context);
        });
        AdminEndpoints.Map(app, keys);
    }
}
