using System.Diagnostics.Metrics;
using System.Text.Json;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Hub.AzureStorage;
using Hub.AzureStorage.Queues;
using Hub.Core.Collections;
using Hub.Core.Contracts;
using Hub.Core.Readiness;
using Hub.Core.Reconciliation;
using Hub.Core.StripeEvents;
using Hub.Testing;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

/// <summary>An emulator of its own with queues emptied before each test, because lengths are compared.</summary>
public sealed class QueueTests : IAsyncLifetime
{
    private static readonly Lazy<Task<Azurite>> Own = new(() => Azurite.StartAsync(CancellationToken.None));
    private static readonly JsonSerializerOptions Plain = new() { PropertyNameCaseInsensitive = true };
    private Azurite _azurite = null!;
    private StorageClients _clients = null!;

    public async Task InitializeAsync()
    {
        _azurite = await Own.Value;
        _clients = await Storage.Open(_azurite);
        foreach (string queue in QueueNames.All)
        {
            await _clients.Queues.GetQueueClient(queue).ClearMessagesAsync(CancellationToken.None);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_message_is_camel_case_json_in_base64_that_never_expires()
    {
        await new QueueSender(_clients).Send(ContractQueues.ContractSync, new ContractChanged("006000000000001AAA", "poll", Instant.FromUtc(2027, 3, 9, 4, 30)), null, CancellationToken.None);

        // Read without the decoding of the Hub's own options: what is on the wire.
        var raw = new QueueClient(_azurite.ConnectionString, ContractQueues.ContractSync, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        QueueMessage message = (await raw.ReceiveMessageAsync(cancellationToken: CancellationToken.None)).Value;
        Assert.Equal(
            """{"opportunityId":"006000000000001AAA","source":"poll","observedAt":"2027-03-09T04:30:00Z"}""",
            System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(message.MessageText)));
        Assert.Equal(9999, message.ExpiresOn!.Value.Year);
    }

    [Fact]
    public async Task Every_message_is_read_back_by_plain_options_as_the_functions_worker_has_them()
    {
        await Reads(ContractQueues.ContractSync, new ContractChanged("006000000000001AAA", "poll", Storage.Now));
        await Reads(StripeEventQueues.StripeEvent, new StripeEventReceived("evt_1"));
        await Reads(CollectionQueues.Reminder, new ReminderDue("in_1", "S7"));
        await Reads(ReconciliationQueues.ReconcileShard, new ReconcileShard("run", ReconcileStage.Match, 3));
        await Reads(ReconciliationQueues.ReconcileShard, new ReconcileShard("run", ReconcileStage.Extract, -1, new RunStart("manual", Storage.Now, 8)));

        async Task Reads<T>(string queue, T message)
            where T : class
        {
            await new QueueSender(_clients).Send(queue, message, null, CancellationToken.None);
            QueueMessage received = (await _clients.Queues.GetQueueClient(queue).ReceiveMessageAsync(cancellationToken: CancellationToken.None)).Value;
            Assert.Equal(message, JsonSerializer.Deserialize<T>(received.Body, Plain));
        }
    }

    [Fact]
    public async Task A_delayed_message_is_counted_but_not_handed_out()
    {
        await new QueueSender(_clients).Send(CollectionQueues.Reminder, new ReminderDue("in_1", "S7"), Duration.FromMinutes(5), CancellationToken.None);

        Assert.Null((await _clients.Queues.GetQueueClient(CollectionQueues.Reminder).ReceiveMessageAsync(cancellationToken: CancellationToken.None)).Value);
        Assert.Contains(new QueueBacklog("reminder", 1, 0), await new QueueWatch(_clients).Backlogs(CancellationToken.None));
    }

    [Fact]
    public async Task Backlogs_name_every_queue_with_its_poison_twin_and_a_missing_twin_is_empty()
    {
        await _clients.Queues.GetQueueClient("contract-sync-poison").SendMessageAsync("{}", CancellationToken.None);
        await _clients.Queues.DeleteQueueAsync("reminder-poison", CancellationToken.None);

        Assert.Equal(
            (QueueBacklog[])[new QueueBacklog("contract-sync", 0, 1), new QueueBacklog("contract-sync-batch", 0, 0), new QueueBacklog("contract-adjustment", 0, 0), new QueueBacklog("stripe-event", 0, 0), new QueueBacklog("reminder", 0, 0), new QueueBacklog("reconcile-shard", 0, 0)],
            (await new QueueWatch(_clients).Backlogs(CancellationToken.None)).AsEnumerable());
    }

    [Fact]
    public async Task Every_request_is_counted_under_its_table_or_queue()
    {
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == CallCounter.MeterName && instrument.Name == CallCounter.InstrumentName)
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            lock (counted)
            {
                counted.Add(string.Join('/', tags.ToArray().Select(tag => tag.Value)) + $"+{count}");
            }
        });
        listener.Start();

        await new QueueSender(_clients).Send("reminder", new ReminderDue("in_1", "S7"), null, CancellationToken.None);
        var store = new Hub.AzureStorage.Reconciliation.ReconciliationStore(_clients);
        await store.SaveRows("run", "first", [new BookRow(0, "c", "deal", "c", "{}")], CancellationToken.None);
        await store.Rows("run", "first", 0, CancellationToken.None).ToList();
        await store.FindRun("run-of-the-counter", CancellationToken.None);

        // Other tests of the process share the meter: what this test sent is there, in this order for what only it does.
        lock (counted)
        {
            Assert.Contains("queue/reminder+1", counted);
            Assert.Contains("table/ReconRun+1", counted);
            Assert.True(counted.Count(call => call == "table/ReconRow+1") >= 2, string.Join(' ', counted));
            Assert.DoesNotContain(counted, call => call.Contains('$', StringComparison.Ordinal));
        }
    }
}
