using System.Net;
using System.Text;
using Azure.Storage.Queues;
using Hub.Host.Tests.Support;
using Hub.Testing;

namespace Hub.Host.Tests.Startup;

/// <summary>The built programs as processes: what a Functions host or a service manager sees.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task The_host_started_as_custom_handler_answers_probe_and_unknown_function()
    {
        int port = TestProcess.FreePort();
        using TestProcess host = TestProcess.Start("Hub.Host.dll", await HubEnvironment(port));

        (HttpStatusCode probe, _) = await Probe(host, port);
        (HttpStatusCode unknown, string answer) = await Post(port, "/NoSuchFunction", """{"Data":{"queueItem":"\"x\""}}""");

        Assert.Equal(HttpStatusCode.OK, probe);
        Assert.Equal(HttpStatusCode.NotFound, unknown);
        Assert.StartsWith("{", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_custom_handler_process_runs_a_queue_and_a_timer_and_an_http_call()
    {
        int port = TestProcess.FreePort();
        using TestProcess host = TestProcess.Start("Hub.Host.Tests.dll", HandlerEnvironment(port));
        await Probe(host, port);

        Assert.Equal((HttpStatusCode.OK, "{}"), await Post(port, "/SampleText", """{"Data":{"queueItem":"\"text\""},"Metadata":{"DequeueCount":"1"}}"""));
        Assert.Equal((HttpStatusCode.OK, "{}"), await Post(port, "/SampleTimer", """{"Data":{"timer":{"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{}}"""));
        Assert.Equal((HttpStatusCode.Created, """{"id":"1","body":"b","verbose":""}"""), await Post(port, "/api/open/1", "b"));
        Assert.Equal(HttpStatusCode.InternalServerError, (await Post(port, "/SampleThrowing", """{"Data":{"req":{"Url":"http://hub.example/api/throwing","Method":"GET"}}}""")).Status);
        await Eventually.True(() => host.Output.Any(line => line.Contains("The test wanted", StringComparison.Ordinal)), "the failure is logged");
        Assert.Empty(host.Errors);
        Assert.All(host.Output, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+Z ", line));
    }

    [Fact]
    public async Task A_custom_handler_whose_port_is_taken_ends_with_an_error()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using TestProcess host = TestProcess.Start("Hub.Host.dll", await HubEnvironment(((IPEndPoint)taken.LocalEndpoint).Port));

        Assert.NotEqual(0, await host.Exit());
        Assert.Contains(host.Errors, line => line.Contains("address already in use", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(host.Errors, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_whose_port_is_taken_leaves_the_messages_alone()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        QueueClient queue = await QueueWith("""{"opportunityId":"006A","version":1}""");
        using TestProcess host = TestProcess.Start(
            "Hub.Host.Tests.dll", await StandAloneEnvironment(queue.Name, ((IPEndPoint)taken.LocalEndpoint).Port));

        Assert.NotEqual(0, await host.Exit());
        Assert.Equal(0, (await queue.PeekMessageAsync()).Value.DequeueCount);
    }

    [Fact]
    public async Task A_killed_hosts_message_returns_when_its_invisibility_ends()
    {
        QueueClient queue = await QueueWith("""{"opportunityId":"006A","version":1}""");
        Dictionary<string, string> environment = await StandAloneEnvironment(queue.Name, TestProcess.FreePort());
        environment["Host__InvisibilitySeconds"] = "5";
        environment["SampleHoldMs"] = "60000";
        using (TestProcess host = TestProcess.Start("Hub.Host.Tests.dll", environment))
        {
            await Eventually.True(async () => await queue.PeekMessageAsync() is { Value: null }, "the host works on the message");
        }

        await Eventually.True(async () => await queue.PeekMessageAsync() is { Value.DequeueCount: 1 }, "the message is visible again");
    }

    [Fact]
    public async Task A_wrong_setting_ends_the_start_with_one_line_per_defect()
    {
        using TestProcess host = TestProcess.Start("Hub.Host.Tests.dll", new Dictionary<string, string>(), "--port", "99999");

        Assert.NotEqual(0, await host.Exit());
        Assert.Equal(
            [
                "Function SampleQueue: setting SampleQueueName is missing.",
                "Function SampleTimer: setting SampleSchedule is missing.",
                "Host__Port must be a whole number from 0 to 65535, not '99999'.",
                "HubStorage is missing: a connection string, or an address in HubStorage__queueServiceUri and HubStorage__tableServiceUri.",
            ],
            host.Errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_terminated_host_finishes_its_message_and_ends_with_zero()
    {
        QueueClient queue = await QueueWith("""{"opportunityId":"slow","version":1}""");
        Dictionary<string, string> environment = await StandAloneEnvironment(queue.Name, TestProcess.FreePort());
        environment["SampleHoldMs"] = "1500";
        using TestProcess host = TestProcess.Start("Hub.Host.Tests.dll", environment);
        await Eventually.True(async () => await queue.PeekMessageAsync() is { Value: null }, "the host works on the message");

        host.Terminate();

        Assert.Equal(0, await host.Exit());
        Assert.Equal(0, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_terminated_custom_handler_asks_to_be_started_again()
    {
        int port = TestProcess.FreePort();
        using TestProcess host = TestProcess.Start("Hub.Host.Tests.dll", HandlerEnvironment(port));
        await Probe(host, port);

        host.Terminate();

        // After 0 the Functions host starts no new process, and every later call fails.
        Assert.Equal(200, await host.Exit());
    }

    private static async Task<QueueClient> QueueWith(string text)
    {
        Azurite azurite = await Azurite.SharedAsync();
        var queue = new QueueClient(
            azurite.ConnectionString, $"process-{Guid.NewGuid():N}", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateAsync();
        await queue.SendMessageAsync(text);
        return queue;
    }

    private static async Task<Dictionary<string, string>> StandAloneEnvironment(string queue, int port) => new()
    {
        ["Host__Port"] = $"{port}",
        ["Host__FunctionKey"] = "function-key",
        ["Host__MasterKey"] = "master-key",
        ["HubStorage"] = (await Azurite.SharedAsync()).ConnectionString,
        ["SampleQueueName"] = queue,
        ["SampleSchedule"] = "0 0 0 1 1 *",
    };

    private static Dictionary<string, string> HandlerEnvironment(int port) => new()
    {
        ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}",
        ["FUNCTIONS_HTTPWORKER_PORT"] = $"{port}",
        ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = "4b8b2a3e-66bb-4d0e-9b19-6a5a21a3fd3e",
        ["FUNCTIONS_APP_ROOT_PATH"] = AppContext.BaseDirectory,
        ["HubStorage__queueServiceUri"] = "https://hub.queue.core.example",
        ["SampleQueueName"] = "contract-sync",
        ["SampleSchedule"] = "0 */5 * * * *",
    };

    /// <summary>Settings the Hub's own functions start with; the services they name are not called by these tests.</summary>
    private static async Task<Dictionary<string, string>> HubEnvironment(int port)
    {
        Dictionary<string, string> environment = HandlerEnvironment(port);
        environment.Remove("HubStorage__queueServiceUri");
        environment["HubStorage"] = (await Azurite.SharedAsync()).ConnectionString;
        environment["Hub__BillingTimeZone"] = "Etc/UTC";
        environment["Stripe__ApiKey"] = "sk_test_never_used";
        environment["Stripe__WebhookSecret"] = "whsec_never_used";
        environment["Salesforce__LoginUrl"] = "https://hub.my.salesforce.com";
        environment["Salesforce__ClientId"] = "hub-tests";
        environment["Salesforce__ClientSecret"] = "never-used";
        environment["Mail__Provider"] = "Outbox";
        environment["Mail__From"] = "billing@hub.example";
        environment["Mail__OutboxPath"] = Path.Combine(Path.GetTempPath(), "hub-outbox");
        foreach (string timer in (string[])["DetectClosedWon", "DetectAdjustments", "WriteBackResults", "PlanReminders", "StartReconciliation", "WatchPoison"])
        {
            environment[$"{timer}Schedule"] = "0 0 0 1 1 *";
        }

        return environment;
    }

    private static async Task<(HttpStatusCode Status, string Answer)> Probe(TestProcess host, int port)
    {
        using var http = new HttpClient();
        (HttpStatusCode, string)? answer = null;
        await Eventually.True(
            async () =>
            {
                try
                {
                    using HttpResponseMessage response = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
                    answer = (response.StatusCode, await response.Content.ReadAsStringAsync());
                    return true;
                }
                catch (HttpRequestException)
                {
                    // Connection refused is the one thing the probe takes for "not ready yet".
                    return false;
                }
            },
            $"the handler answers the probe; it said: {string.Join(' ', host.Errors)}");
        return answer!.Value;
    }

    private static async Task<(HttpStatusCode Status, string Answer)> Post(int port, string path, string body)
    {
        using var http = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync(new Uri($"http://127.0.0.1:{port}{path}"), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
