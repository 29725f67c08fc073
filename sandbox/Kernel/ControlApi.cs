using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hub.Sandbox.Kernel;

/// <summary>The routes under <c>/sandbox</c> that every module shares: clock, call counts, faults, health.</summary>
public static class ControlApi
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/health", () => Results.Ok(new { status = "ok" }));
        routes.MapGet("/sandbox/clock", (SandboxClock clock) => Results.Ok(Reading(clock)));
        routes.MapPost("/sandbox/clock/advance", (HttpContext context, SandboxClock clock) => Advance(context, clock));
        routes.MapGet("/sandbox/calls", (CallCounts counts) => Results.Ok(counts.Snapshot()));
        routes.MapPost("/sandbox/faults", (HttpContext context, Faults faults) => Inject(context, faults));
        routes.MapDelete("/sandbox/faults", (Faults faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });
    }

    /// <summary>Reads a control body strictly, so that a misspelt member is told and not ignored; an empty body gives the default.</summary>
    /// <returns>The value, or what is wrong with the body.</returns>
    public static async Task<(T? Value, IResult? Refusal)> Read<T>(HttpContext context)
        where T : class, new()
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        try
        {
            return (text.Length == 0 ? new T() : JsonSerializer.Deserialize<T>(text, Options), null);
        }
        catch (JsonException unreadable)
        {
            return (null, Refuse(unreadable.Message));
        }
    }

    public static IResult Refuse(string message) => Results.BadRequest(new { error = message });

    private static object Reading(SandboxClock clock) => new { now = clock.Now.ToString("yyyy-MM-ddTHH:mm:ssZ", null) };

    private static async Task<IResult> Advance(HttpContext context, SandboxClock clock)
    {
        var (step, refusal) = await Read<ClockStep>(context);
        if (step is null)
        {
            return refusal!;
        }

        if (new object?[] { step.To, step.Days, step.Seconds }.Count(given => given is not null) != 1)
        {
            return Refuse("Give exactly one of to, days and seconds.");
        }

        var to = step.To ?? clock.Now.AddDays(step.Days ?? 0).AddSeconds(step.Seconds ?? 0);
        if (to < clock.Now)
        {
            return Refuse($"The clock stands at {clock.Now:O} and never goes back.");
        }

        await clock.AdvanceTo(to, context.RequestAborted);
        return Results.Ok(Reading(clock));
    }

    private static async Task<IResult> Inject(HttpContext context, Faults faults)
    {
        var (fault, refusal) = await Read<Fault>(context);
        if (fault is null)
        {
            return refusal!;
        }

        faults.Add(fault);
        return Results.NoContent();
    }

    private sealed record ClockStep
    {
        public DateTimeOffset? To { get; init; }

        public int? Days { get; init; }

        public long? Seconds { get; init; }
    }
}
