using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Hub.Host.Catalog;
using Hub.Host.Invocation;
using Hub.Host.Telemetry;

namespace Hub.Host.Queues;

/// <summary>Feeds one queue to one function, at least once, with the delivery rules of the storage queue trigger.</summary>
/// <remarks>
/// Received messages are invisible for ten minutes, unless settings say less, and renewed at half time. Success deletes; failure makes the message visible
/// again after the visibility timeout, or copies it to <c>&lt;queue&gt;-poison</c> at the last attempt. A process that dies releases
/// nothing: its messages return when their ten minutes are over.
/// </remarks>
internal sealed class QueueListener(
    FunctionDescriptor function,
    QueueClient queue,
    QueueClient? poison,
    QueuesOptions options,
    FunctionInvoker invoker,
    HostMeter meter,
    TimeProvider machine,
    ILogger log) : IListener
{
    /// <summary>Ends the names of queues that have no poison queue of their own.</summary>
    public const string PoisonSuffix = "-poison";

    // Unlike the trigger, whose copies are gone after a week: what is lost here nobody would ever know of.
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly PollingBackoff _backoff = new(options.MaxPollingInterval, new Random());
    private int _running;

    public string Function => function.Name;

    public QueueClient Queue => queue;

    public QueueClient? Poison => poison;

    /// <summary>Messages of this queue being worked on by this process.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How long a received message stays invisible unless renewed; ten minutes with the trigger.</summary>
    public TimeSpan Invisibility { get; init; } = TimeSpan.FromMinutes(10);

    public async Task Run(CancellationToken abort, CancellationToken stop)
    {
        List<Task> running = [];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                running.RemoveAll(task => task.IsCompleted);
                await Room(running, stop);
                QueueMessage[] messages = await Receive(abort);
                running.AddRange(messages.Select(message => Work(message, abort)));
                await Pause(messages.Length, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
        }

        await Task.WhenAll(running);
    }

    private async Task Room(List<Task> running, CancellationToken stop)
    {
        while (running.Count > options.NewBatchThreshold)
        {
            await Task.WhenAny(running).WaitAsync(stop);
            running.RemoveAll(task => task.IsCompleted);
        }
    }

    private Task Pause(int received, CancellationToken stop)
    {
        if (received == 0)
        {
            return Task.Delay(_backoff.Next(), machine, stop);
        }

        _backoff.Reset();
        return Task.CompletedTask;
    }

    // Not cut off by a graceful stop: messages of a half-read answer would stay invisible for ten minutes.
    private async Task<QueueMessage[]> Receive(CancellationToken abort)
    {
        try
        {
            return await queue.ReceiveMessagesAsync(options.BatchSize, Invisibility, abort);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound.ToString())
        {
            await Create(abort);
        }
        catch (Exception unreachable) when (!abort.IsCancellationRequested)
        {
            // Whatever it is - network, identity, refusal - the queue is looked at again after a pause.
            log.QueueUnreadable(queue.Name, Reason(unreachable));
        }

        return [];
    }

    private async Task Create(CancellationToken ct)
    {
        try
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: ct);
        }
        catch (Exception refused) when (!ct.IsCancellationRequested)
        {
            log.QueueUnreadable(queue.Name, Reason(refused));
        }
    }

    private async Task Work(QueueMessage message, CancellationToken abort)
    {
        Interlocked.Increment(ref _running);
        try
        {
            // Off the listener's own path, so that a function that never yields cannot hold up the rest of its batch.
            await Task.Run(() => Handle(message, abort), CancellationToken.None);
        }
        catch (Exception unsettled)
        {
            // The function's own failure is settled further in; this is storage refusing or not answering.
            log.MessageUnsettled(queue.Name, message.MessageId, Reason(unsettled));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task Handle(QueueMessage message, CancellationToken abort)
    {
        if (message.DequeueCount > options.MaxDequeueCount)
        {
            await MoveToPoison(message, message.PopReceipt, "too many attempts");
            return;
        }

        if (Decode(message.Body) is not { } body)
        {
            await MoveToPoison(message, message.PopReceipt, "the body is not base64");
            return;
        }

        await using var lease = new MessageLease(queue, message, Invisibility, machine, log);
        bool succeeded = await Succeeds(body, abort);
        await lease.End();
        await Settle(message, lease.PopReceipt, succeeded, abort.IsCancellationRequested);
    }

    private async Task<bool> Succeeds(BinaryData body, CancellationToken abort)
    {
        try
        {
            await invoker.Invoke(function, new InvocationInput.Message(body), abort);
            return true;
        }
        catch (Exception)
        {
            // The invoker has logged it; for the queue every failure is the same.
            return false;
        }
    }

    private Task Settle(QueueMessage message, string receipt, bool succeeded, bool aborted) => (succeeded, aborted) switch
    {
        (true, _) => Delete(message, receipt),
        (false, true) => Release(message, receipt, TimeSpan.Zero),
        (false, false) when message.DequeueCount >= options.MaxDequeueCount => MoveToPoison(message, receipt, "the function failed"),
        (false, false) when poison is null => Task.CompletedTask,
        (false, false) => Release(message, receipt, options.VisibilityTimeout),
    };

    // The work is done, so the bookkeeping gets a limit of its own and does not fall to a stop.
    private async Task Delete(QueueMessage message, string receipt)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await queue.DeleteMessageAsync(message.MessageId, receipt, limit.Token);
    }

    private async Task Release(QueueMessage message, string receipt, TimeSpan after)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: after, cancellationToken: limit.Token);
    }

    private async Task MoveToPoison(QueueMessage message, string receipt, string reason)
    {
        if (poison is null)
        {
            // A poison queue's own failures stay invisible and return until they expire, as with the trigger.
            log.MessageUnsettled(queue.Name, message.MessageId, reason);
            return;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await Copy(poison, message.Body, limit.Token);
        await queue.DeleteMessageAsync(message.MessageId, receipt, limit.Token);
        meter.Poisoned(queue.Name);
        log.MessagePoisoned(queue.Name, message.MessageId, message.DequeueCount, reason);
    }

    private static async Task Copy(QueueClient poison, BinaryData body, CancellationToken ct)
    {
        try
        {
            await poison.SendMessageAsync(body, timeToLive: Forever, cancellationToken: ct);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound.ToString())
        {
            await poison.CreateIfNotExistsAsync(cancellationToken: ct);
            await poison.SendMessageAsync(body, timeToLive: Forever, cancellationToken: ct);
        }
    }

    private BinaryData? Decode(BinaryData stored)
    {
        if (!options.IsBase64)
        {
            return stored;
        }

        string text = stored.ToString();
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) ? new BinaryData(bytes.AsMemory(0, length)) : null;
    }

    private static string Reason(Exception failure) =>
        failure is RequestFailedException { ErrorCode: { } code } ? code : failure.GetType().Name;
}
