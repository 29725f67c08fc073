using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hub.Host.CustomHandler;
using Hub.Host.Tests.Support;

namespace Hub.Host.Tests.CustomHandler;

/// <summary>Custom-handler mode over real HTTP, with the calls as the Functions host makes them.</summary>
public sealed class CustomHandlerTests
{
    /// <summary>As captured from the host's own client but for the function's name: the body's id hides the message's.</summary>
    private const string CapturedQueueCall = """
        {"Data":{"queueItem":"\"{\\\"id\\\":\\\"006A\\\",\\\"amount\\\":12.5}\""},
         "Metadata":{"DequeueCount":"1","ExpirationTime":"2026-02-07T10:00:00+00:00","Id":"\"006A\"",
          "InsertionTime":"2026-01-31T10:00:00+00:00","NextVisibleTime":"2026-01-31T10:10:00+00:00",
          "PopReceipt":"\"AgAAAA==\"","sys":{"MethodName":"SampleText","UtcNow":"2026-01-31T10:00:00Z","RandGuid":"0c0dfb4e-2df0-4b77-8b9b-4a7e2f0b3f44"},"amount":"\"12.5\""}}
        """;

    [Fact]
    public async Task The_probe_is_answered_at_once()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(HttpMethod.Get, "/");

        await IsDone(answer);
    }

    [Fact]
    public async Task A_captured_queue_call_reaches_the_function()
    {
        var journal = new Journal();
        await using RunningHost host = await Start(journal);

        using HttpResponseMessage answer = await Call(host, "SampleText", CapturedQueueCall);

        await IsDone(answer);
        Assert.Equal(["""text {"id":"006A","amount":12.5}"""], journal.Entries);
    }

    [Fact]
    public async Task A_queue_call_becomes_the_object_its_json_says()
    {
        var journal = new Journal();
        await using RunningHost host = await Start(journal);

        using HttpResponseMessage answer = await Call(host, "SampleQueue",
            """{"Data":{"queueItem":"\"{\\\"opportunityId\\\":\\\"006A\\\",\\\"version\\\":3}\""},"Metadata":{"DequeueCount":"1"}}""");

        await IsDone(answer);
        Assert.Equal(["queue 006A 3"], journal.Entries);
    }

    [Fact]
    public async Task A_binary_queue_call_reaches_the_function_as_bytes()
    {
        var journal = new Journal();
        await using RunningHost host = await Start(journal);

        using HttpResponseMessage answer = await Call(host, "SampleBytes", """{"Data":{"queueItem":"AP8Q"},"Metadata":{}}""");

        await IsDone(answer);
        Assert.Equal(["bytes 00FF10"], journal.Entries);
    }

    [Fact]
    public async Task A_captured_timer_call_reaches_the_function()
    {
        var journal = new Journal();
        await using RunningHost host = await Start(journal);

        using HttpResponseMessage answer = await Call(host, "SampleTimer", """
            {"Data":{"timer":{"Schedule":{"AdjustForDST":true},
              "ScheduleStatus":{"Last":"2026-01-31T09:55:00+00:00","Next":"2026-01-31T10:05:00+00:00","LastUpdated":"2026-01-31T09:55:00+00:00"},"IsPastDue":true}},
             "Metadata":{"sys":{"MethodName":"SampleTimer"}}}
            """);

        await IsDone(answer);
        Assert.True(Assert.Single(journal.Ticks).IsPastDue);
    }

    [Fact]
    public async Task An_http_call_that_was_not_forwarded_is_answered_as_output()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await Call(host, "SampleOpen", """
            {"Data":{"req":{"Url":"https://hub.example/api/open/42?verbose=a,b","Method":"POST","Query":{"verbose":"a,b"},
              "Headers":{"Content-Type":["text/plain"],"X-Many":["1","2"]},"Params":{"id":"42"},"Identities":[],"Body":"\"quoted\" body"}},
             "Metadata":{"sys":{"MethodName":"SampleOpen"}}}
            """);

        JsonElement res = (await Json(answer)).GetProperty("Outputs").GetProperty("res");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(201, res.GetProperty("statusCode").GetInt32());
        Assert.StartsWith("application/json", res.GetProperty("headers").GetProperty("Content-Type").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"id":"42","body":"\"quoted\" body","verbose":"a,b"}""", res.GetProperty("body").GetString());
    }

    [Fact]
    public async Task A_forwarded_http_call_keeps_its_path_and_its_body_to_the_byte()
    {
        var journal = new Journal();
        await using RunningHost host = await Start(journal);

        using HttpResponseMessage answer = await host.Send(HttpMethod.Post, "/api/open/7", content: new StringContent("{ \"a\" :  1 }\r\n"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(["open 7 { \"a\" :  1 }\r\n"], journal.Entries);
    }

    [Fact]
    public async Task A_forwarded_answer_without_a_body_gets_one()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(HttpMethod.Get, "/api/empty");

        await IsDone(answer);
    }

    [Fact]
    public async Task Keys_are_left_to_the_functions_host()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(HttpMethod.Get, "/api/keyed");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("SampleText", """{"Data":{"queueItem":"\"fails\""}}""")]
    [InlineData("SampleText", "no json")]
    [InlineData("SampleText", "")]
    [InlineData("SampleText", "{}")]
    [InlineData("SampleQueue", """{"Data":{"queueItem":"\"no object\""}}""")]
    [InlineData("SampleQueue", """{"Data":{"queueItem":"null"}}""")]
    [InlineData("SampleOpen", """{"Data":{"req":{"Method":"GET"}}}""")]
    public async Task A_call_that_fails_or_cannot_be_read_is_answered_500_with_an_object(string function, string envelope)
    {
        await using RunningHost host = await Start(new Journal { Fails = _ => true });

        using HttpResponseMessage answer = await Call(host, function, envelope);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(JsonValueKind.Object, (await Json(answer)).ValueKind);
    }

    [Theory]
    [InlineData("SampleText", """{"Data":null}""")]
    [InlineData("SampleText", """[]""")]
    [InlineData("SampleText", """{"Data":{"a":"\"1\"","b":"\"2\""}}""")]
    [InlineData("SampleText", """{"Data":{"queueItem":"\ud800"}}""")]
    [InlineData("SampleTimer", """{"Data":{"timer":"no json"}}""")]
    [InlineData("SampleOpen", """{"Data":{"req":"text"}}""")]
    public async Task A_call_that_cannot_be_read_runs_nothing_and_says_so(string function, string envelope)
    {
        var journal = new Journal();
        await using RunningHost host = await Start(journal);

        using HttpResponseMessage answer = await Call(host, function, envelope);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("The call could not be read.", (await Json(answer)).GetProperty("error").GetString());
        Assert.Empty(journal.Entries);
    }

    [Fact]
    public async Task A_message_that_the_function_cannot_take_is_the_functions_failure()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await Call(host, "SampleQueue", """{"Data":{"queueItem":"\"no object\""}}""");

        Assert.Equal("JsonException", (await Json(answer)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("HEAD", "/")]
    [InlineData("OPTIONS", "/")]
    [InlineData("POST", "/")]
    [InlineData("HEAD", "/SampleText")]
    [InlineData("OPTIONS", "/SampleText")]
    [InlineData("GET", "/SampleText")]
    [InlineData("HEAD", "/api/empty")]
    [InlineData("OPTIONS", "/api/empty")]
    [InlineData("DELETE", "/api/empty")]
    public async Task A_method_nothing_answers_to_is_never_an_empty_success(string method, string path)
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(new HttpMethod(method), path);

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed });
    }

    [Fact]
    public async Task A_forwarded_call_that_fails_is_answered_500()
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(HttpMethod.Get, "/api/throwing");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task A_call_is_given_up_before_the_functions_host_would_kill_the_process()
    {
        var journal = new Journal { Hold = ct => Task.Delay(Timeout.Infinite, ct) };
        await using RunningHost host = await Start(journal, "--AzureFunctionsJobHost:functionTimeout=00:00:02");

        using HttpResponseMessage answer = await Call(host, "SampleText", CapturedQueueCall).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, 570)]
    [InlineData("00:05:00", 285)]
    [InlineData("soon", 570)]
    public void A_call_may_take_a_twentieth_less_than_the_function_timeout(string? timeout, int seconds)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [HandlerDeadline.TimeoutSetting] = timeout }).Build();

        Assert.Equal(TimeSpan.FromSeconds(seconds), HandlerDeadline.From(configuration));
    }

    [Theory]
    [InlineData("/Nothing")]
    [InlineData("/api/nothing")]
    [InlineData("/admin/functions/SampleTimer")]
    public async Task An_unknown_function_is_answered_404(string path)
    {
        await using RunningHost host = await Start();

        using HttpResponseMessage answer = await host.Send(HttpMethod.Post, path, "master-key", new StringContent(CapturedQueueCall));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static Task<RunningHost> Start() => Start(new Journal());

    private static Task<RunningHost> Start(Journal journal, params string[] settings) => TestHost.Start(
        journal, [$"--FUNCTIONS_CUSTOMHANDLER_PORT={TestProcess.FreePort()}", "--SampleQueueName=contract-sync", "--HubStorage=", .. settings]);

    private static async Task<HttpResponseMessage> Call(RunningHost host, string function, string envelope)
    {
        // Without a length, so it is sent in chunks as the Functions host does.
        var content = new StreamContent(new Unseekable(Encoding.UTF8.GetBytes(envelope)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf-8");
        return await host.Send(HttpMethod.Post, $"/{function}", content: content);
    }

    private static async Task IsDone(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> Json(HttpResponseMessage answer) =>
        JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
