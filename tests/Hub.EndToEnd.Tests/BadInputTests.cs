using System.Net;
using System.Text;
using System.Text.Json;
using Hub.EndToEnd.Tests.Support;

namespace Hub.EndToEnd.Tests;

/// <summary>What strangers and accidents send to a running host. The functions behind the doors are off, so that whatever gets through stays where it can be counted.</summary>
public sealed class BadInputTests(BadInputTests.Running running) : IClassFixture<BadInputTests.Running>
{
    private const string Marker = "customer-who-must-not-be-logged@example.com";
    private const int OneMiB = 1024 * 1024;
    private const string Org = "00D000000000001EAA";

    private SandboxStack Stack => running.Stack;

    [Fact]
    public async Task An_event_with_a_good_signature_is_stored_and_waits()
    {
        DateTimeOffset now = await Now();
        byte[] body = Event("evt_good");

        Assert.Equal(HttpStatusCode.OK, await PostEvent(body, StripeSignature.Of(body, SandboxStack.WebhookSecret, now)));

        Assert.Single(await Stack.Storage.Rows("StripeEvent", running.Ct), row => row.Contains("evt_good", StringComparison.Ordinal));
        Assert.Contains(await Waiting("stripe-event"), text => text == """{"eventId":"evt_good"}""");
    }

    [Fact]
    public async Task An_event_of_exactly_one_MiB_is_taken()
    {
        byte[] body = Event("evt_large_enough", OneMiB);
        Assert.Equal(OneMiB, body.Length);

        Assert.Equal(HttpStatusCode.OK, await PostEvent(body, StripeSignature.Of(body, SandboxStack.WebhookSecret, await Now())));
    }

