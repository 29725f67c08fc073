using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Catalog;

/// <summary>All functions of an assembly as their attributes declare them, and what is wrong with the declarations.</summary>
/// <remarks>
/// Two stages: <see cref="Scan(Assembly)"/> sees code only, which is all that packaging needs; <see cref="Resolve"/> adds the settings.
/// </remarks>
internal sealed partial record FunctionCatalog(ImmutableArray<FunctionDescriptor> Functions, ImmutableArray<string> Defects)
{
    /// <summary>Reads the public classes of an assembly; the published source generator sees no others.</summary>
    public static FunctionCatalog Scan(Assembly assembly) => Scan(assembly.GetTypes().Where(type => type.IsVisible));

    public static FunctionCatalog Scan(IEnumerable<Type> types)
    {
        List<string> defects = [];
        var functions = types
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(FunctionAttribute)))
            .Select(method => FunctionDeclaration.Read(method, defects))
            .OfType<FunctionDescriptor>()
            .OrderBy(function => function.Name, StringComparer.Ordinal)
            .ToImmutableArray();
        defects.AddRange(functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase)
            .Where(sameName => sameName.Count() > 1)
            .Select(sameName => $"Function {sameName.Key}: the name is used by {string.Join(" and ", sameName.Select(function => function.EntryPoint))}."));
        return new FunctionCatalog(functions, [.. defects]);
    }

    /// <summary>The function of this name, in any case, unless it is switched off.</summary>
    public FunctionDescriptor? Find(string name) =>
        Functions.FirstOrDefault(function => !function.Disabled && string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Replaces <c>%Setting%</c> expressions and notes which functions are switched off.</summary>
    public FunctionCatalog Resolve(IConfiguration configuration)
    {
        List<string> defects = [.. Defects];
        ImmutableArray<FunctionDescriptor> resolved = [.. Functions.Select(function => Resolve(function, configuration, defects))];
        return new FunctionCatalog(resolved, [.. defects]);
    }

    private static FunctionDescriptor Resolve(FunctionDescriptor function, IConfiguration configuration, List<string> defects)
    {
        if (IsDisabled(function.Name, configuration))
        {
            return function with { Disabled = true };
        }

        string Value(string text)
        {
            (string value, IReadOnlyList<string> missing) = SettingExpressions.Resolve(text, configuration);
            defects.AddRange(missing.Select(name => $"Function {function.Name}: setting {name} is missing."));
            return missing.Count == 0 ? value : text;
        }

        FunctionTrigger trigger = function.Trigger switch
        {
            FunctionTrigger.Queue queue => queue with { QueueName = Value(queue.QueueName) },
            FunctionTrigger.Timer timer => timer with { Schedule = Value(timer.Schedule) },
            FunctionTrigger.Http http => http with { Route = Value(http.Route) },
            var other => other,
        };
        defects.AddRange(ValueDefects(trigger).Select(defect => $"Function {function.Name}: {Origin(function.Trigger)}{defect}"));
        return function with { Trigger = trigger };
    }

    /// <summary>Names the settings that a value comes from, for whoever has to mend it.</summary>
    private static string Origin(FunctionTrigger declared)
    {
        IReadOnlyList<string> settings = SettingExpressions.Names(declared switch
        {
            FunctionTrigger.Queue queue => queue.QueueName,
            FunctionTrigger.Timer timer => timer.Schedule,
            _ => "",
        });
        return settings.Count == 0 ? "" : $"setting {string.Join(" and ", settings)}: ";
    }

    private static IEnumerable<string> ValueDefects(FunctionTrigger trigger) => trigger switch
    {
        FunctionTrigger.Queue { QueueName: var name } when !name.Contains('%') && !QueueName().IsMatch(name) =>
            [$"'{name}' is not a queue name (3 to 63 lower-case letters, digits and single hyphens)."],
        FunctionTrigger.Timer { Schedule: var schedule } when !schedule.Contains('%') => ScheduleDefects(schedule),
        _ => [],
    };

    private static IEnumerable<string> ScheduleDefects(string text) => Schedules.TryParse(text) switch
    {
        null => [$"'{text}' is not a schedule of six fields (second minute hour day month weekday)."],
        var schedule when !schedule.EverComes() => [$"'{text}' names no day of any year."],
        _ => [],
    };

    private static bool IsDisabled(string name, IConfiguration configuration) =>
        bool.TryParse(configuration[$"AzureWebJobs:{name}:Disabled"] ?? configuration[$"AzureWebJobs.{name}.Disabled"], out bool disabled) && disabled;

    [GeneratedRegex(@"^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex QueueName();
}
