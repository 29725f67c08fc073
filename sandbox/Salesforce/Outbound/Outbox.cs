using System.Text;
using Hub.Sandbox.Kernel;
using Hub.Sandbox.Salesforce.Records;

namespace Hub.Sandbox.Salesforce.Outbound;

/// <summary>Delivers outbound messages: at once after the event, then with growing gaps in sandbox time, until acknowledged or a day old.</summary>
public sealed class Outbox(SandboxClock clock, Org org, SalesforceSettings settings) : IClockDriven, IDisposable
{
    private static readonly TimeSpan DropAfter = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestGap = TimeSpan.FromHours(2);
    private readonly SemaphoreSlim delivering = new(1, 1);

    // A redirect would send the message to a host nobody configured.
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Address of this server as receivers should see it.</summary>
    public string Origin { get; set; } = "http://127.0.0.1";

    public DateTimeOffset? NextDue => settings.OutboundUrl is null || org.Data.Outbound.IsEmpty
        ? null
        : org.Data.Outbound.Min(message => message.NextAttempt);

    public Task RunDue(CancellationToken ct) => Deliver(message => message.NextAttempt <= clock.Now, ct);

    /// <summary>Starts what is due. Salesforce sends after the transaction on its own time: nobody waits for it.</summary>
    public void Kick()
    {
        if (NextDue <= clock.Now)
        {
            _ = Task.Run(() => RunDue(CancellationToken.None), CancellationToken.None);
        }
    }

    /// <summary>Tries every waiting message now.</summary>
    /// <returns>How many were acknowledged.</returns>
    public Task<int> DeliverAll(CancellationToken ct) => Deliver(_ => true, ct);

    public void Dispose()
    {
        http.Dispose();
        delivering.Dispose();
    }

    private async Task<int> Deliver(Func<OutboundMessage, bool> which, CancellationToken ct)
    {
        if (settings.OutboundUrl is not { } url)
        {
            return 0;
        }

        await delivering.WaitAsync(ct);
        try
        {
            var acknowledged = 0;
            foreach (var message in org.Data.Outbound.Where(which).ToList())
            {
                var done = await Acknowledged(url, message, ct);
                acknowledged += done ? 1 : 0;
                Settle(message, done);
            }

            return acknowledged;
        }
        finally
        {
            delivering.Release();
        }
    }

    private void Settle(OutboundMessage message, bool done)
    {
        var gap = TimeSpan.FromSeconds(Math.Min(LongestGap.TotalSeconds, 15 * Math.Pow(2, Math.Min(message.Attempts, 20))));
        var late = clock.Now + gap > message.QueuedAt + DropAfter;
        org.Write(Org.IntegrationUser, null, transaction =>
        {
            var rest = transaction.Data.Outbound.RemoveAll(waiting => waiting.Id == message.Id);
            var again = message with { Attempts = message.Attempts + 1, NextAttempt = clock.Now + gap };
            transaction.Data = transaction.Data with { Outbound = done || late ? rest : rest.Add(again) };
            return transaction.Data;
        });
    }

    private async Task<bool> Acknowledged(Uri url, OutboundMessage message, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new StringContent(Envelope.Write([message], settings.OrgId, Origin), Encoding.UTF8, "text/xml"),
            };
            request.Headers.Add("SOAPAction", "\"\"");
            using var response = await http.SendAsync(request, ct);
            return response.IsSuccessStatusCode && Envelope.Acknowledges(await response.Content.ReadAsStringAsync(ct));
        }
        catch (HttpRequestException)
        {
            // The receiver is away: the message waits for its next attempt.
            return false;
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            // No answer within 60 s counts as no acknowledgement.
            return false;
        }
    }
}
