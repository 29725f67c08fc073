using System.Collections.Concurrent;
using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Sandbox.Tests.Salesforce;

public sealed class OutboundTests
{
    private const string Acknowledged = """
        <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>
        <notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>
        </soapenv:Body></soapenv:Envelope>
        """;

    [Fact]
    public async Task Winning_a_deal_posts_the_envelope_with_org_and_record_and_no_session()
    {
        await using var receiver = await Receiver.Start(Acknowledged);
        await using var salesforce = await SalesforceClient.Start("--outbound-url", receiver.Address, "--org-id", "00D000000000001");

        var id = await Win(salesforce);
        var envelope = XDocument.Parse(await receiver.Next());

        XNamespace outbound = "http://soap.sforce.com/2005/09/outbound";
        XNamespace record = "urn:sobject.enterprise.soap.sforce.com";
        XNamespace instance = "http://www.w3.org/2001/XMLSchema-instance";
        Assert.Equal("00D000000000001EAA", envelope.Descendants(outbound + "OrganizationId").Single().Value);
        Assert.Equal("true", envelope.Descendants(outbound + "SessionId").Single().Attribute(instance + "nil")!.Value);
        Assert.Equal(id, envelope.Descendants(record + "Id").Single().Value);
        Assert.Equal("sf:Opportunity", envelope.Descendants(outbound + "sObject").Single().Attribute(instance + "type")!.Value);
        Assert.StartsWith("04l", envelope.Descendants(outbound + "Notification").Single().Element(outbound + "Id")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unacknowledged_message_is_repeated_under_the_same_id_until_it_is_acknowledged()
    {
        await using var receiver = await Receiver.Start(Acknowledged.Replace("true", "false", StringComparison.Ordinal));
        await using var salesforce = await SalesforceClient.Start("--outbound-url", receiver.Address);
        await Win(salesforce);
        var first = await receiver.Next();

        receiver.Answer = Acknowledged;
        var delivered = await salesforce.Sandbox.Control("/sandbox/salesforce/outbound/deliver", new { });
        var second = await receiver.Next();

        Assert.Equal((1, 0), ((int)delivered["acknowledged"]!, (int)delivered["waiting"]!));
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Message_nobody_acknowledges_is_dropped_after_a_day()
    {
        await using var receiver = await Receiver.Start("gone", HttpStatusCode.ServiceUnavailable);
        await using var salesforce = await SalesforceClient.Start("--outbound-url", receiver.Address);
        await Win(salesforce);
        await receiver.Next();

        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { seconds = 3600 });
        Assert.Single((await salesforce.Sandbox.Control("/sandbox/salesforce/outbound")).AsArray());
        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { days = 1 });

        Assert.Empty((await salesforce.Sandbox.Control("/sandbox/salesforce/outbound")).AsArray());
    }

    private static async Task<string> Win(SalesforceClient salesforce)
    {
        var id = await salesforce.Create("Opportunity", new { Name = "Deal", StageName = "Prospecting", CloseDate = "2026-01-31" });
        await salesforce.Send(HttpMethod.Patch, $"/sobjects/Opportunity/{id}", new { StageName = "Closed Won" });
        return id;
    }

    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication app;
        private readonly BlockingCollection<string> received = [];

        private Receiver(WebApplication app) => this.app = app;

        public string Answer { get; set; } = "";

        public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        public static async Task<Receiver> Start(string answer, HttpStatusCode status = HttpStatusCode.OK)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            var receiver = new Receiver(app) { Answer = answer };
            app.MapPost("/", async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                var body = await reader.ReadToEndAsync(context.RequestAborted);
                var current = receiver.Answer;
                receiver.received.Add(body);
                context.Response.StatusCode = (int)status;
                await context.Response.WriteAsync(current, context.RequestAborted);
            });
            await app.StartAsync();
            return receiver;
        }

        public Task<string> Next() => Task.Run(() =>
            received.TryTake(out var body, TimeSpan.FromSeconds(20)) ? body : throw new TimeoutException("No message arrived."));

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            received.Dispose();
        }
    }
}
