namespace Hub.Sandbox.Kernel;

/// <summary>Hits requests to the modules with the faults that wait for them.</summary>
public sealed class FaultInjection(RequestDelegate next, Faults faults)
{
    public Task InvokeAsync(HttpContext context)
    {
        var owner = context.Features.Get<ISandboxModule>();
        var fault = owner is null ? null : faults.Take(owner.Name, context.Request.Method, context.Request.Path.Value ?? "");
        return fault?.Kind switch
        {
            null => next(context),
            FaultKind.Stall when owner is IStallable => Stalled(context, fault),
            FaultKind.Delay or FaultKind.Stall => Delayed(context, fault),
            FaultKind.DropBefore => Drop(context),
            FaultKind.DropAfter => ExecuteAndDrop(context),
            FaultKind.Html503 => Html(context, fault),
            FaultKind.RateLimit => RateLimited(context, fault),
            _ => Status(context, fault),
        };
    }

    private static Task Drop(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static Task Html(HttpContext context, Fault fault)
    {
        Head(context, fault, StatusCodes.Status503ServiceUnavailable);
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync("<html><body><h1>503 Service Unavailable</h1></body></html>", context.RequestAborted);
    }

    private static Task RateLimited(HttpContext context, Fault fault)
    {
        Head(context, fault, StatusCodes.Status429TooManyRequests);
        if (fault.Reason is { } reason)
        {
            context.Response.Headers["Stripe-Rate-Limited-Reason"] = reason;
        }

        var code = fault.Reason is null ? "lock_timeout" : "rate_limit";
        return Json(context, fault, new { error = new { type = "invalid_request_error", code, message = "Injected: too many requests." } });
    }

    private static Task Status(HttpContext context, Fault fault)
    {
        Head(context, fault, fault.Status);
        return Json(context, fault, new { error = new { type = "api_error", message = "Injected fault." } });
    }

    private static Task Json(HttpContext context, Fault fault, object plausible) =>
        fault.Body is { } body
            ? context.Response.WriteAsJsonAsync(body, context.RequestAborted)
            : context.Response.WriteAsJsonAsync(plausible, context.RequestAborted);

    private static void Head(HttpContext context, Fault fault, int status)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in fault.Headers ?? new Dictionary<string, string>())
        {
            context.Response.Headers[name] = value;
        }
    }

    private Task Stalled(HttpContext context, Fault fault)
    {
        context.Features.Set(fault);
        return next(context);
    }

    private async Task Delayed(HttpContext context, Fault fault)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), context.RequestAborted);
        await next(context);
    }

    private async Task ExecuteAndDrop(HttpContext context)
    {
        // The answer goes nowhere: it must not reach the socket before the connection is cut.
        using var nowhere = new MemoryStream();
        context.Response.Body = nowhere;
        await next(context);
        context.Abort();
    }
}
