using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Events;

/// <summary>Records what happened as events and queues each for every endpoint that listens.</summary>
public sealed class EventLog(World world)
{
    private readonly List<Delivery> waiting = [];

    /// <summary>Raised, under the account's lock, when a delivery was queued.</summary>
    public Action Queued { get; set; } = () => { };

    public IReadOnlyList<Delivery> Waiting => waiting;

    public long Delivered { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Records that <paramref name="subject"/> is now as it is.</summary>
    /// <param name="type">Event type.</param>
    /// <param name="subject">The object, as stored.</param>
    /// <param name="before">A copy of it as it was, for <c>previous_attributes</c>.</param>
    public void Emit(string type, JsonObject subject, JsonObject? before = null)
    {
        var data = new JsonObject { ["object"] = world.Expansion.Show(subject) };
        if (before is not null)
        {
            data["previous_attributes"] = Differences(world.Expansion.Show(before), (JsonObject)data["object"]!);
        }

        var occurred = new JsonObject
        {
            ["id"] = world.Store.NewId("evt"),
            ["object"] = "event",
            ["api_version"] = StripeModule.Version,
            ["created"] = world.Now,
            ["data"] = data,
            ["livemode"] = false,
            ["pending_webhooks"] = 0L,
            ["request"] = new JsonObject { ["id"] = world.Request?.Id, ["idempotency_key"] = world.Request?.IdempotencyKey },
            ["type"] = type,
        };
        world.Store.Add(occurred);
        Queue(occurred, type);
    }

    /// <summary>Emits only when something other than the notes changed.</summary>
    public void EmitIfChanged(string type, JsonObject subject, JsonObject before)
    {
        if (!JsonNode.DeepEquals(world.Expansion.Show(before), world.Expansion.Show(subject)))
        {
            Emit(type, subject, before);
        }
    }

    /// <summary>Hands out what is due, so that it can be sent without holding the lock.</summary>
    public List<Delivery> TakeDue()
    {
        List<Delivery> due = [.. waiting.Where(delivery => delivery.DueAt <= world.Now)];
        waiting.RemoveAll(due.Contains);
        return due;
    }

    /// <summary>Notes how an attempt went; a failed one is queued again while retries are left.</summary>
    public void Report(Delivery delivery, bool succeeded)
    {
        if (succeeded)
        {
            Delivered++;
            delivery.Event["pending_webhooks"] = Math.Max(0, delivery.Event.Number("pending_webhooks") - 1);
            return;
        }

        Failed++;
        delivery.Event["_failed"] = true;
        if (delivery.Next(world.Now) is { } retry)
        {
            waiting.Add(retry);
            world.Agenda.At(retry.DueAt, () => Queued());
        }
    }

    public void Clear()
    {
        waiting.Clear();
        Delivered = 0;
        Failed = 0;
    }

    private static JsonObject Differences(JsonObject before, JsonObject after)
    {
        var different = new JsonObject();
        foreach (var key in before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key)).ToList())
        {
            if (!JsonNode.DeepEquals(before[key], after[key]))
            {
                different[key] = before.Copy(key);
            }
        }

        return different;
    }

    private void Queue(JsonObject occurred, string type)
    {
        foreach (var endpoint in world.Store.All("webhook_endpoint").Where(endpoint => Listens(endpoint, type)))
        {
            occurred["pending_webhooks"] = occurred.Number("pending_webhooks") + 1;
            waiting.Add(new Delivery(occurred, endpoint.Text("url")!, endpoint.Text("_secret")!, Attempt: 1, world.Now));
        }

        Queued();
    }

    private static bool Listens(JsonObject endpoint, string type) =>
        endpoint.Text("status") == "enabled" && endpoint.Texts("enabled_events").Any(wanted => wanted == "*" || wanted == type);
}
