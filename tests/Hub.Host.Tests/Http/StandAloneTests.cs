using System.Net;
using System.Text.Json;
using Azure.Storage.Queues;
using Hub.Host.Tests.Support;
using Hub.Testing;

namespace Hub.Host.Tests.Http;

public sealed class StandAloneTests
{
    [Theory]
    [InlineData("/api/empty", null, HttpStatusCode.NoContent)]
    [InlineData("/api/keyed", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/keyed", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("/api/keyed", "function-key", HttpStatusCode.OK)]
    [InlineData("/api/keyed", "master-key", HttpStatusCode.OK)]
    [InlineData("/api/master", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/master", "function-key", HttpStatusCode.Unauthorized)]
    [InlineData("/api/master", "master-key", HttpStatusCode.OK)]
    [InlineData("/admin/queues", null, HttpStatusCode.Unauthorized)]
    [InlineData("/admin/queues", "function-key", HttpStatusCode.Unauthorized)]
    [InlineData("/api/nothing", "master-key", HttpStatusCode.NotFound)]
    public async Task Keys_open_what_their_level_says(string path, string? key, HttpStatusCode expected)
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(HttpMethod.Get, path, key);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/keyed", "wrong-key", 401, "x-functions-key")]
    [InlineData("GET", "/admin/queues", "function-key", 401, "x-functions-key")]
    [InlineData("GET", "/api/nothing", "master-key", 404, "nothing at this address")]
    [InlineData("POST", "/admin/functions/Nothing", "master-key", 404, "no function 'Nothing'")]
    [InlineData("POST", "/admin/functions/SampleText", "master-key", 400, "SampleText is not a timer")]
    [InlineData("POST", "/admin/functions/SampleTimer?wait=perhaps", "master-key", 400, "cannot be understood")]
    [InlineData("POST", "/api/keyed", "function-key", 405, "does not take this method")]
    public async Task A_refusal_says_in_plain_words_what_is_wrong_and_shows_no_key(string method, string path, string key, int status, string detail)
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(new HttpMethod(method), path, key);

        string body = await answer.Content.ReadAsStringAsync();
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using JsonDocument problem = JsonDocument.Parse(body);
        Assert.Equal(["type", "title", "status", "detail"], problem.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.RootElement.GetProperty("title").GetString()!);
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("function-key", body.Replace("x-functions-key", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("master-key", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_may_stand_in_the_query()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(HttpMethod.Get, "/api/keyed?code=function-key");

        Assert.Equal("""{"function":"SampleKeyed"}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_request_reaches_the_function_with_route_query_and_body()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(HttpMethod.Post, "/api/open/42?verbose=yes", content: new StringContent("raw  body"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("""{"id":"42","body":"raw  body","verbose":"yes"}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_function_that_throws_answers_500_and_nothing_else()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(HttpMethod.Get, "/api/throwing");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_function_that_is_switched_off_is_not_there()
    {
        await using RunningHost host = await Start(new Journal(), "--AzureWebJobs:SampleEmpty:Disabled=true", "--AzureWebJobs:SampleTimer:Disabled=true");

        using HttpResponseMessage http = await host.Send(HttpMethod.Get, "/api/empty");
        using HttpResponseMessage timer = await host.Send(HttpMethod.Post, "/admin/functions/SampleTimer", "master-key");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (http.StatusCode, timer.StatusCode));
    }

    [Fact]
    public async Task A_timer_run_by_hand_is_awaited_when_asked()
    {
        var journal = new Journal();
        await using RunningHost host = await Start(journal);

        JsonElement answer = await host.Admin(HttpMethod.Post, "/admin/functions/SampleTimer?wait=true");

        Assert.True(answer.GetProperty("succeeded").GetBoolean());
        Assert.Equal(["timer"], journal.Entries);
    }

    [Fact]
    public async Task A_timer_run_by_hand_that_fails_says_so()
    {
        var journal = new Journal { Fails = _ => true };
        await using RunningHost host = await Start(journal);

        using HttpResponseMessage answer = await host.Send(HttpMethod.Post, "/admin/functions/SampleTimer?wait=true", "master-key");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("""{"succeeded":false}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_timer_run_by_hand_answers_at_once_unless_asked_to_wait()
    {
        var release = new TaskCompletionSource();
        var journal = new Journal { Hold = _ => release.Task };
        await using RunningHost host = await Start(journal);

        using HttpResponseMessage answer = await host.Send(HttpMethod.Post, "/admin/functions/SampleTimer", "master-key");
        JsonElement report = await host.Admin(HttpMethod.Get, "/admin/queues");
        release.SetResult();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.False(report.GetProperty("idle").GetBoolean());
    }

    [Fact]
    public async Task Only_timers_run_by_hand()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage queue = await host.Send(HttpMethod.Post, "/admin/functions/SampleText", "master-key");
        using HttpResponseMessage unknown = await host.Send(HttpMethod.Post, "/admin/functions/Nothing", "master-key");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (queue.StatusCode, unknown.StatusCode));
    }

    [Fact]
    public async Task Queues_are_reported_until_they_are_idle()
    {
        var release = new TaskCompletionSource();
        var journal = new Journal { Hold = _ => release.Task };
        string queue = $"report-{Guid.NewGuid():N}";
        await using RunningHost host = await Start(journal, $"--SampleQueueName={queue}");
        await Send(queue, """{"opportunityId":"006A","version":1}""");
        await Eventually.True(() => journal.Entries.Count == 1, "the message is worked on");

        JsonElement busy = await host.Admin(HttpMethod.Get, "/admin/queues");
        release.SetResult();
        await Eventually.True(async () => (await host.Admin(HttpMethod.Get, "/admin/queues")).GetProperty("idle").GetBoolean(), "idle");

        JsonElement entry = busy.GetProperty("queues").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == queue);
        Assert.Equal(
            (0, 1, 0, false),
            (entry.GetProperty("waiting").GetInt32(), entry.GetProperty("running").GetInt32(), entry.GetProperty("poison").GetInt32(),
                busy.GetProperty("idle").GetBoolean()));
    }

    [Fact]
    public async Task Counters_of_the_hub_are_reported()
    {
        await using RunningHost host = await Start();
        await host.Admin(HttpMethod.Post, "/admin/functions/SampleTimer?wait=true");

        JsonElement report = await host.Admin(HttpMethod.Get, "/admin/metrics");

        Assert.Contains(report.GetProperty("counters").EnumerateArray(), counter =>
            counter.GetProperty("meter").GetString() == "Hub.Host"
            && counter.GetProperty("name").GetString() == "hub.host.invocations"
            && counter.GetProperty("tags").GetProperty("function").GetString() == "SampleTimer"
            && counter.GetProperty("value").GetDecimal() >= 1);
        Assert.True(report.GetProperty("totals").GetProperty("hub.host.invocations").GetDecimal() >= 1);
    }

    [Fact]
    public async Task A_stop_lets_running_messages_finish()
    {
        var release = new TaskCompletionSource();
        var journal = new Journal { Hold = _ => release.Task };
        string queue = $"stop-{Guid.NewGuid():N}";
        await using RunningHost host = await Start(journal, $"--SampleQueueName={queue}");
        await Send(queue, """{"opportunityId":"006A","version":1}""");
        await Eventually.True(() => journal.Entries.Count == 1, "the message is worked on");

        Task stopped = host.Stop();
        Assert.False(stopped.IsCompleted);
        release.SetResult();
        await stopped.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, (await (await Client(queue)).GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    private static Task<RunningHost> Start() => Start(new Journal());

    private static async Task<RunningHost> Start(Journal journal, params string[] settings)
    {
        Azurite azurite = await Azurite.SharedAsync();
        return await TestHost.Start(journal, [$"--HubStorage={azurite.ConnectionString}", $"--SampleQueueName=q-{Guid.NewGuid():N}", .. settings]);
    }

    private static async Task<QueueClient> Client(string queue) =>
        new((await Azurite.SharedAsync()).ConnectionString, queue, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    private static async Task Send(string queue, string text)
    {
        QueueClient client = await Client(queue);
        await client.CreateIfNotExistsAsync();
        await client.SendMessageAsync(text);
    }
}
