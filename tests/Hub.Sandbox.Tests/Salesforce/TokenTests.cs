using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Sandbox.Tests.Kernel;

namespace Hub.Sandbox.Tests.Salesforce;

public sealed class TokenTests(TokenTests.Keys keys) : IClassFixture<TokenTests.Keys>
{
    private const string SandboxStart = "2026-01-05T06:00:00Z";

    [Fact]
    public async Task Assertion_signed_with_the_configured_key_opens_a_session()
    {
        await using var sandbox = await WithKey();

        var (status, body) = await Bearer(sandbox, Jwt(RunningSandbox.Unix(SandboxStart) + 180));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Bearer", (string?)body["token_type"]);
        Assert.Equal(sandbox.Http.BaseAddress!.ToString().TrimEnd('/'), (string?)body["instance_url"]);
        Assert.StartsWith("https://login.salesforce.com/id/00D000000000001EAA/005", (string?)body["id"], StringComparison.Ordinal);
        Assert.Null(body["refresh_token"]);
        Assert.Null(body["expires_in"]);
    }

    [Fact]
    public async Task Expiry_by_the_machines_clock_is_good_too()
    {
        await using var sandbox = await WithKey();

        var (status, _) = await Bearer(sandbox, Jwt(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 120));

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Expiry_in_milliseconds_is_an_expired_authorization_code()
    {
        await using var sandbox = await WithKey();

        var (status, body) = await Bearer(sandbox, Jwt((RunningSandbox.Unix(SandboxStart) + 180) * 1000));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_grant", (string?)body["error"]);
        Assert.Equal("expired authorization code", (string?)body["error_description"]);
    }

    [Fact]
    public async Task Expiry_in_the_past_is_refused()
    {
        await using var sandbox = await WithKey();

        var (_, body) = await Bearer(sandbox, Jwt(RunningSandbox.Unix(SandboxStart) - 1));

        Assert.Equal("expired authorization code", (string?)body["error_description"]);
    }

    [Fact]
    public async Task Assertion_of_another_key_is_refused()
    {
        await using var sandbox = await WithKey();

        var (_, body) = await Bearer(sandbox, Jwt(RunningSandbox.Unix(SandboxStart) + 180, signer: keys.Other));

        Assert.Equal("invalid_grant", (string?)body["error"]);
    }

    [Fact]
    public async Task Wrong_audience_is_named()
    {
        await using var sandbox = await WithKey();

        var (_, body) = await Bearer(sandbox, Jwt(RunningSandbox.Unix(SandboxStart) + 180, audience: "https://login.example.com"));

        Assert.Equal("audience is invalid", (string?)body["error_description"]);
    }

    [Fact]
    public async Task Elliptic_curve_signature_is_refused_even_without_a_configured_key()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var content = Content("ES256", RunningSandbox.Unix(SandboxStart) + 180, "https://login.salesforce.com");
        var assertion = $"{content}.{Base64Url.EncodeToString(curve.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";

        var (status, body) = await Bearer(sandbox, assertion);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid assertion", (string?)body["error_description"]);
    }

    [Theory]
    [InlineData("client_credentials", "id", "", "invalid_client")]
    [InlineData("client_credentials", "", "secret", "invalid_client_id")]
    [InlineData("password", "id", "secret", "invalid_grant")]
    [InlineData("magic", "id", "secret", "unsupported_grant_type")]
    public async Task Other_grants_are_refused_with_the_services_own_words(string grant, string id, string secret, string error)
    {
        await using var sandbox = await RunningSandbox.Start();

        var (status, body) = await Post(sandbox, new() { ["grant_type"] = grant, ["client_id"] = id, ["client_secret"] = secret });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(error, (string?)body["error"]);
    }

    [Fact]
    public async Task Session_ends_with_the_token_life_on_the_sandboxs_clock()
    {
        await using var salesforce = await SalesforceClient.Start("--salesforce-token-minutes", "30");
        Assert.Equal(200, (await salesforce.Get("/limits")).Status);

        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { seconds = 1800 });
        var expired = await salesforce.Get("/limits");

        Assert.Equal(401, expired.Status);
        Assert.Equal("INVALID_SESSION_ID", expired.ErrorCode);
        await salesforce.LogIn();
        Assert.Equal(200, (await salesforce.Get("/limits")).Status);
    }

    [Fact]
    public async Task Versions_are_told_without_a_session_and_everything_else_is_not()
    {
        await using var sandbox = await RunningSandbox.Start();

        var versions = await sandbox.Http.GetAsync(new Uri("/services/data", UriKind.Relative));
        var list = JsonNode.Parse(await versions.Content.ReadAsStringAsync())!.AsArray();
        var limits = await sandbox.Http.GetAsync(new Uri("/services/data/v67.0/limits", UriKind.Relative));

        Assert.Equal("67.0", (string?)list[^1]!["version"]);
        Assert.Equal("Summer '26", (string?)list[^1]!["label"]);
        Assert.Equal("Winter '26", (string?)list[^3]!["label"]);
        Assert.False(versions.Headers.Contains("Sforce-Limit-Info"));
        Assert.Equal(HttpStatusCode.Unauthorized, limits.StatusCode);
    }

    private Task<RunningSandbox> WithKey() => RunningSandbox.Start("--salesforce-public-key", keys.File);

    private string Jwt(long expiry, RSA? signer = null, string audience = "https://login.salesforce.com")
    {
        var content = Content("RS256", expiry, audience);
        var signature = (signer ?? keys.Own).SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Content(string algorithm, long expiry, string audience)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm });
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { iss = "consumer-key", sub = "hub@example.com", aud = audience, exp = expiry });
        return $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
    }

    private static Task<(HttpStatusCode Status, JsonNode Body)> Bearer(RunningSandbox sandbox, string assertion) =>
        Post(sandbox, new() { ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer", ["assertion"] = assertion });

    private static async Task<(HttpStatusCode Status, JsonNode Body)> Post(RunningSandbox sandbox, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        using var response = await sandbox.Http.PostAsync(new Uri("/services/oauth2/token", UriKind.Relative), form);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Keys take long to make: one of ours and a stranger's serve all tests.</summary>
    public sealed class Keys : IDisposable
    {
        public Keys() => System.IO.File.WriteAllText(File, Own.ExportSubjectPublicKeyInfoPem());

        public RSA Own { get; } = RSA.Create(2048);

        public RSA Other { get; } = RSA.Create(2048);

        public string File { get; } = Path.GetTempFileName();

        public void Dispose()
        {
            Own.Dispose();
            Other.Dispose();
            System.IO.File.Delete(File);
        }
    }
}
