using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Hub.Host.Clock;
using Hub.Host.Invocation;
using Hub.Host.Queues;
using Hub.Host.Timers;

namespace Hub.Host.Http;

/// <summary>Counts what waits and what runs.</summary>
internal sealed class QueueReporter(ListenerPump pump, FunctionInvoker invoker, IClockRefresh clock)
{
    /// <summary>Idle is only said when no invocation began while the queues were counted, so that nothing slips between two counts.</summary>
    public async Task<QueueReport> Report(CancellationToken ct)
    {
        await clock.Refresh(ct);
        long startedBefore = invoker.Started;
        bool quietBefore = invoker.Running == 0;
        QueueReport.Entry[] entries = await Task.WhenAll(pump.Listeners.OfType<QueueListener>().Select(listener => Count(listener, ct)));
        bool quiet = quietBefore && invoker.Running == 0 && invoker.Started == startedBefore;
        bool nothingDue = !pump.Listeners.OfType<TimerListener>().Any(timer => timer.IsDue);
        return new QueueReport(
            [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)],
            quiet && nothingDue && entries.All(entry => entry is { Waiting: 0, Running: 0 }));
    }

    private static async Task<QueueReport.Entry> Count(QueueListener listener, CancellationToken ct)
    {
        long running = listener.Running;
        long stored = await Stored(listener.Queue, ct);
        long poison = listener.Poison is { } queue ? await Stored(queue, ct) : 0;
        return new QueueReport.Entry(listener.Queue.Name, Math.Max(0, stored - running), Math.Max(running, listener.Running), poison);
    }

    private static async Task<long> Stored(QueueClient queue, CancellationToken ct)
    {
        try
        {
            QueueProperties properties = await queue.GetPropertiesAsync(ct);
            return properties.ApproximateMessagesCount;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound.ToString())
        {
            return 0;
        }
    }
}
