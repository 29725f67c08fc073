using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>The requests about schedules: made, adopted, reshaped, released, canceled, listed.</summary>
public sealed class ScheduleRequests(World world, Schedules schedules, Subscriptions subscriptions, PhaseReader reader)
{
    private const string Kind = "subscription_schedule";

    public void Register(Routes routes)
    {
        routes.On("POST /v1/subscription_schedules", Create, "customer_account");
        routes.On("GET /v1/subscription_schedules/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/subscription_schedules/{id}", Update);
        routes.On("POST /v1/subscription_schedules/{id}/release", call => Release(call.Id, call.Parameters.Flag("preserve_cancel_date")));
        routes.On("POST /v1/subscription_schedules/{id}/cancel", call => Cancel(call.Id, call.Parameters["invoice_now"] is null || call.Parameters.Flag("invoice_now"), call.Parameters["prorate"] is null || call.Parameters.Flag("prorate")));
        routes.On("GET /v1/subscription_schedules", call => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path, new Dictionary<string, Func<JsonObject, JsonNode, bool>>
        {
            ["scheduled"] = (schedule, wanted) => schedule.Text("status") == "not_started" == wanted.GetValue<bool>(),
        }));
    }

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        if (parameters.Text("from_subscription") is { } source)
        {
            return Adopt(source, parameters);
        }

        var customer = world.Store.Get("customer", parameters.Text("customer") ?? throw ApiException.Missing("customer"), "customer");
        var start = parameters.Text("start_date") == "now" ? world.Now : parameters.MaybeNumber("start_date") ?? throw ApiException.Missing("start_date");
        var defaults = ScheduleShape.DefaultSettings(parameters.Obj("default_settings"), null);
        var phases = reader.Read([.. parameters.Objects("phases")], start, defaults);
        CheckEnd(phases);
        subscriptions.CheckCurrency(customer.Id(), ((JsonObject)phases[0]!).Text("currency")!);
        foreach (var phase in phases.OfType<JsonObject>())
        {
            AutomaticTax.Check(new EffectivePhase(phase, defaults).AutomaticTax, customer, phase.Objects("default_tax_rates").Any());
        }

        var schedule = world.Store.Add(ScheduleShape.Build(world.Store.NewId("sub_sched"), customer.Id(), phases, defaults, parameters, world.Now));
        world.Events.Emit("subscription_schedule.created", schedule);
        schedules.Arm(schedule);
        return schedule;
    }

    private JsonObject Adopt(string source, JsonObject parameters)
    {
        if (parameters.Select(pair => pair.Key).FirstOrDefault(key => key is not ("from_subscription" or "expand")) is { } extra)
        {
            throw ApiException.Invalid($"You cannot set `{extra}` if `from_subscription` is set.", extra);
        }

        var subscription = world.Store.Get("subscription", source, "from_subscription");
        if (subscription["schedule"] is not null || !Engine.Runs(subscription))
        {
            throw ApiException.Invalid("You cannot migrate a subscription that is already attached to a schedule or has ended.", "from_subscription");
        }

        var phase = ScheduleShape.Mirror(subscription);
        var defaults = ScheduleShape.DefaultSettings(null, null);
        defaults["collection_method"] = subscription.Copy("collection_method");
        defaults.Obj("invoice_settings")!["days_until_due"] = subscription.Copy("days_until_due");
        var schedule = world.Store.Add(ScheduleShape.Build(
            world.Store.NewId("sub_sched"), subscription.Text("customer")!, new JsonArray(phase), defaults, new JsonObject { ["billing_mode"] = subscription.Copy("billing_mode") }, world.Now));
        schedule["status"] = "active";
        schedule["subscription"] = subscription.Id();
        schedule["current_phase"] = new JsonObject { ["end_date"] = phase.Copy("end_date"), ["start_date"] = phase.Copy("start_date") };
        subscription["schedule"] = schedule.Id();
        world.Events.Emit("subscription_schedule.created", schedule);
        subscriptions.Engine.Arm(subscription);
        return schedule;
    }

    private void CheckEnd(JsonArray phases)
    {
        if (((JsonObject)phases[^1]!).Number("end_date") <= world.Now)
        {
            throw ApiException.Invalid("The last phase must end in the future.", $"phases[{phases.Count - 1}][end_date]");
        }
    }

    private JsonObject Release(string id, bool preserveCancelDate)
    {
        var schedule = Changeable(id, "release");
        var subscription = schedule.Text("subscription") is { } attached ? world.Store.Get("subscription", attached) : null;
        var before = subscription?.CopyObject();
        schedules.Detach(schedule, subscription);
        if (subscription is not null)
        {
            subscription["cancel_at"] = preserveCancelDate ? subscription.Copy("cancel_at") : null;
            world.Events.EmitIfChanged("customer.subscription.updated", subscription, before!);
            subscriptions.Engine.Arm(subscription);
        }

        return schedule;
    }

    private JsonObject Cancel(string id, bool invoiceNow, bool prorate)
    {
        var schedule = Changeable(id, "cancel");
        schedules.Cancel(schedule, invoiceNow, prorate);
        return schedule;
    }

    private JsonObject Changeable(string id, string verb)
    {
        var schedule = world.Store.Get(Kind, id);
        return schedule.Text("status") is "not_started" or "active"
            ? schedule
            : throw ApiException.Invalid($"You cannot {verb} a subscription schedule that is currently in the `{schedule.Text("status")}` status. Only schedules in the `not_started` and `active` statuses can be changed.");
    }

    private JsonObject Update(Call call)
    {
        var schedule = Changeable(call.Id, "update");
        var parameters = call.Parameters;
        var defaults = ScheduleShape.DefaultSettings(parameters.Obj("default_settings"), schedule.Obj("default_settings"));
        var metadata = Metadata.Merge(schedule.Obj("metadata"), parameters);
        var endBehavior = ScheduleShape.EndBehavior(parameters);
        var phases = parameters.ContainsKey("phases") ? NewPhases(schedule, parameters, defaults) : null;

        var before = schedule.CopyObject();
        schedule["metadata"] = metadata;
        schedule["default_settings"] = defaults;
        schedule["end_behavior"] = endBehavior ?? schedule.Text("end_behavior");
        if (phases is not null)
        {
            schedule["phases"] = phases;
        }

        if (schedule.Text("status") == "active")
        {
            schedules.Reshape(schedule, parameters.Text("proration_behavior") ?? "create_prorations");
        }
        else
        {
            schedules.Arm(schedule);
        }

        world.Events.EmitIfChanged("subscription_schedule.updated", schedule, before);
        return schedule;
    }

    // Past phases stay on record; those of the request replace the current and all future ones.
    private JsonArray NewPhases(JsonObject schedule, JsonObject parameters, JsonObject defaults)
    {
        List<JsonObject> given = [.. parameters.Objects("phases")];
        if (given.Count == 0 || !given[0].ContainsKey("start_date"))
        {
            throw ApiException.Missing("phases[0][start_date]");
        }

        var current = schedule.Obj("current_phase")?.Number("start_date");
        List<JsonObject> past = [.. schedule.Objects("phases").Where(phase => current is not null && phase.Number("start_date") < current)];
        var repeated = given.TakeWhile(phase => past.Any(p => p.Number("start_date") == phase.MaybeNumber("start_date") && p.Number("end_date") == phase.MaybeNumber("end_date"))).Count();
        var kept = given[repeated..];
        if (kept.Count == 0)
        {
            throw ApiException.Invalid("The current phase must be sent again with every update.", "phases");
        }

        var start = kept[0].Text("start_date") == "now" ? world.Now : kept[0].MaybeNumber("start_date") ?? current ?? world.Now;
        if (current is not null && start != current)
        {
            throw ApiException.Invalid("The start date of the current phase cannot be changed.", $"phases[{repeated}][start_date]");
        }

        // Later words for a moment are resolved by the phase before.
        foreach (var phase in kept.Where(phase => phase.Text("start_date") == "now"))
        {
            phase["start_date"] = world.Now;
        }

        var anchor = past.Count > 0 ? past[0].Number("start_date") : start;
        var phases = reader.Read(kept, start, defaults, repeated, anchor);
        CheckEnd(phases);
        return [.. past.Select(JsonNode? (phase) => phase.DeepClone()), .. phases.Select(phase => phase!.DeepClone())];
    }
}
