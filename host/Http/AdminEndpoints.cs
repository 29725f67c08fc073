using Hub.Functions.Http;
using Hub.Host.Catalog;
using Hub.Host.Telemetry;
using Hub.Host.Timers;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Http;

/// <summary>The operator's routes of stand-alone mode; all need the master key.</summary>
internal static class AdminEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, FunctionKeys keys)
    {
        RouteGroupBuilder admin = routes.MapGroup("/admin");
        admin.AddEndpointFilter(async (call, next) =>
            keys.Allows(AuthorizationLevel.Admin, call.HttpContext.Request) ? await next(call) : ApiProblem.Plain(StatusCodes.Status401Unauthorized));
        admin.MapPost("/functions/{name}", RunTimer);
        admin.MapGet("/queues", async (QueueReporter reporter, CancellationToken ct) => Results.Ok(await reporter.Report(ct)));
        admin.MapGet("/metrics", (CounterReadings readings) => Results.Ok(readings.Report()));
    }

    private static async Task<IResult> RunTimer(string name, bool? wait, FunctionCatalog catalog, ListenerPump pump, WorkLifetime lifetime, CancellationToken ct)
    {
        if (catalog.Find(name) is not { } function)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, $"There is no function '{name}'.");
        }

        if (pump.Listeners.OfType<TimerListener>().FirstOrDefault(timer => timer.Function == function.Name) is not { } listener)
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, $"{function.Name} is not a timer.");
        }

        // The run outlives a caller who gives up: it is the operator's order, not part of the request.
        Task<bool> run = Succeeds(listener, lifetime.Abort);
        pump.Track(run);
        if (wait != true)
        {
            return Results.Accepted();
        }

        bool succeeded = await run.WaitAsync(ct);
        return Results.Json(new { succeeded }, statusCode: succeeded ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError);
    }

    private static async Task<bool> Succeeds(TimerListener listener, CancellationToken abort)
    {
        try
        {
            await listener.RunByHand(abort);
            return true;
        }
        catch (Exception)
        {
            // Logged by the invoker; the caller learns that it failed, not why.
            return false;
        }
    }
}
