using System.Diagnostics;
using System.Reflection;
using Hub.Host.Catalog;
using Hub.Host.Clock;
using Hub.Host.Telemetry;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;

namespace Hub.Host.Invocation;

/// <summary>Runs functions: one service scope, one activity and one count per invocation.</summary>
internal sealed class FunctionInvoker(IServiceProvider services, IClockRefresh clock, HostMeter meter, ILogger<FunctionInvoker> log)
{
    private int _running;
    private long _started;

    /// <summary>Invocations under way in this process, whatever started them.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Invocations begun since the start; never falls, so two equal readings with nothing running mean quiet in between.</summary>
    public long Started => Interlocked.Read(ref _started);

    /// <summary>Binds, runs and awaits the function; an HTTP function's result is written to the response.</summary>
    /// <exception cref="Exception">Whatever the function threw; it is logged and counted here, the caller decides what follows.</exception>
    public async Task Invoke(FunctionDescriptor function, InvocationInput input, CancellationToken ct)
    {
        Interlocked.Increment(ref _started);
        Interlocked.Increment(ref _running);
        string invocationId = input.InvocationId ?? Guid.NewGuid().ToString();
        long start = Stopwatch.GetTimestamp();
        using Activity? activity = HostMeter.Activities.StartActivity($"function {function.Name}");
        activity?.SetTag("faas.invocation_id", invocationId);
        using IDisposable? logScope = log.InvocationScope(function.Name, invocationId);
        try
        {
            await clock.Refresh(ct);
            await Run(function, input, invocationId, ct);
            meter.Finished(function.Name, succeeded: true, Stopwatch.GetElapsedTime(start));
        }
        catch (Exception failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            meter.Finished(function.Name, succeeded: false, Stopwatch.GetElapsedTime(start));
            log.FunctionFailed(failure, function.Name, invocationId);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task Run(FunctionDescriptor function, InvocationInput input, string invocationId, CancellationToken ct)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var context = new HostFunctionContext(invocationId, function, scope.ServiceProvider, ct);
        object?[] arguments = ArgumentBinding.Bind(function, input, context);
        object? instance = function.Method.IsStatic ? null : ActivatorUtilities.CreateInstance(scope.ServiceProvider, function.Method.DeclaringType!);
        try
        {
            object? result = await Result(function.Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null));
            if (input is InvocationInput.Request request)
            {
                await Answer(result, request.Context);
            }
        }
        finally
        {
            await Discard(instance);
        }
    }

    private static async Task<object?> Result(object? returned)
    {
        if (returned is ValueTask valueTask)
        {
            await valueTask;
            return null;
        }

        if (returned?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            returned = type.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(returned, null);
        }

        if (returned is not Task task)
        {
            return returned;
        }

        await task;
        return task.GetType().GetProperty(nameof(Task<int>.Result))?.GetValue(task);
    }

    private static Task Answer(object? result, HttpContext context) => result switch
    {
        IActionResult action => action.ExecuteResultAsync(new ActionContext(context, context.GetRouteData(), new ActionDescriptor())),
        IResult answer => answer.ExecuteAsync(context),
        _ => throw new InvalidOperationException("An HTTP function returned no result."),
    };

    private static async ValueTask Discard(object? instance)
    {
        if (instance is IAsyncDisposable asyncDisposable)
        {
            await asyncDisposable.DisposeAsync();
        }
        else if (instance is IDisposable disposable)
        {
            disposable.Dispose();
        }
    }
}
