namespace Hub.Sandbox.Kernel;

/// <summary>Tells every request which module owns it and counts it.</summary>
public sealed class CallCounting(RequestDelegate next, IEnumerable<ISandboxModule> modules, CallCounts counts)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (modules.FirstOrDefault(module => module.Owns(context.Request.Path)) is { } owner)
        {
            counts.Count(owner.Name);
            context.Features.Set(owner);
        }

        return next(context);
    }
}
