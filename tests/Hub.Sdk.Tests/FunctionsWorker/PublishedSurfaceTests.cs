using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Hub.Sdk.Tests.FunctionsWorker;

/// <summary>The subset says nothing the published packages (Worker 2.x with its Http, Timer and Storage.Queues extensions) do not say.</summary>
public sealed class PublishedSurfaceTests
{
    [Fact]
    public void The_public_types_are_published_ones() => Assert.Equal(
        [
            "Microsoft.Azure.Functions.Worker.AuthorizationLevel",
            "Microsoft.Azure.Functions.Worker.Extensions.Abstractions.BindingAttribute",
            "Microsoft.Azure.Functions.Worker.Extensions.Abstractions.TriggerBindingAttribute",
            "Microsoft.Azure.Functions.Worker.FunctionAttribute",
            "Microsoft.Azure.Functions.Worker.FunctionContext",
            "Microsoft.Azure.Functions.Worker.FunctionDefinition",
            "Microsoft.Azure.Functions.Worker.HttpTriggerAttribute",
            "Microsoft.Azure.Functions.Worker.QueueTriggerAttribute",
            "Microsoft.Azure.Functions.Worker.ScheduleStatus",
            "Microsoft.Azure.Functions.Worker.TimerInfo",
            "Microsoft.Azure.Functions.Worker.TimerTriggerAttribute",
        ],
        typeof(FunctionAttribute).Assembly.GetExportedTypes().Select(type => type.FullName).Order(StringComparer.Ordinal));

    [Fact]
    public void Triggers_are_binding_attributes() =>
        Assert.All(
            [typeof(QueueTriggerAttribute), typeof(TimerTriggerAttribute), typeof(HttpTriggerAttribute)],
            trigger => Assert.True(trigger.IsSealed && trigger.IsAssignableTo(typeof(TriggerBindingAttribute)) && trigger.IsAssignableTo(typeof(BindingAttribute))));

    [Fact]
    public void Levels_have_the_published_numbers() => Assert.Equal(
        [("Anonymous", 0), ("User", 1), ("Function", 2), ("System", 3), ("Admin", 4)],
        Enum.GetValues<AuthorizationLevel>().Select(level => (level.ToString(), (int)level)));

    [Fact]
    public void An_http_trigger_needs_a_function_key_unless_it_says_otherwise()
    {
        Assert.Equal(AuthorizationLevel.Function, new HttpTriggerAttribute().AuthLevel);
        Assert.Null(new HttpTriggerAttribute().Methods);
    }

    [Fact]
    public void An_http_trigger_keeps_its_level_methods_and_route()
    {
        var trigger = new HttpTriggerAttribute(AuthorizationLevel.Anonymous, "get", "post") { Route = "plans/{id}" };

        Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel);
        Assert.Equal("plans/{id}", trigger.Route);
        Assert.Equal(["get", "post"], trigger.Methods!);
    }

    [Fact]
    public void A_timer_is_monitored_and_quiet_at_start_unless_it_says_otherwise()
    {
        var trigger = new TimerTriggerAttribute("%Schedule%");

        Assert.Equal(("%Schedule%", true, false), (trigger.Schedule, trigger.UseMonitor, trigger.RunOnStartup));
    }

    [Fact]
    public void Attributes_are_read_from_methods_and_parameters_as_functions_write_them()
    {
        MethodInfo method = typeof(Written).GetMethod(nameof(Written.Run))!;

        Assert.Equal("SyncContract", method.GetCustomAttribute<FunctionAttribute>()?.Name);
        var trigger = method.GetParameters()[0].GetCustomAttribute<QueueTriggerAttribute>();
        Assert.Equal(("contract-sync", "HubStorage"), (trigger?.QueueName, trigger?.Connection));
    }

    private static class Written
    {
        [Function("SyncContract")]
        public static void Run([QueueTrigger("contract-sync", Connection = "HubStorage")] string message) => _ = message;
    }
}
