using System.Net;
using System.Net.Sockets;
using System.Text;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.Readiness;
using Hub.Core.Reconciliation;
using Hub.Core.StripeEvents;
using Hub.Stripe;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hub.Adapters.Tests.Stripe;

public sealed class StripeServicesTests
{
    [Fact]
    public async Task Every_port_resolves()
    {
        await using ServiceProvider services = Build(("Stripe:ApiKey", "sk_test_1"), ("Stripe:WebhookSecret", "whsec_1"));

        Assert.All(
            (Type[])[typeof(IStripeBilling), typeof(IStripeInvoices), typeof(IStripeSubscriptions), typeof(IBilledBook), typeof(IStripeWebhook), typeof(IDependencyCheck)],
            port => Assert.NotNull(services.GetRequiredService(port)));
    }

    [Fact]
    public async Task Another_base_address_is_spoken_to_over_HTTP()
    {
        using var server = new OneShotServer("""{"id":"sub_1","object":"subscription","status":"active","metadata":{}}""");
        await using ServiceProvider services = Build(
            ("Stripe:ApiKey", "sk_test_1"), ("Stripe:WebhookSecret", "whsec_1"), ("Stripe:ApiBase", $"http://127.0.0.1:{server.Port}/"));

        SubscriptionFacts? found = await services.GetRequiredService<IStripeSubscriptions>().FindSubscription("sub_1", CancellationToken.None);

        Assert.Equal("active", found!.Status);
        string request = await server.Request;
        Assert.StartsWith("GET /v1/subscriptions/sub_1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer sk_test_1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Stripe-Version: 2026-07-29.dahlia\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("Telemetry", request, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_refused_key_is_said_in_words()
    {
        var check = new StripeCheck(Adapter.Api(new Script().Then(HttpStatusCode.Unauthorized, """{"error":{"type":"invalid_request_error"}}""")));

        Assert.Equal("Stripe does not accept the API key.", await check.Check(CancellationToken.None));
    }

    [Fact]
    public async Task A_reachable_Stripe_has_no_complaint() =>
        Assert.Null(await new StripeCheck(Adapter.Api(new Script().Then("""{"object":"list","data":[],"has_more":false}"""))).Check(CancellationToken.None));

    [Fact]
    public void Each_wrong_setting_is_a_line_and_no_line_quotes_a_secret()
    {
        ValidateOptionsResult result = new StripeOptionsValidator().Validate(null, new StripeOptions
        {
            ApiKey = "sk_live_se cret",
            ApiBase = "http://stripe.example",
            RequestsPerSecond = 0,
            WebhookToleranceSeconds = 0,
        });

        Assert.Equal(
            [
                "Stripe:ApiKey contains white space.",
                "Stripe:WebhookSecret is missing: the signing secret of the webhook endpoint.",
                "Stripe:ApiBase 'http://stripe.example' must be an https origin without user, path or query (http only on loopback).",
                "Stripe:RequestsPerSecond 0 must lie between 1 and 100.",
                "Stripe:WebhookToleranceSeconds 0 must lie between 1 and 3600.",
            ],
            result.Failures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://api.stripe.com")]
    [InlineData("http://127.0.0.1:8400")]
    public void A_usable_base_address_passes(string apiBase) => Assert.True(new StripeOptionsValidator()
        .Validate(null, new StripeOptions { ApiKey = "sk", WebhookSecret = "whsec", ApiBase = apiBase }).Succeeded);

    private static ServiceProvider Build(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<IBillingEffects>(new FakeEffects(new Fuse()))
        .AddHubStripe(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build())
        .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

    /// <summary>Takes one request on a loopback port and answers it.</summary>
    private sealed class OneShotServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public OneShotServer(string body)
        {
            _listener.Start();
            Request = Serve(body);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public Task<string> Request { get; }

        public void Dispose() => _listener.Dispose();

        private async Task<string> Serve(string body)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync();
            await using NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[16 * 1024];
            int length = 0;
            while (!Encoding.ASCII.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                length += await stream.ReadAsync(buffer.AsMemory(length));
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
            return Encoding.ASCII.GetString(buffer, 0, length);
        }
    }
}
