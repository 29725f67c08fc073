using System.Diagnostics.Metrics;
using Hub.Core.Contracts;
using Hub.Salesforce;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class CallTests
{
    private const string Path = "/services/data/v67.0/query?q=SELECT+Id+FROM+Account";
    private readonly FakeOrg _org = new();

    [Theory]
    [InlineData(503, "<html>busy</html>", "text/html")]
    [InlineData(500, """[{"message":"m","errorCode":"UNKNOWN_EXCEPTION"}]""", "application/json")]
    [InlineData(502, "", null)]
    [InlineData(429, "slow down", "text/plain")]
    [InlineData(200, "<html>a proxy's page</html>", "text/html")]
    [InlineData(200, """{"records":[{"Id":"cut o""", "application/json")]
    public async Task Read_is_repeated_with_growing_waits_until_it_succeeds(int status, string body, string? mediaType)
    {
        int failures = 3;
        _org.OnQuery = (_, _) => failures-- > 0 ? new(status, body, mediaType) : Answer.Page(new { Id = "x" });
        using ServiceProvider hub = _org.Connect();

        QueryPage page = await hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None);

        Assert.Single(page.Records);
        Assert.Equal(4, _org.Data.Count());
        Assert.Collection(_org.Time.Waits, wait => Within(0.5, 1, wait), wait => Within(1, 2, wait), wait => Within(2, 4, wait));
    }

    [Fact]
    public async Task Five_attempts_are_the_end()
    {
        _org.OnQuery = (_, _) => new(503, "", null);
        using ServiceProvider hub = _org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None));

        Assert.Equal(SalesforceFailure.Transient, error.Failure);
        Assert.Equal(5, _org.Data.Count());
    }

    [Fact]
    public async Task Request_that_may_not_be_repeated_is_sent_once()
    {
        _org.Intercept = call => call.Token is null ? null : new(503, "", null);
        using ServiceProvider hub = _org.Connect();

        await Assert.ThrowsAsync<SalesforceException>(() => hub.GetRequiredService<SalesforceHttp>()
            .Send(new(HttpMethod.Post, "/services/data/v67.0/sobjects/Task", "sobjects", [], Repeatable: false), CancellationToken.None));

        Assert.Single(_org.Data);
    }

    [Fact]
    public async Task Broken_connection_is_transient_after_the_retries()
    {
        _org.Intercept = call => call.Token is null ? null : throw new HttpRequestException("connection reset");
        using ServiceProvider hub = _org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None));

        Assert.Equal(SalesforceFailure.Transient, error.Failure);
        Assert.Equal(5, _org.Data.Count());
    }

    [Fact]
    public async Task Cancelled_caller_ends_the_retries()
    {
        using var cancel = new CancellationTokenSource();
        _org.OnQuery = (_, _) =>
        {
            cancel.Cancel();
            return new(503, "", null);
        };
        using ServiceProvider hub = _org.Connect();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hub.GetRequiredService<QueryClient>().Page(Path, cancel.Token));

        Assert.Single(_org.Data);
    }

    [Fact]
    public async Task Cancelled_caller_gets_no_further_page()
    {
        using var cancel = new CancellationTokenSource();
        _org.OnQuery = (_, _) => Answer.PageThen("/services/data/v67.0/query/01g-2", new { Id = Ids.Opportunity(1), SystemModstamp = "2026-11-20T09:00:00.000+0000", IsWon = true });
        using ServiceProvider hub = _org.Connect();
        var now = NodaTime.Instant.FromDateTimeOffset(_org.Time.GetUtcNow());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChangedOpportunity change in hub.GetRequiredService<ISalesforce>().Changed(now - NodaTime.Duration.FromHours(2), now, cancel.Token))
            {
                await cancel.CancelAsync();
            }
        });

        Assert.Single(_org.Data);
    }

    [Fact]
    public async Task Daily_limit_stops_calls_for_a_quarter_of_an_hour()
    {
        bool exhausted = true;
        _org.OnQuery = (_, _) => exhausted ? Answer.Error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.") : Answer.Page();
        using ServiceProvider hub = _org.Connect();
        var queries = hub.GetRequiredService<QueryClient>();

        SalesforceException first = await Assert.ThrowsAsync<SalesforceException>(() => queries.Page(Path, CancellationToken.None));
        SalesforceException second = await Assert.ThrowsAsync<SalesforceException>(() => queries.Page(Path, CancellationToken.None));

        Assert.Equal((SalesforceFailure.LimitReached, SalesforceFailure.LimitReached), (first.Failure, second.Failure));
        Assert.Single(_org.Data);
        exhausted = false;
        _org.Time.Advance(TimeSpan.FromMinutes(15));
        await queries.Page(Path, CancellationToken.None);
        Assert.Equal(2, _org.Data.Count());
    }

    [Fact]
    public async Task Concurrency_limit_waits_five_to_sixty_seconds_and_goes_on()
    {
        int failures = 2;
        _org.OnQuery = (_, _) => failures-- > 0 ? Answer.Error(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.") : Answer.Page();
        using ServiceProvider hub = _org.Connect();

        await hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None);

        Assert.Equal(2, _org.Time.Waits.Count);
        Assert.All(_org.Time.Waits, wait => Within(5, 60, wait));
    }

    [Fact]
    public async Task Error_that_will_not_pass_is_not_repeated()
    {
        _org.OnQuery = (_, _) => Answer.Error(400, "MALFORMED_QUERY", "unexpected token");
        using ServiceProvider hub = _org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None));

        Assert.Equal((SalesforceFailure.Configuration, "MALFORMED_QUERY"), (error.Failure, error.Code));
        Assert.Single(_org.Data);
    }

    [Fact]
    public async Task Every_call_names_the_hub_as_its_client()
    {
        using ServiceProvider hub = _org.Connect();

        await hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None);

        Assert.Equal("client=StripeHub", _org.Data.Single().Headers["Sforce-Call-Options"]);
    }

    [Fact]
    public async Task Log_has_codes_and_never_a_token_a_query_or_a_secret()
    {
        var log = new LogLines();
        _org.OnQuery = (_, _) => new(503, "", null);
        using ServiceProvider hub = _org.Connect(services: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));

        await Assert.ThrowsAsync<SalesforceException>(() => hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None));

        Assert.Contains(log.Lines, line => line.Contains("HTTP_503", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("token-1", StringComparison.Ordinal) || line.Contains("consumer-secret", StringComparison.Ordinal) || line.Contains("SELECT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Calls_are_counted_by_resource_and_status_retries_included()
    {
        int failures = 1;
        _org.OnQuery = (_, _) => failures-- > 0 ? new(503, "", null) : Answer.Page();
        using ServiceProvider hub = _org.Connect();
        Meter meter = hub.GetRequiredService<SalesforceMetrics>().Meter;
        List<string> counted = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == meter && instrument.Name == "hub.salesforce.calls")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add($"{value} {tags[0].Value} {tags[1].Value}"));
        listener.Start();

        await hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None);

        Assert.Equal(["1 oauth2/token 200", "1 query 503", "1 query 200"], counted);
    }

    [Fact]
    public async Task Two_orgs_in_one_process_never_see_each_others_token()
    {
        var other = new FakeOrg { Intercept = call => call.Token is null ? new(200, FakeOrg.TokenBody("other-token")) : null };
        using ServiceProvider hub = _org.Connect();
        using ServiceProvider otherHub = other.Connect();

        await Task.WhenAll(
            hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None),
            otherHub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None));

        Assert.Equal("token-1", _org.Data.Single().Token);
        Assert.Equal("other-token", other.Data.Single().Token);
    }

    [Fact]
    public async Task Server_time_is_the_date_header_whatever_this_machine_thinks()
    {
        var server = new DateTimeOffset(2027, 2, 3, 4, 5, 6, TimeSpan.Zero);
        _org.Intercept = call => call.Path == "/services/data" ? new(200, "[]", Date: server) : null;
        using ServiceProvider hub = _org.Connect();

        Assert.Equal(NodaTime.Instant.FromUtc(2027, 2, 3, 4, 5, 6), await hub.GetRequiredService<ISalesforce>().ServerTime(CancellationToken.None));
    }

    [Theory]
    [InlineData("api-usage=10018/100000", 10.018)]
    [InlineData("api-usage=25/100; api-bursts=1/750", 25)]
    [InlineData("api-usage=80/100; per-app-api-usage=17/250(appName=hub)", 80)]
    [InlineData("per-app-api-usage=17/250(appName=hub); api-usage=90/100", 90)]
    [InlineData("something else", 0)]
    [InlineData("api-usage=99999999999999999999/1", 0)]
    public async Task Limit_header_is_searched_for_the_orgs_usage(string header, decimal percent)
    {
        _org.OnQuery = (_, _) => Answer.Page() with { LimitInfo = header };
        using ServiceProvider hub = _org.Connect();

        await hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None);

        Assert.Equal(percent, hub.GetRequiredService<SalesforceMetrics>().UsedPercent);
    }

    private static void Within(double least, double most, TimeSpan wait) => Assert.InRange(wait.TotalSeconds, least, most);
}
