using Hub.Host.Catalog;
using Hub.Host.Invocation;

namespace Hub.Host.Http;

/// <summary>Maps HTTP functions to their routes; the same in both modes but for keys and empty answers.</summary>
internal static class HttpFunctions
{
    /// <summary>Setting that overrides the prefix of all routes; host.json states the default.</summary>
    public const string PrefixSetting = "AzureFunctionsJobHost:extensions:http:routePrefix";

    public const string DefaultPrefix = "api";

    /// <param name="serve">Runs one function for one request.</param>
    public static void Map(IEndpointRouteBuilder routes, FunctionCatalog catalog, IConfiguration configuration, Func<FunctionDescriptor, HttpContext, Task> serve)
    {
        string prefix = (configuration[PrefixSetting] ?? DefaultPrefix).Trim('/');
        foreach (FunctionDescriptor function in catalog.Functions.Where(function => !function.Disabled))
        {
            if (function.Trigger is FunctionTrigger.Http http)
            {
                string pattern = $"{prefix}/{http.Route}".Trim('/');
                Task Handle(HttpContext context) => serve(function, context);
                _ = http.Methods.IsEmpty ? routes.Map(pattern, Handle) : routes.MapMethods(pattern, http.Methods, Handle);
            }
        }
    }

    /// <summary>Runs the function; one that throws is answered with 500 and an empty body.</summary>
    /// <param name="invocationId">The id given by a trusted caller; null makes one.</param>
    public static async Task Serve(FunctionInvoker invoker, WorkLifetime lifetime, FunctionDescriptor function, string? invocationId, HttpContext context)
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.Abort);
        try
        {
            await invoker.Invoke(function, new InvocationInput.Request(context) { InvocationId = invocationId }, cancelled.Token);
        }
        catch (Exception)
        {
            // Logged by the invoker. An answer already on its way can only be cut off.
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
