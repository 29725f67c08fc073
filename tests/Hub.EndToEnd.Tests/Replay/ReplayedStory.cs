using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.EndToEnd.Tests.Support;
using Hub.Sandbox.Seed;

namespace Hub.EndToEnd.Tests.Replay;

/// <summary>Plays a small story to its end, looks at everything, replays every message and webhook twice in one shuffled heap, and looks again.</summary>
public sealed class ReplayedStory : IAsyncLifetime
{
    private const int Seed = 7;
    private static readonly string[] Deals = ["annual-prepaid", "monthly", "net-45", "one-time-only", "three-year-ramp", "yen"];
    private static readonly int[] Days = [1, 8, 12, 16, 19, 22, 26, 31, 38, 45, 52, 59];
    private readonly CancellationToken _ct = Within.Minutes(3);
    private SandboxStack _stack = null!;
    private string _runId = "";
    private readonly Dictionary<string, JsonElement> _events = new(StringComparer.Ordinal);

    public Snapshot Before { get; private set; } = null!;

    public Snapshot After { get; private set; } = null!;

    /// <summary>How many messages of each queue, and webhooks, the replay sent.</summary>
    public Dictionary<string, int> Sent { get; } = new(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        _stack = await SandboxStack.Start(new Dictionary<string, string>(), _ct);
        await Prepare();
        await Play();
        Before = await Snapshot.Take(_stack, _runId, _ct);

        // Two minutes in which nothing is due: whatever is written from here on bears another time.
        await _stack.World.AdvanceTo((await _stack.World.Now(_ct)).AddMinutes(2), _ct);
        await ReplayEverything();
        await Settle();
        After = await Snapshot.Take(_stack, _runId, _ct);
    }

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    private async Task Prepare()
    {
        JsonObject catalogue = Samples.Catalogue();
        await _stack.Insert(catalogue, _ct);
        foreach (string deal in Deals)
        {
            await _stack.Insert(Samples.Records(deal), _ct);
        }

        // The seventh deal cannot be billed: no start, and terms nobody knows.
        JsonObject refused = Samples.Records("quarterly");
        refused["Opportunity"]![0]!["Hub_Contract_Start__c"] = null;
        refused["Opportunity"]![0]!["Hub_Payment_Terms__c"] = "Net 33";
        await _stack.Insert(refused, _ct);
        foreach (JsonNode? product in catalogue["Product2"]!.AsArray())
        {
            if ((string?)product!["Hub_Stripe_Product_Id__c"] is { } id)
            {
                await _stack.World.StripePost("/v1/products", Form(("id", id), ("name", (string)product["Name"]!)), _ct);
            }
        }
    }

    private async Task Play()
    {
        await Detect();
        DateTimeOffset start = await _stack.World.Now(_ct);
        foreach (int day in Days)
        {
            await _stack.World.AdvanceTo(new DateTimeOffset(start.AddDays(day).Date.AddHours(10), TimeSpan.Zero), _ct);
            await Settle();
            await _stack.Host.Client.RunTimer("PlanReminders", _ct);
            await Settle();
            await Happens(day);
            await Remember();
        }

        await Detect();
        _runId = (await _stack.Host.Client.Post("/api/reconciliations", _ct)).GetProperty("runId").GetString()!;
        await Settle();
    }

    private async Task Happens(int day)
    {
        switch (day)
        {
            case 22:
                await PayOldest(1, 1);
                break;
            case 26:
                await PayOldest(1, 2);
                break;
            case 31:
                await EditQuantity();
                break;
        }
    }

    private async Task PayOldest(int numerator, int denominator)
    {
        JsonElement oldest = (await _stack.World.StripeList("/v1/invoices?status=open", _ct)).OrderBy(Id, StringComparer.Ordinal).First();
        await _stack.World.Pay(Id(oldest), oldest.GetProperty("amount_remaining").GetInt64() * numerator / denominator, _ct);
        await Settle();
    }