    [Theory]
    [InlineData("another secret")]
    [InlineData("another body")]
    [InlineData("301 s old")]
    [InlineData("301 s early")]
    [InlineData("no signature")]
    [InlineData("another scheme")]
    [InlineData("another version train")]
    [InlineData("no event")]
    public async Task An_event_that_cannot_be_trusted_is_refused_and_leaves_nothing(string defect)
    {
        DateTimeOffset now = await Now();
        byte[] body = defect switch
        {
            "no event" => Encoding.UTF8.GetBytes($$"""{"about":"{{Marker}}"}"""),
            "another version train" => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Event("evt_bad")).Replace("dahlia", "clover", StringComparison.Ordinal)),
            _ => Event("evt_bad"),
        };
        string good = StripeSignature.Of(body, SandboxStack.WebhookSecret, now);
        string? signature = defect switch
        {
            "another secret" => StripeSignature.Of(body, "whsec_of_somebody_else", now),
            "another body" => StripeSignature.Of(Event("evt_other"), SandboxStack.WebhookSecret, now),
            "301 s old" => StripeSignature.Of(body, SandboxStack.WebhookSecret, now.AddSeconds(-301)),
            "301 s early" => StripeSignature.Of(body, SandboxStack.WebhookSecret, now.AddSeconds(301)),
            "no signature" => null,
            "another scheme" => good.Replace("v1=", "v0=", StringComparison.Ordinal),
            _ => good,
        };
        string[] before = await EverythingStored();

        Assert.Equal(HttpStatusCode.BadRequest, await PostEvent(body, signature));

        Assert.Equal(before, await EverythingStored());
        Assert.DoesNotContain(Marker, Stack.Host.ReadLog(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_above_one_MiB_is_refused_however_well_it_is_signed(bool chunked)
    {
        byte[] body = Event("evt_too_large", OneMiB + 1);
        string signature = StripeSignature.Of(body, SandboxStack.WebhookSecret, await Now());
        string[] before = await EverythingStored();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostEvent(body, signature, chunked));

        Assert.Equal(before, await EverythingStored());
    }

    [Fact]
    public async Task An_outbound_message_of_our_org_is_acknowledged_and_becomes_a_hint()
    {
        const string opportunity = "006SM0000000002YAA";
        int before = await Stack.Storage.Count("contract-sync", running.Ct);

        (HttpStatusCode status, string answer) = await PostOutbound(Outbound(Org[..15], opportunity));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("<Ack>true</Ack>", answer, StringComparison.Ordinal);
        Assert.Equal(before + 1, await Stack.Storage.Count("contract-sync", running.Ct));
        Assert.Contains(await Waiting("contract-sync"), text => text.Contains(opportunity, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a DTD", HttpStatusCode.BadRequest)]
    [InlineData("an entity bomb", HttpStatusCode.BadRequest)]
    [InlineData("an external entity", HttpStatusCode.BadRequest)]
    [InlineData("elements 100 deep", HttpStatusCode.BadRequest)]
    [InlineData("no XML", HttpStatusCode.BadRequest)]
    [InlineData("no notification", HttpStatusCode.BadRequest)]
    [InlineData("a record id that is none", HttpStatusCode.BadRequest)]
    [InlineData("another org", HttpStatusCode.Forbidden)]
    [InlineData("two orgs", HttpStatusCode.Forbidden)]
    [InlineData("no org", HttpStatusCode.Forbidden)]
    [InlineData("more than 1 MiB", HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_hostile_outbound_message_is_refused_without_acknowledgement(string attack, HttpStatusCode expected)
    {
        int before = await Stack.Storage.Count("contract-sync", running.Ct);

        (HttpStatusCode status, string answer) = await PostOutbound(Hostile(attack));

        Assert.Equal(expected, status);
        Assert.DoesNotContain("Ack", answer, StringComparison.Ordinal);
        Assert.Equal(before, await Stack.Storage.Count("contract-sync", running.Ct));
    }

    [Fact]
    public async Task An_outbound_message_without_the_key_is_not_even_read()
    {
        using var anybody = new HttpClient { BaseAddress = Stack.Host.Url };
        using var body = new StringContent(Outbound(Org, "006SM0000000002YAA"), Encoding.UTF8, "text/xml");

        using HttpResponseMessage answer = await anybody.PostAsync(new Uri("/api/webhooks/salesforce", UriKind.Relative), body, running.Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Unreadable_messages_end_in_the_poison_queue_which_readiness_names()
    {
        Assert.Equal(HttpStatusCode.OK, (await Ready()).Status);
        string[] unreadable = ["%%% not base64 %%%", Base64("not JSON"), Base64("[1,2]"), Base64("""{"invoiceId":7,"step":"S1"}""")];

        foreach (string text in unreadable)
        {
            await Stack.Storage.SendRaw("reminder", text, running.Ct);
        }

        await Within.Seconds(30, "four messages in reminder-poison", async () => await Stack.Storage.Count("reminder-poison", running.Ct) == unreadable.Length);
        Assert.Equal(unreadable.Order(StringComparer.Ordinal), (await Stack.Storage.Peek("reminder-poison", running.Ct)).Order(StringComparer.Ordinal));
        Assert.Equal(0, await Stack.Storage.Count("reminder", running.Ct));
        (HttpStatusCode status, JsonElement report) = await Ready();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.False(report.GetProperty("ready").GetBoolean());
        JsonElement reason = Assert.Single(report.GetProperty("reasons").EnumerateArray());
        Assert.StartsWith("4 message(s) in reminder-poison", reason.GetString(), StringComparison.Ordinal);
    }

    private Task<DateTimeOffset> Now() => Stack.World.Now(running.Ct);

    /// <summary>Rows of all tables and the lengths of the queues behind the two doors.</summary>
    private async Task<string[]> EverythingStored() =>
    [
        .. await Stack.Storage.Rows(running.Ct),
        $"stripe-event {await Stack.Storage.Count("stripe-event", running.Ct)}",
        $"contract-sync {await Stack.Storage.Count("contract-sync", running.Ct)}",
    ];

    private async Task<string[]> Waiting(string queue) =>
        [.. (await Stack.Storage.Peek(queue, running.Ct)).Select(text => Encoding.UTF8.GetString(Convert.FromBase64String(text)))];

    private async Task<HttpStatusCode> PostEvent(byte[] body, string? signature, bool chunked = false)
    {
        using var anybody = new HttpClient { BaseAddress = Stack.Host.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/stripe") { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        }

        using HttpResponseMessage answer = await anybody.SendAsync(request, running.Ct);
        return answer.StatusCode;
    }

    private async Task<(HttpStatusCode Status, string Answer)> PostOutbound(string message)
    {
        using var body = new StringContent(message, Encoding.UTF8, "text/xml");
        using HttpResponseMessage answer = await Stack.Host.Http.PostAsync(new Uri("/api/webhooks/salesforce", UriKind.Relative), body, running.Ct);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(running.Ct));
    }

    private async Task<(HttpStatusCode Status, JsonElement Report)> Ready()
    {
        using HttpResponseMessage answer = await Stack.Host.Http.GetAsync(new Uri("/api/ready", UriKind.Relative), running.Ct);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(running.Ct)));
    }

    private static byte[] Event(string id, int size = 0)
    {
        string start = $$"""{"id":"{{id}}","object":"event","api_version":"2026-07-29.dahlia","created":1767592800,"type":"invoice.paid","data":{"object":{"id":"in_1","object":"invoice","customer_email":"{{Marker}}"} },"note":" """;
        return Encoding.UTF8.GetBytes(start + new string('x', Math.Max(0, size - start.Length - 2)) + "\"}");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Outbound(string org, string opportunity) => Envelope($"<OrganizationId>{org}</OrganizationId>", opportunity);

    private static string Envelope(string orgs, string opportunity) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
         <soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">
          {orgs}<ActionId>04kx0000000000QAAQ</ActionId><SessionId xsi:nil="true"/>
          <Notification><Id>04lx0000000000QAAQ</Id>
           <sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>{opportunity}</sf:Id></sObject></Notification>
         </notifications></soapenv:Body>
        </soapenv:Envelope>
        """;

    private static string Hostile(string attack)
    {
        const string opportunity = "006SM0000000002YAA";
        string good = Outbound(Org, opportunity);
        return attack switch
        {
            "a DTD" => WithDtd(good, ""),
            "an entity bomb" => WithDtd(good, Bomb()).Replace(opportunity, "&e9;", StringComparison.Ordinal),
            "an external entity" => WithDtd(good, "<!ENTITY file SYSTEM \"file:///etc/hostname\">").Replace(opportunity, "&file;", StringComparison.Ordinal),
            "elements 100 deep" => good.Replace("<ActionId>", string.Concat(Enumerable.Repeat("<a>", 100)) + string.Concat(Enumerable.Repeat("</a>", 100)) + "<ActionId>", StringComparison.Ordinal),
            "no XML" => """{"opportunity":"006SM0000000002YAA"}""",
            "no notification" => good[..good.IndexOf("<Notification>", StringComparison.Ordinal)] + "</notifications></soapenv:Body></soapenv:Envelope>",
            "a record id that is none" => Outbound(Org, "006' OR Id != '"),
            "another org" => Outbound("00D000000000002", opportunity),
            "two orgs" => Envelope($"<OrganizationId>{Org}</OrganizationId><OrganizationId>00D000000000002</OrganizationId>", opportunity),
            "no org" => Envelope("", opportunity),
            "more than 1 MiB" => good.Replace("<ActionId>", $"<!--{new string('x', OneMiB)}--><ActionId>", StringComparison.Ordinal),
            _ => throw new ArgumentOutOfRangeException(nameof(attack), attack, "No such attack."),
        };
    }

    private static string WithDtd(string message, string declarations) =>
        message.Replace("<soapenv:Envelope ", $"<!DOCTYPE soapenv:Envelope [{declarations}]>\n<soapenv:Envelope ", StringComparison.Ordinal);

    private static string Bomb() => "<!ENTITY e0 \"boom\">" + string.Concat(Enumerable.Range(1, 9).Select(level =>
        $"<!ENTITY e{level} \"{string.Concat(Enumerable.Repeat($"&e{level - 1};", 10))}\">"));

    /// <summary>One host for all tests of the class.</summary>
    public sealed class Running : IAsyncLifetime
    {
        internal SandboxStack Stack { get; private set; } = null!;

        internal CancellationToken Ct { get; } = Within.Minutes(3);

        public async Task InitializeAsync() => Stack = await SandboxStack.Start(
            new Dictionary<string, string>
            {
                ["AzureWebJobs__SyncContract__Disabled"] = "true",
                ["AzureWebJobs__ApplyStripeEvent__Disabled"] = "true",
                ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:00",
            },
            Ct);

        public async Task DisposeAsync() => await Stack.DisposeAsync();
    }
}
