using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using Hub.Core.Contracts;
using Hub.Salesforce;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class SignInTests
{
    private readonly FakeOrg _org = new();

    [Fact]
    public async Task Jwt_expires_two_minutes_ahead_in_seconds_and_verifies_with_the_public_key()
    {
        using RSA key = RSA.Create(2048);
        using ServiceProvider hub = _org.Connect(settings => UseJwt(settings, key.ExportPkcs8PrivateKeyPem()));

        await hub.GetRequiredService<TokenSource>().Get(CancellationToken.None);

        string[] parts = HttpUtility.ParseQueryString(_org.Logins.Single().Body)["assertion"]!.Split('.');
        JsonElement claims = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[1]));
        // 2026-11-20T10:00:00Z is 1795168800; two minutes later 1795168920.
        Assert.Equal(1795168920, claims.GetProperty("exp").GetInt64());
        Assert.Equal("consumer-key", claims.GetProperty("iss").GetString());
        Assert.Equal("hub@acme.example", claims.GetProperty("sub").GetString());
        Assert.Equal("https://login.salesforce.com", claims.GetProperty("aud").GetString());
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData("https://login.salesforce.com", "", "https://login.salesforce.com")]
    [InlineData("https://test.salesforce.com", "", "https://test.salesforce.com")]
    [InlineData("https://acme.my.salesforce.com", "", "https://login.salesforce.com")]
    [InlineData("https://acme--dev.sandbox.my.salesforce.com", "", "https://test.salesforce.com")]
    [InlineData("http://127.0.0.1:9000", "", "http://127.0.0.1:9000")]
    [InlineData("https://acme.my.salesforce.com", "https://acme.my.site.com", "https://acme.my.site.com")]
    public void Audience_follows_the_login_host_unless_set(string loginUrl, string audience, string expected) =>
        Assert.Equal(expected, InstanceHosts.Audience(new() { LoginUrl = loginUrl, Audience = audience }));

    [Fact]
    public async Task Client_secret_travels_in_the_body_and_never_in_the_address()
    {
        using ServiceProvider hub = _org.Connect();

        await hub.GetRequiredService<TokenSource>().Get(CancellationToken.None);

        Call login = _org.Logins.Single();
        Assert.Equal("https://acme.my.salesforce.com/services/oauth2/token", login.Url.ToString());
        Assert.Contains("client_secret=consumer-secret", login.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_callers_share_one_login()
    {
        using ServiceProvider hub = _org.Connect();
        var salesforce = hub.GetRequiredService<ISalesforce>();

        await Task.WhenAll(Enumerable.Range(1, 20).Select(number =>
            Task.Run(() => salesforce.GetDeals([SalesforceId.Parse(Ids.Opportunity(number))], CancellationToken.None))));

        Assert.Single(_org.Logins);
    }

    [Fact]
    public async Task Ended_session_is_replaced_once_and_the_request_replayed()
    {
        _org.Intercept = call => call.Token == "token-1" ? Answer.Error(401, "INVALID_SESSION_ID") : null;
        _org.OnQuery = (_, _) => Answer.Page();
        using ServiceProvider hub = _org.Connect();

        await hub.GetRequiredService<QueryClient>().Page("/services/data/v67.0/query?q=SELECT+Id+FROM+Account", CancellationToken.None);

        Assert.Equal(["token-1", "token-2"], _org.Data.Select(call => call.Token));
        Assert.Equal(2, _org.Logins.Count());
    }

    [Fact]
    public async Task Second_refusal_of_a_fresh_token_ends_without_a_loop()
    {
        _org.Intercept = call => call.Token is null ? null : Answer.Error(401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API");
        using ServiceProvider hub = _org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() =>
            hub.GetRequiredService<QueryClient>().Page("/services/data/v67.0/query?q=x", CancellationToken.None));

        Assert.Equal(SalesforceFailure.AuthFailed, error.Failure);
        Assert.Equal(2, _org.Data.Count());
        Assert.Equal(2, _org.Logins.Count());
    }

    [Fact]
    public async Task A_fresh_token_that_was_refused_is_not_shown_again()
    {
        _org.Intercept = call => call.Token is "token-1" or "token-2" ? Answer.Error(401, "INVALID_SESSION_ID") : null;
        _org.OnQuery = (_, _) => Answer.Page();
        using ServiceProvider hub = _org.Connect();
        var queries = hub.GetRequiredService<QueryClient>();
        await Assert.ThrowsAsync<SalesforceException>(() => queries.Page("/services/data/v67.0/query?q=x", CancellationToken.None));

        await queries.Page("/services/data/v67.0/query?q=x", CancellationToken.None);

        Assert.Equal(["token-1", "token-2", "token-3"], _org.Data.Select(call => call.Token));
    }

    [Theory]
    [InlineData("not json at all", "text/plain")]
    [InlineData("""{"error":"x"}""", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("", null)]
    public async Task Odd_401_bodies_are_a_plain_refusal(string body, string? mediaType)
    {
        _org.Intercept = call => call.Token is null ? null : new Answer(401, body, mediaType);
        using ServiceProvider hub = _org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() =>
            hub.GetRequiredService<QueryClient>().Page("/services/data/v67.0/query?q=x", CancellationToken.None));

        Assert.Equal(SalesforceFailure.AuthFailed, error.Failure);
    }

    [Fact]
    public async Task Only_the_token_that_failed_is_invalidated()
    {
        using ServiceProvider hub = _org.Connect();
        var tokens = hub.GetRequiredService<TokenSource>();
        SalesforceToken first = await tokens.Get(CancellationToken.None);
        tokens.Invalidate(first);
        SalesforceToken second = await tokens.Get(CancellationToken.None);

        tokens.Invalidate(first);

        Assert.Same(second, await tokens.Get(CancellationToken.None));
    }

    [Theory]
    [InlineData(503, "<html><body>maintenance</body></html>", "text/html")]
    [InlineData(200, "<html><body>login</body></html>", "text/html")]
    [InlineData(500, "", null)]
    public async Task Token_endpoint_that_answers_no_json_is_tried_five_times_and_then_transient(int status, string body, string? mediaType)
    {
        _org.Intercept = _ => new Answer(status, body, mediaType);
        using ServiceProvider hub = _org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => hub.GetRequiredService<TokenSource>().Get(CancellationToken.None));

        Assert.Equal(SalesforceFailure.Transient, error.Failure);
        Assert.Equal(5, _org.Logins.Count());
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://acme.my.salesforce.com")]
    [InlineData("https://salesforce.com.evil.example")]
    [InlineData("https://evilsalesforce.com")]
    [InlineData("https://user@acme.my.salesforce.com")]
    [InlineData("http://127.0.0.1:81")]
    [InlineData("")]
    public async Task Token_for_a_host_off_the_list_is_refused(string instance)
    {
        _org.Intercept = _ => new Answer(200, FakeOrg.TokenBody("t", instance));
        using ServiceProvider hub = _org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => hub.GetRequiredService<TokenSource>().Get(CancellationToken.None));

        Assert.Equal(SalesforceFailure.AuthFailed, error.Failure);
    }

    [Theory]
    [InlineData("https://login.salesforce.com", "", "https://na1.salesforce.com", true)]
    [InlineData("https://login.salesforce.com", "sf.acme.example", "https://sf.acme.example", true)]
    [InlineData("https://login.salesforce.com", ".acme.example", "https://sf.acme.example", true)]
    [InlineData("https://login.salesforce.com", "acme.example", "https://sf.acme.example", false)]
    [InlineData("http://localhost:5001", "", "http://127.0.0.1:5002", true)]
    [InlineData("http://localhost:5001", "", "http://10.0.0.1:5002", false)]
    public void Instance_hosts_are_salesforce_the_configured_and_loopback_for_a_loopback_login(string login, string allowed, string instance, bool accepted) =>
        Assert.Equal(accepted, InstanceHosts.Accept(instance, new() { LoginUrl = login, AllowedHosts = allowed }) is not null);

    [Fact]
    public async Task Token_of_another_org_stops_the_hub()
    {
        using ServiceProvider hub = _org.Connect(settings => settings["Salesforce:OrgId"] = "00D000000000002");

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => hub.GetRequiredService<TokenSource>().Get(CancellationToken.None));

        Assert.Contains(FakeOrg.OrgId, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configured_org_of_fifteen_characters_matches_the_token_of_eighteen()
    {
        using ServiceProvider hub = _org.Connect(settings => settings["Salesforce:OrgId"] = FakeOrg.OrgId[..15]);

        Assert.Equal(FakeOrg.OrgId, (await hub.GetRequiredService<TokenSource>().Get(CancellationToken.None)).OrgId.Value);
    }

    [Fact]
    public async Task Expired_assertion_is_signed_once_more_by_the_servers_clock()
    {
        using RSA key = RSA.Create(2048);
        DateTimeOffset server = _org.Time.GetUtcNow() + TimeSpan.FromHours(1);
        _org.Intercept = call => Expiry(call) < server
            ? new Answer(400, """{"error":"invalid_grant","error_description":"expired authorization code"}""", Date: server)
            : null;
        using ServiceProvider hub = _org.Connect(settings => UseJwt(settings, key.ExportPkcs8PrivateKeyPem()));

        await hub.GetRequiredService<TokenSource>().Get(CancellationToken.None);

        Assert.Equal(2, _org.Logins.Count());
    }

    [Fact]
    public async Task Refused_login_is_not_repeated_for_half_a_minute()
    {
        _org.Intercept = _ => new Answer(400, """{"error":"invalid_grant","error_description":"user hasn't approved this consumer"}""");
        using ServiceProvider hub = _org.Connect();
        var tokens = hub.GetRequiredService<TokenSource>();

        for (int attempt = 0; attempt < 10; attempt++)
        {
            SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => tokens.Get(CancellationToken.None));
            Assert.Contains("user hasn't approved this consumer", error.Message, StringComparison.Ordinal);
        }

        Assert.Single(_org.Logins);
        _org.Time.Advance(TimeSpan.FromSeconds(31));
        _org.Intercept = _ => null;
        await tokens.Get(CancellationToken.None);
        Assert.Equal(2, _org.Logins.Count());
    }

    [Fact]
    public void Token_does_not_print_itself() =>
        Assert.DoesNotContain("secret-token", new SalesforceToken("secret-token", new("https://a.my.salesforce.com"), SalesforceId.Parse(FakeOrg.OrgId)).ToString(), StringComparison.Ordinal);

    private static void UseJwt(Dictionary<string, string?> settings, string pem)
    {
        settings.Remove("Salesforce:ClientSecret");
        settings["Salesforce:Username"] = "hub@acme.example";
        settings["Salesforce:PrivateKeyPem"] = pem.ReplaceLineEndings("\\n");
    }

    private static DateTimeOffset Expiry(Call call)
    {
        string claims = HttpUtility.ParseQueryString(call.Body)["assertion"]!.Split('.')[1];
        return DateTimeOffset.FromUnixTimeSeconds(
            JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(claims)).GetProperty("exp").GetInt64());
    }
}
