using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Hub.Host.Catalog;
using Hub.Host.Clock;
using Hub.Host.Invocation;
using Hub.Host.Queues;
using Hub.Host.Telemetry;
using Hub.Host.Tests.Support;
using Hub.Testing;

namespace Hub.Host.Tests.Queues;

/// <summary>One listener of SampleQueue or SampleText on a queue of its own in Azurite.</summary>
internal sealed class QueueBench : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly HostMeter _meter = new();
    private readonly Requests _requests = new();
    private Task _run = Task.CompletedTask;

    private QueueBench(QueueClient queue, QueueClient poison) => (Queue, Poison) = (queue, poison);

    public Journal Journal { get; } = new();

    public QueueClient Queue { get; }

    public QueueClient Poison { get; }

    public QueuesOptions Options { get; } = new() { VisibilityTimeout = TimeSpan.Zero, MaxPollingInterval = TimeSpan.FromMilliseconds(100) };

    /// <summary>How long the listener keeps a received message invisible.</summary>
    public TimeSpan Invisibility { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many of the next message updates storage fails.</summary>
    public int FailingUpdates { set => _requests.Failing = value; }

    /// <summary>Clock of pauses and renewals; the system's unless a test sets its own.</summary>
    public TimeProvider Machine { get; init; } = TimeProvider.System;

    /// <summary>Queries of the message updates sent to storage.</summary>
    public IReadOnlyList<string> Updates => _requests.Updates;

    public static async Task<QueueBench> Create(TimeProvider? machine = null)
    {
        Azurite azurite = await Azurite.SharedAsync();
        string name = $"bench-{Guid.NewGuid():N}";
        QueueClient queue = new(azurite.ConnectionString, name);
        await queue.CreateAsync();
        return new QueueBench(queue, new QueueClient(azurite.ConnectionString, name + "-poison")) { Machine = machine ?? TimeProvider.System };
    }

    public async Task<QueueBench> Start(string function = "SampleText")
    {
        Azurite azurite = await Azurite.SharedAsync();
        var options = new QueueClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(_requests, HttpPipelinePosition.PerCall);
        ServiceProvider services = new ServiceCollection().AddSingleton(Journal).BuildServiceProvider();
        var invoker = new FunctionInvoker(services, IClockRefresh.None, _meter, NullLogger<FunctionInvoker>.Instance);
        var listener = new QueueListener(
            FunctionCatalog.Scan([typeof(SampleFunctions)]).Find(function)!,
            new QueueClient(azurite.ConnectionString, Queue.Name, options), Poison, Options, invoker, _meter, Machine, NullLogger.Instance)
        {
            Invisibility = Invisibility,
        };
        _run = listener.Run(_abort.Token, _stop.Token);
        return this;
    }

    public Task SendText(string text) => Queue.SendMessageAsync(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)));

    public async Task<string?> PoisonText()
    {
        if (!await Poison.ExistsAsync())
        {
            return null;
        }

        PeekedMessage? message = await Poison.PeekMessageAsync();
        return message?.Body.ToString();
    }

    public async Task<int> Stored() => (await Queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;

    public Task Stop()
    {
        _stop.Cancel();
        return _run;
    }

    public Task Abort()
    {
        _abort.Cancel();
        return Stop();
    }

    public async ValueTask DisposeAsync()
    {
        await Abort();
        _stop.Dispose();
        _abort.Dispose();
        _meter.Dispose();
    }

    private sealed class Requests : HttpPipelineSynchronousPolicy
    {
        private readonly Lock _gate = new();
        private readonly List<string> _updates = [];

        public IReadOnlyList<string> Updates
        {
            get
            {
                lock (_gate)
                {
                    return [.. _updates];
                }
            }
        }

        public int Failing { get; set; }

        public override void OnSendingRequest(HttpMessage message)
        {
            if (IsUpdate(message) && Failing-- > 0)
            {
                lock (_gate)
                {
                    _updates.Add("failed");
                }

                throw new HttpRequestException("The test wanted this update to fail.");
            }
        }

        public override void OnReceivedResponse(HttpMessage message)
        {
            if (IsUpdate(message))
            {
                lock (_gate)
                {
                    _updates.Add(message.Request.Uri.Query);
                }
            }
        }

        private static bool IsUpdate(HttpMessage message) =>
            message.Request.Method == RequestMethod.Put && message.Request.Uri.Query.Contains("popreceipt", StringComparison.Ordinal);
    }
}