    private async Task EditQuantity()
    {
        JsonElement monthly = (await _stack.World.StripeList("/v1/subscriptions", _ct)).First(subscription =>
            subscription.GetProperty("metadata").GetProperty("sf_opportunity_id").GetString() == "006SM0000000002YAA");
        JsonElement item = monthly.GetProperty("items").GetProperty("data")[0];
        string quantity = (item.GetProperty("quantity").GetInt64() + 5).ToString(CultureInfo.InvariantCulture);
        await _stack.World.StripePost(
            "/v1/subscriptions/" + Id(monthly), Form(("items[0][id]", Id(item)), ("items[0][quantity]", quantity), ("proration_behavior", "none")), _ct);
        await Settle();
    }

    private async Task Detect()
    {
        await _stack.Host.Client.RunTimer("DetectClosedWon", _ct);
        await Settle();
    }

    private async Task Settle()
    {
        do
        {
            await _stack.Host.Client.WaitUntilIdle(_ct);
        }
        while (await _stack.DeliverTwiceShuffled(Seed, _ct) > 0);
        await _stack.Host.Client.WaitUntilIdle(_ct);
        await _stack.Host.Client.RunTimer("WriteBackResults", _ct);
    }

    // Stripe lists events of the last 30 days only.
    private async Task Remember()
    {
        foreach (JsonElement stripeEvent in await _stack.World.StripeList("/v1/events", _ct))
        {
            _events[Id(stripeEvent)] = stripeEvent;
        }
    }

    private async Task ReplayEverything()
    {
        DateTimeOffset now = await _stack.World.Now(_ct);
        List<Func<Task>> heap = [];
        foreach (JsonElement opportunity in await _stack.World.Records("Opportunity", _ct))
        {
            AddTwice(heap, "contract-sync-batch", new { opportunityIds = new[] { opportunity.GetProperty("Id").GetString() }, source = "poll", observedAt = now.UtcDateTime });
            AddTwice(heap, "contract-sync", new { opportunityId = opportunity.GetProperty("Id").GetString(), source = "poll", observedAt = now.UtcDateTime });
        }

        foreach (string[] name in Directory.EnumerateFiles(_stack.Outbox, "*.eml").Select(file => Path.GetFileNameWithoutExtension(file).Split('-', 3)))
        {
            AddTwice(heap, "reminder", new { invoiceId = name[1], step = name[2] });
        }

        AddTwice(heap, "reconcile-shard", new { runId = _runId, stage = "Extract", shard = -1 });
        AddTwice(heap, "reconcile-shard", new { runId = _runId, stage = "Close", shard = -1 });
        foreach (int shard in Enumerable.Range(0, 8))
        {
            AddTwice(heap, "reconcile-shard", new { runId = _runId, stage = "Match", shard });
        }

        foreach (JsonElement stripeEvent in _events.Values)
        {
            AddTwice(heap, "stripe-event", new { eventId = Id(stripeEvent) });
            AddTwice(heap, "webhook", () => PostWebhook(stripeEvent, now));
        }

        Func<Task>[] shuffled = [.. heap];
#pragma warning disable CA5394 // The order of a test, not a secret.
        new Random(Seed).Shuffle(shuffled);
#pragma warning restore CA5394
        foreach (Func<Task> replay in shuffled)
        {
            await replay();
        }
    }

    private void AddTwice(List<Func<Task>> heap, string queue, object message) => AddTwice(heap, queue, () => _stack.Storage.Send(queue, message, _ct));

    private void AddTwice(List<Func<Task>> heap, string kind, Func<Task> replay)
    {
        Sent[kind] = Sent.GetValueOrDefault(kind) + 2;
        heap.AddRange([replay, replay]);
    }

    private async Task PostWebhook(JsonElement stripeEvent, DateTimeOffset now)
    {
        byte[] body = Encoding.UTF8.GetBytes(stripeEvent.GetRawText());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/stripe") { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("Stripe-Signature", StripeSignature.Of(body, SandboxStack.WebhookSecret, now));
        using HttpResponseMessage answer = await _stack.Host.Http.SendAsync(request, _ct);
        answer.EnsureSuccessStatusCode();
    }

    private static string Id(JsonElement element) => element.GetProperty("id").GetString()!;

    private static Dictionary<string, string> Form(params (string Name, string Value)[] fields) => fields.ToDictionary(field => field.Name, field => field.Value);
}
