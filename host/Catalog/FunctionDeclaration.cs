using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Catalog;

/// <summary>Reads a method's attributes and says what of the declaration the host cannot run.</summary>
internal static partial class FunctionDeclaration
{
    /// <summary>Connection of a trigger that names none, as in the published attribute.</summary>
    private const string DefaultConnection = "AzureWebJobsStorage";

    /// <summary>The function, or null when nothing or too much would start it; what else is wrong joins the defects.</summary>
    public static FunctionDescriptor? Read(MethodInfo method, List<string> defects)
    {
        string name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        FunctionTrigger[] triggers = [.. method.GetParameters().Select(parameter => TriggerOf(parameter, name)).OfType<FunctionTrigger>()];
        if (triggers is not [var trigger])
        {
            defects.Add($"Function {name}: {triggers.Length} triggers; a function has exactly one.");
            return null;
        }

        defects.AddRange(DeclarationDefects(name, method, trigger).Select(defect => $"Function {name}: {defect}"));
        return new FunctionDescriptor(name, method, trigger);
    }

    private static FunctionTrigger? TriggerOf(ParameterInfo parameter, string function) =>
        parameter.GetCustomAttributes().Select(attribute => attribute switch
        {
            QueueTriggerAttribute queue => new FunctionTrigger.Queue(queue.QueueName, queue.Connection ?? DefaultConnection),
            TimerTriggerAttribute timer => new FunctionTrigger.Timer(timer.Schedule, timer.UseMonitor, timer.RunOnStartup),
            HttpTriggerAttribute http => new FunctionTrigger.Http(
                (http.Route ?? function).TrimStart('/'), [.. (http.Methods ?? []).Select(method => method.ToUpperInvariant())], http.AuthLevel),
            _ => (FunctionTrigger?)null,
        }).FirstOrDefault(trigger => trigger is not null);

    private static IEnumerable<string> DeclarationDefects(string name, MethodInfo method, FunctionTrigger trigger)
    {
        if (!FunctionName().IsMatch(name) || string.Equals(name, "host", StringComparison.OrdinalIgnoreCase))
        {
            yield return "not a function name (a letter, then up to 127 letters, digits, '_' or '-'; not 'host').";
        }

        if (method.DeclaringType!.IsGenericType || method.IsGenericMethod)
        {
            yield return "functions live in non-generic classes and methods.";
        }

        if (trigger is FunctionTrigger.Http && !AnswersHttp(method.ReturnType))
        {
            yield return $"returns {method.ReturnType.Name}; an HTTP function returns IActionResult or IResult.";
        }

        foreach (ParameterInfo parameter in method.GetParameters().Where(parameter => !IsBindable(parameter, trigger)))
        {
            yield return $"parameter {parameter.Name} of type {parameter.ParameterType.Name} cannot be bound.";
        }
    }

    private static bool AnswersHttp(Type returned)
    {
        Type type = returned.IsGenericType && (returned.GetGenericTypeDefinition() == typeof(Task<>) || returned.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? returned.GetGenericArguments()[0]
            : returned;
        return type.IsAssignableTo(typeof(Microsoft.AspNetCore.Mvc.IActionResult)) || type.IsAssignableTo(typeof(IResult));
    }

    private static bool IsBindable(ParameterInfo parameter, FunctionTrigger trigger)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(CancellationToken) || type == typeof(FunctionContext))
        {
            return true;
        }

        bool triggers = TriggerOf(parameter, "") is not null;
        return trigger switch
        {
            FunctionTrigger.Queue => triggers,
            FunctionTrigger.Timer => triggers && type == typeof(TimerInfo),
            FunctionTrigger.Http http => triggers
                ? type == typeof(HttpRequest)
                : type == typeof(string) && RouteHas(http.Route, parameter.Name!),
            _ => false,
        };
    }

    private static bool RouteHas(string route, string parameter) =>
        RoutePatternFactory.Parse(route).Parameters.Any(part => string.Equals(part.Name, parameter, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex FunctionName();
}
