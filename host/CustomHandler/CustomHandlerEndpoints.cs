using System.Text.Json;
using Hub.Host.Catalog;
using Hub.Host.Clock;
using Hub.Host.Http;
using Hub.Host.Invocation;

namespace Hub.Host.CustomHandler;

/// <summary>The routes of custom-handler mode: probe, one envelope route per function, and HTTP functions on their own paths.</summary>
/// <remarks>The Functions host has checked the keys; whoever reaches the loopback port is trusted by design of the platform.</remarks>
internal sealed class CustomHandlerEndpoints(
    FunctionCatalog catalog, FunctionInvoker invoker, WorkLifetime lifetime, IConfiguration configuration, HostClocks clocks, ILogger<CustomHandlerEndpoints> log)
{
    /// <summary>Names the invocation in the Functions host's own records.</summary>
    public const string InvocationHeader = "X-Azure-Functions-InvocationId";

    private readonly TimeSpan _deadline = HandlerDeadline.From(configuration);

    // As given: the host matches the names it knows in any case, header names must stay what they are.
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = null };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", context => Answer(context, StatusCodes.Status200OK, EnvelopeAnswer.Done));
        routes.MapPost("/{function}", context => Call(context, (string)context.Request.RouteValues["function"]!));
        HttpFunctions.Map(routes, catalog, configuration, Forwarded);
        routes.MapFallback(context => Answer(context, StatusCodes.Status404NotFound, new { error = "There is nothing at this address." }));
    }

    private async Task Call(HttpContext context, string name)
    {
        if (catalog.Find(name) is not { } function)
        {
            await Answer(context, StatusCodes.Status404NotFound, new { error = "There is no such function." });
            return;
        }

        (int status, object answer) = await Read(function, context) is { } input
            ? await Run(function, input)
            : (StatusCodes.Status500InternalServerError, new { error = "The call could not be read." });
        await Answer(context, status, answer);
    }

    /// <returns>Null when the call says nothing the function could be run with.</returns>
    private async Task<InvocationInput?> Read(FunctionDescriptor function, HttpContext context)
    {
        try
        {
            using JsonDocument envelope = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            return Input(function, envelope.RootElement, context.RequestServices) with
            {
                InvocationId = context.Request.Headers[InvocationHeader].FirstOrDefault(),
            };
        }
        catch (Exception unreadable) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Whatever a call holds that cannot be. The reason only: a parser's message may quote what it could not read.
            log.EnvelopeUnreadable(function.Name, unreadable.GetType().Name);
            return null;
        }
    }

    private async Task<(int Status, object Answer)> Run(FunctionDescriptor function, InvocationInput input)
    {
        using var limit = new CancellationTokenSource(_deadline, clocks.Machine);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lifetime.Abort);
        try
        {
            await invoker.Invoke(function, input, cancelled.Token);
            return (StatusCodes.Status200OK, input is InvocationInput.Request request ? await EnvelopeAnswer.Res(request.Context) : EnvelopeAnswer.Done);
        }
        catch (Exception failure)
        {
            // Logged by the invoker; the Functions host learns that it failed and delivers again.
            return (StatusCodes.Status500InternalServerError, new { error = failure.GetType().Name });
        }
    }

    private static InvocationInput Input(FunctionDescriptor function, JsonElement envelope, IServiceProvider services)
    {
        JsonElement value = Envelope.TriggerValue(envelope, Envelope.BindingOf(function.Trigger));
        return function.Trigger switch
        {
            FunctionTrigger.Queue => new InvocationInput.Message(Envelope.Body(value, function.TakesBytes)),
            FunctionTrigger.Timer => new InvocationInput.Tick(Envelope.Timer(value)),
            _ => new InvocationInput.Request(EnvelopeRequest.Read(value, services)),
        };
    }

    private async Task Forwarded(FunctionDescriptor function, HttpContext context)
    {
        await HttpFunctions.Serve(invoker, lifetime, function, context.Request.Headers[InvocationHeader].FirstOrDefault(), context);
        HttpResponse response = context.Response;
        bool canCarryABody = !HttpMethods.IsHead(context.Request.Method) && !response.HasStarted;

        // An empty 2xx is where an envelope call would hang; forwarded calls keep clear of it as well.
        if (canCarryABody && response.StatusCode is >= 200 and < 300 && response.ContentLength is null or 0)
        {
            int status = response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent
                ? StatusCodes.Status200OK
                : response.StatusCode;
            await Answer(context, status, EnvelopeAnswer.Done);
        }
    }

    private static Task Answer(HttpContext context, int status, object answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = null;
        return context.Response.WriteAsJsonAsync(answer, answer.GetType(), Json, "application/json", context.RequestAborted);
    }
}
