using System.Globalization;
using System.Text.Json;

namespace Hub.Cli.Demo;

/// <summary>One played day, or the part of the story before the first.</summary>
/// <param name="Day">0 while deals are billed, then 1 to the last day, then one more while the books are compared.</param>
internal sealed record StoryProgress(string What, int Day, int Days);

/// <summary>The story of the demo: deals are billed, a hundred days pass, customers pay or do not, records are edited, both books are compared.</summary>
internal sealed class Story(DemoOptions options, Stack stack, SandboxClient world, HostClient hub, IProgress<StoryProgress> progress)
{
    private readonly Planted _planted = new(world, options.Seed);

    /// <summary>Run of the closing reconciliation.</summary>
    public string RunId { get; private set; } = "";

    public async Task Play(CancellationToken ct)
    {
        progress.Report(new("Seeding Salesforce and Stripe", 0, options.Days));
        await world.Seed(options.Seed, ct);
        progress.Report(new("Billing the closed-won deals", 0, options.Days));
        await hub.RunTimer("DetectClosedWon", ct);
        await Settle(ct);
        await hub.RunTimer("WriteBackResults", ct);

        DateTimeOffset start = await world.Now(ct);
        for (int day = 1; day <= options.Days; day++)
        {
            progress.Report(new(start.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day, options.Days));
            await PlayDay(day, new DateTimeOffset(start.AddDays(day).Date.AddHours(10), TimeSpan.Zero), ct);
        }

        progress.Report(new("Comparing both books", options.Days + 1, options.Days));
        await hub.RunTimer("DetectClosedWon", ct);
        await Settle(ct);
        await hub.RunTimer("WriteBackResults", ct);
        RunId = (await hub.Post("/api/reconciliations", ct)).GetProperty("runId").GetString()!;
        await Settle(ct);
        await stack.EnsureRunning(ct);
    }

    private async Task PlayDay(int day, DateTimeOffset instant, CancellationToken ct)
    {
        await world.AdvanceTo(instant, ct);
        await Settle(ct);
        await hub.RunTimer("PlanReminders", ct);
        await hub.WaitUntilIdle(ct);
        await PayInvoices(DateOnly.FromDateTime(instant.UtcDateTime), ct);
        if (await _planted.Play(day, ct))
        {
            await hub.RunTimer("DetectClosedWon", ct);
        }

        await Settle(ct);
        await hub.RunTimer("WriteBackResults", ct);
        await stack.EnsureRunning(ct);
    }

    private async Task PayInvoices(DateOnly today, CancellationToken ct)
    {
        foreach (JsonElement invoice in await world.StripeList("/v1/invoices?status=open", ct))
        {
            if (Date(invoice, "due_date") is not { } due)
            {
                continue;
            }

            int step = invoice.GetProperty("currency").GetString() is "kwd" or "bhd" or "jod" or "omr" or "tnd" ? 10 : 1;
            long owed = invoice.GetProperty("amount_due").GetInt64();
            long paid = Payers.PaidBy(today, options.Seed, Contract(invoice), Date(invoice, "created")!.Value, due, owed, step);
            long more = paid - invoice.GetProperty("amount_paid").GetInt64();
            if (more > 0)
            {
                await world.Pay(invoice.GetProperty("id").GetString()!, more, ct);
            }
        }
    }

    /// <summary>Delivers webhooks and waits for the queues until neither has anything left.</summary>
    private async Task Settle(CancellationToken ct)
    {
        (int Delivered, int Failed) sent;
        do
        {
            await hub.WaitUntilIdle(ct);
            sent = await world.DeliverWebhooks(ct);
            await hub.WaitUntilIdle(ct);
        }
        while (sent.Delivered > 0);
    }

    private static string Contract(JsonElement invoice)
    {
        JsonElement parent = invoice.GetProperty("parent");
        JsonElement metadata = parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty("subscription_details", out JsonElement details)
            && details.ValueKind == JsonValueKind.Object
            ? details.GetProperty("metadata")
            : invoice.GetProperty("metadata");
        return metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("sf_opportunity_id", out JsonElement id) ? id.GetString()! : "none";
    }

    private static DateOnly? Date(JsonElement invoice, string field) =>
        invoice.GetProperty(field) is { ValueKind: JsonValueKind.Number } seconds
            ? DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(seconds.GetInt64()).UtcDateTime)
            : null;
}
