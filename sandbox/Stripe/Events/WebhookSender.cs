using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;

namespace Hub.Sandbox.Stripe.Events;

/// <summary>Posts signed events to the endpoints.</summary>
/// <param name="world">Holds the queue.</param>
/// <param name="gate">The account's lock.</param>
/// <param name="log">Told of rounds that broke.</param>
public sealed class WebhookSender(World world, Lock gate, ILogger log) : IDisposable
{
    private const int AtOnce = 4;

    private int inFlight;

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(20) };
    private readonly Channel<bool> signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Attempts taken from the queue and not yet answered.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>Delivers whatever is due whenever something is queued, until stopped.</summary>
    public void DeliverInBackground(CancellationToken stopping)
    {
        world.Events.Queued = () => signals.Writer.TryWrite(true);
        _ = Task.Run(() => Pump(stopping), CancellationToken.None);
    }

    /// <summary>Delivers all that is due now; what is queued meanwhile waits for the next round.</summary>
    /// <param name="duplicates">Deliver each event twice.</param>
    /// <param name="shuffleSeed">Deliver in another order, the same for the same seed.</param>
    /// <param name="ct">Stops between attempts.</param>
    public async Task<WebhookOutcome> DeliverDue(bool duplicates, int? shuffleSeed, CancellationToken ct)
    {
        List<Delivery> due;
        lock (gate)
        {
            due = world.Events.TakeDue();
            Interlocked.Add(ref inFlight, due.Count);
        }

        Delivery[] round = [.. due, .. duplicates ? due.Select(delivery => delivery with { Attempt = int.MaxValue }) : []];
        if (shuffleSeed is { } seed)
        {
#pragma warning disable CA5394 // A repeatable order is the point; nothing secret depends on it.
            new Random(seed).Shuffle(round);
#pragma warning restore CA5394
        }

        var (delivered, failed) = (0, 0);
        await Parallel.ForEachAsync(
            round, new ParallelOptions { MaxDegreeOfParallelism = shuffleSeed is null ? AtOnce : 1, CancellationToken = ct }, async (delivery, stop) =>
            {
                var succeeded = await Attempt(delivery, stop);
                lock (gate)
                {
                    Report(delivery, succeeded);
                }

                Interlocked.Increment(ref succeeded ? ref delivered : ref failed);
            });
        lock (gate)
        {
            return new WebhookOutcome(delivered, failed, world.Events.Waiting.Count);
        }
    }

    public void Dispose() => http.Dispose();

    // The copy of a duplicate is not retried and does not count as the event's delivery.
    private void Report(Delivery delivery, bool succeeded)
    {
        if (delivery.Attempt < int.MaxValue)
        {
            Interlocked.Decrement(ref inFlight);
            world.Events.Report(delivery, succeeded);
        }
    }

    private async Task Pump(CancellationToken stopping)
    {
        try
        {
            while (await signals.Reader.WaitToReadAsync(stopping))
            {
                signals.Reader.TryRead(out _);
                await DeliverRound(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping is the only way this ends.
        }
    }

    // One broken round must not silence all later ones.
    private async Task DeliverRound(CancellationToken stopping)
    {
        try
        {
            await DeliverDue(duplicates: false, shuffleSeed: null, stopping);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            log.RoundFailed(bug);
        }
    }

    private async Task<bool> Attempt(Delivery delivery, CancellationToken ct)
    {
        string body;
        long now;
        lock (gate)
        {
            body = world.Expansion.Show(delivery.Event).ToJsonString();
            now = world.Now;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Stripe-Signature", Signature(delivery.Secret, now, body));
        try
        {
            using var response = await http.SendAsync(request, ct);
            return response.IsSuccessStatusCode;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string Signature(string secret, long now, string body)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{now}.{body}");
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed));
        return string.Create(CultureInfo.InvariantCulture, $"t={now},v1={Convert.ToHexStringLower(hash)}");
    }
}
