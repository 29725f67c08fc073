using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hub.Salesforce;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.Salesforce;

/// <summary>The real HTTP handler against a real socket: what a fake transport cannot show.</summary>
public sealed class TransportTests
{
    private const string Path = "/services/data/v67.0/query?q=x";

    [Fact]
    public async Task Redirect_is_an_error_and_not_followed()
    {
        int followed = 0;
        using LoopbackOrg org = new((context, path) =>
        {
            followed += path == "/elsewhere" ? 1 : 0;
            context.Response.StatusCode = 302;
            context.Response.RedirectLocation = "/elsewhere";
            return "";
        });
        await using ServiceProvider hub = org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None));

        Assert.Equal("HTTP_302", error.Code);
        Assert.Equal(0, followed);
    }

    [Fact]
    public async Task Compressed_answers_are_asked_for_and_read()
    {
        string? accepted = null;
        using LoopbackOrg org = new((context, _) =>
        {
            accepted = context.Request.Headers["Accept-Encoding"];
            context.Response.AddHeader("Content-Encoding", "gzip");
            return """{"records":[{"Id":"1"}]}""";
        });
        await using ServiceProvider hub = org.Connect();

        QueryPage page = await hub.GetRequiredService<QueryClient>().Page(Path, CancellationToken.None);

        Assert.Contains("gzip", accepted, StringComparison.Ordinal);
        Assert.Single(page.Records);
    }

    /// <summary>Signs in over plain http on loopback, then lets the test answer.</summary>
    private sealed class LoopbackOrg : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly string _origin;

        public LoopbackOrg(Func<HttpListenerContext, string, string> answer)
        {
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                _origin = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            }

            _listener.Prefixes.Add(_origin + "/");
            _listener.Start();
            _ = Serve(answer);
        }

        public ServiceProvider Connect()
        {
            IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Salesforce:LoginUrl"] = _origin, ["Salesforce:ClientId"] = "c", ["Salesforce:ClientSecret"] = "s",
            }).Build();
            return new ServiceCollection().AddLogging().AddHubSalesforce(configuration).BuildServiceProvider();
        }

        public void Dispose() => _listener.Close();

        private async Task Serve(Func<HttpListenerContext, string, string> answer)
        {
            try
            {
                while (true)
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    string path = context.Request.Url!.AbsolutePath;
                    context.Response.ContentType = "application/json";
                    string body = path == "/services/oauth2/token" ? FakeOrg.TokenBody("t", _origin) : answer(context, path);
                    await using (Stream target = context.Response.Headers["Content-Encoding"] == "gzip"
                        ? new GZipStream(context.Response.OutputStream, CompressionMode.Compress)
                        : context.Response.OutputStream)
                    {
                        await target.WriteAsync(Encoding.UTF8.GetBytes(body));
                    }

                    context.Response.Close();
                }
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                // Dispose ends the listener in the middle of its wait.
            }
        }
    }
}
