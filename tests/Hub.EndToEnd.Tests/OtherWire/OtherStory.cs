using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.EndToEnd.Tests.Support;
using Hub.Testing;

namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>Detect twice, bill, let the invoice go out and be paid, hear of it in the wrong order, compare both books.</summary>
public sealed class OtherStory : IAsyncLifetime
{
    private const string WebhookSecret = "whsec_of_the_other_world";
    private readonly CancellationToken _ct = Within.Minutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-other-wire-").FullName;
    private Azurite _azurite = null!;
    private RunningHost _host = null!;

    internal OtherWorld World { get; private set; } = null!;

    internal List<HttpStatusCode> WebhookAnswers { get; } = [];

    internal string[] InvoiceRows { get; private set; } = [];

    internal string[] WriteBackRows { get; private set; } = [];

    internal string ReadyText { get; private set; } = "";

    internal JsonElement Run { get; private set; }

    internal JsonElement Discrepancies { get; private set; }

    internal JsonElement Queues { get; private set; }

    internal HttpStatusCode Ready { get; private set; }

    public async Task InitializeAsync()
    {
        await Start();
        await Detect();
        await Detect();
        await Invoice();
        await Reconcile();
        InvoiceRows = await new HubStorage(_azurite.ConnectionString).Rows("InvoiceState", _ct);
        Queues = (await _host.Client.Get("/admin/queues", _ct)).GetProperty("queues");
        using HttpResponseMessage ready = await _host.Http.GetAsync(new Uri("/api/ready", UriKind.Relative), _ct);
        Ready = ready.StatusCode;
        ReadyText = await ready.Content.ReadAsStringAsync(_ct);
        WriteBackRows = await new HubStorage(_azurite.ConnectionString).Rows("WriteBack", _ct);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await World.DisposeAsync();
        _azurite.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Start()
    {
        using var key = RSA.Create(2048);
        World = await OtherWorld.Start(key.ExportSubjectPublicKeyInfoPem(), _ct);
        OtherBooks.Fill(World.Salesforce);
        _azurite = await Azurite.StartAsync(_ct);
        var changes = new Dictionary<string, string>
        {
            ["Clock__FollowUrl"] = World.ClockUrl.ToString(),
            ["Salesforce__ClientId"] = OtherSalesforce.ClientId,
            ["Salesforce__Username"] = OtherSalesforce.User,
            ["Salesforce__OrgId"] = OtherSalesforce.Org,
            ["Salesforce__DefaultCurrency"] = "EUR",
            ["Stripe__ApiKey"] = OtherStripe.Key,
            ["Stripe__ApiBase"] = World.StripeUrl.ToString(),
        };
        _host = await RunningHost.Start(
            new HostSetup(World.LoginUrl, Ports.Free(), _azurite.ConnectionString, WebhookSecret, key.ExportPkcs8PrivateKeyPem(), _folder, changes), _ct);
    }

    private async Task Detect()
    {
        await _host.Client.RunTimer("DetectClosedWon", _ct);
        await _host.Client.WaitUntilIdle(_ct);
        await _host.Client.RunTimer("WriteBackResults", _ct);
    }

    // The draft goes out after an hour and is paid a week later; Stripe tells of the payment first.
    private async Task Invoice()
    {
        (string invoice, string subscription, string schedule) = (Only("invoice"), Only("subscription"), Only("subscription_schedule"));
        World.Now = World.Now.AddHours(1);
        long finalized = World.Seconds;
        World.Stripe.Change(invoice, draft =>
        {
            draft["status"] = "open";
            draft["number"] = "Q-0001";
            draft["status_transitions"] = new JsonObject { ["finalized_at"] = finalized };
            draft["effective_at"] = finalized;
            draft["due_date"] = finalized + (30 * 86_400);
            draft["hosted_invoice_url"] = "https://pay.example/q-0001";
        });
        World.Now = World.Now.AddDays(8);
        long paid = World.Seconds;
        World.Stripe.Change(invoice, open =>
        {
            open["status"] = "paid";
            open["amount_paid"] = (long)open["amount_due"]!;
            open["amount_remaining"] = 0;
            open["status_transitions"]!["paid_at"] = paid;
        });
        await Deliver("EVT.5~paid", "invoice.paid", invoice);
        await Deliver("EVT.3~finalized", "invoice.finalized", invoice);
        await Deliver("EVT.2~subscribed", "customer.subscription.created", subscription);
        await Deliver("EVT.1~scheduled", "subscription_schedule.created", schedule);
        await Deliver("EVT.5~paid", "invoice.paid", invoice);
        await _host.Client.WaitUntilIdle(_ct);
        await _host.Client.RunTimer("WriteBackResults", _ct);
    }

    private async Task Deliver(string id, string type, string subject)
    {
        byte[] body = Encoding.UTF8.GetBytes(World.Stripe.Event(id, type, subject));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/stripe") { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("Stripe-Signature", "v0=ab,v1=00," + StripeSignature.Of(body, WebhookSecret, World.Now));
        using HttpResponseMessage answer = await _host.Http.SendAsync(request, _ct);
        WebhookAnswers.Add(answer.StatusCode);
    }

    private async Task Reconcile()
    {
        await Detect();
        string runId = (await _host.Client.Post("/api/reconciliations", _ct)).GetProperty("runId").GetString()!;
        await _host.Client.WaitUntilIdle(_ct);
        Run = await _host.Client.Get($"/api/reconciliations/{runId}", _ct);
        Discrepancies = await _host.Client.Get($"/api/reconciliations/{runId}/discrepancies", _ct);
    }

    private string Only(string kind) => (string)World.Stripe.All(kind).Single()["id"]!;
}
