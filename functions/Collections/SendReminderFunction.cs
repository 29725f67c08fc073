using Hub.Core.Collections;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Collections;

public sealed class SendReminderFunction(SendReminder handler)
{
    [Function("SendReminder")]
    public Task Run([QueueTrigger(CollectionQueues.Reminder, Connection = "HubStorage")] ReminderDue message, CancellationToken ct) =>
        handler.Handle(message, ct);
}
