using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Hub.Host.Queues;

/// <summary>Keeps one received message invisible while its function runs: renewed at half time, for the full time again.</summary>
/// <remarks>A renewal that failed is tried again after a tenth of the time, one minute of ten: five times before the message is seen by others.</remarks>
internal sealed class MessageLease : IAsyncDisposable
{
    private readonly QueueClient _queue;
    private readonly QueueMessage _message;
    private readonly TimeSpan _invisibility;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewal;

    public MessageLease(QueueClient queue, QueueMessage message, TimeSpan invisibility, TimeProvider time, ILogger log)
    {
        (_queue, _message, _invisibility, _time, _log) = (queue, message, invisibility, time, log);
        PopReceipt = message.PopReceipt;
        _renewal = Renew(_ended.Token);
    }

    /// <summary>The receipt that settles the message; final once the lease has ended.</summary>
    public string PopReceipt { get; private set; }

    /// <summary>Stops renewing; the last receipt stays valid until the invisibility ends.</summary>
    public async Task End()
    {
        await _ended.CancelAsync();
        await _renewal;
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        _ended.Dispose();
    }

    private async Task Renew(CancellationToken ct)
    {
        TimeSpan pause = _invisibility / 2;
        try
        {
            while (true)
            {
                await Task.Delay(pause, _time, ct);
                pause = await RenewOnce() ? _invisibility / 2 : _invisibility / 10;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The function has ended; its outcome settles the message.
        }
        catch (RequestFailedException gone) when (gone.Status is 404 or 400)
        {
            // Another host has the message; deleting with the old receipt will fail harmlessly.
            _log.RenewalFailed(_queue.Name, _message.MessageId, gone.ErrorCode ?? "gone");
        }
    }

    private async Task<bool> RenewOnce()
    {
        // Not cancelled by the end of the function: a renewal cut off in the middle would leave the receipt unknown.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        try
        {
            UpdateReceipt receipt = await _queue.UpdateMessageAsync(
                _message.MessageId, PopReceipt, visibilityTimeout: _invisibility, cancellationToken: limit.Token);
            PopReceipt = receipt.PopReceipt;
            return true;
        }
        catch (Exception failed) when (failed is not RequestFailedException { Status: 404 or 400 })
        {
            _log.RenewalFailed(_queue.Name, _message.MessageId, (failed as RequestFailedException)?.ErrorCode ?? failed.GetType().Name);
            return false;
        }
    }
}
