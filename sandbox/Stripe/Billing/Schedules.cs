using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Subscription schedules: phases that shape a subscription as time passes.</summary>
public sealed class Schedules : IPhases
{
    private const string Kind = "subscription_schedule";
    private const long ExpiringSeconds = 7 * 86_400;

    private readonly World world;
    private readonly Subscriptions subscriptions;
    private readonly InvoiceItems invoiceItems;
    private readonly Discounts discounts;
    private readonly PhaseReader reader;

    public Schedules(World world, Subscriptions subscriptions, InvoiceItems invoiceItems, Discounts discounts, PhaseReader reader)
    {
        this.world = world;
        this.subscriptions = subscriptions;
        this.invoiceItems = invoiceItems;
        this.discounts = discounts;
        this.reader = reader;
        subscriptions.Engine.Phases = this;
    }

    public long? NextChange(JsonObject subscription) => Attached(subscription)?.Obj("current_phase")?.Number("end_date");

    public void Change(JsonObject subscription, long at, List<Line> lines)
    {
        var schedule = Attached(subscription)!;
        var before = schedule.CopyObject();
        if (schedule.Objects("phases").FirstOrDefault(phase => phase.Number("start_date") >= at) is { } next)
        {
            Enter(schedule, subscription, next, at, lines);
            world.Events.Emit("subscription_schedule.updated", schedule, before);
        }
        else
        {
            End(schedule, subscription, at, lines);
        }
    }

    public void SubscriptionCanceled(JsonObject subscription)
    {
        if (Attached(subscription) is { } schedule)
        {
            MarkCanceled(schedule);
        }
    }

    public void CancelAllOf(string customer)
    {
        foreach (var schedule in world.Store.All(Kind).Where(s => s.Text("customer") == customer && s.Text("status") is "not_started" or "active" && s.Text("customer") == customer).ToList())
        {
            Cancel(schedule, invoiceNow: false, prorate: false);
        }
    }

    private JsonObject? Attached(JsonObject subscription) =>
        subscription.Text("schedule") is { } id && world.Store.Find(Kind, id) is { } schedule && schedule.Text("status") == "active" ? schedule : null;

    // Starts now what is due, or notes when to.
    public void Arm(JsonObject schedule)
    {
        var start = schedule.Objects("phases").First().Number("start_date");
        if (start <= world.Now)
        {
            Begin(schedule);
            return;
        }

        world.Agenda.At(start, () =>
        {
            if (schedule.Text("status") == "not_started" && schedule.Objects("phases").First().Number("start_date") == start && world.Store.Find(schedule.Id()) is not null)
            {
                Begin(schedule);
            }
        });
    }

    private void Begin(JsonObject schedule)
    {
        var before = schedule.CopyObject();
        var phase = schedule.Objects("phases").First();
        var start = phase.Number("start_date");
        schedule["status"] = "active";
        SetCurrent(schedule, phase);
        var effective = new EffectivePhase(phase, schedule.Obj("default_settings")!);
        var subscription = subscriptions.Open(new SubscriptionTerms(
            world.Store.Get("customer", schedule.Text("customer")!), phase.Text("currency")!, reader.Items(phase), start, phase.MaybeNumber("trial_end") ?? start)
        {
            TrialEnd = phase.MaybeNumber("trial_end"),
            AutomaticTax = effective.AutomaticTax,
            ProrationBehavior = phase.Text("proration_behavior")!,
            CollectionMethod = effective.CollectionMethod,
            DaysUntilDue = effective.DaysUntilDue,
            Discounts = (JsonArray)phase.Copy("discounts")!,
            DefaultTaxRates = (JsonArray)phase.Copy("default_tax_rates")!,
            Metadata = (JsonObject)phase.Copy("metadata")!,
            Description = effective.Description,
            InvoiceSettings = effective.InvoiceSettings,
            DefaultPaymentMethod = effective.DefaultPaymentMethod,
            BillingMode = schedule.Obj("billing_mode"),
            Schedule = schedule.Id(),
            CancelAt = CancelAt(schedule, phase),
            Begun = opened =>
            {
                schedule["subscription"] = opened.Id();
                opened["canceled_at"] = null;
                AddItems(opened, phase);
            },
        });
        schedule["subscription"] = subscription.Id();
        ArmExpiring(schedule);
        world.Events.Emit("subscription_schedule.updated", schedule, before);
    }

    public void ArmExpiring(JsonObject schedule)
    {
        var end = schedule.Objects("phases").Last().Number("end_date");
        world.Agenda.At(Math.Max(end - ExpiringSeconds, world.Now), () =>
        {
            if (schedule.Text("status") == "active" && schedule.Objects("phases").Last().Number("end_date") == end && world.Store.Find(schedule.Id()) is not null)
            {
                world.Events.Emit("subscription_schedule.expiring", schedule);
            }
        });
    }

    private static long? CancelAt(JsonObject schedule, JsonObject phase) =>
        schedule.Text("end_behavior") == "cancel" && ReferenceEquals(schedule.Objects("phases").Last(), phase) ? phase.Number("end_date") : null;

    public static void SetCurrent(JsonObject schedule, JsonObject phase) =>
        schedule["current_phase"] = new JsonObject { ["end_date"] = phase.Copy("end_date"), ["start_date"] = phase.Copy("start_date") };

    private void Enter(JsonObject schedule, JsonObject subscription, JsonObject phase, long at, List<Line> lines)
    {
        SetCurrent(schedule, phase);
        Apply(schedule, subscription, phase, at, phase.Text("proration_behavior")!, lines, entering: true);
        AddItems(subscription, phase);
    }

    // Gives the subscription what the phase says: on entering it, or when the running phase was edited.
    private void Apply(JsonObject schedule, JsonObject subscription, JsonObject phase, long at, string behavior, List<Line> lines, bool entering)
    {
        var effective = new EffectivePhase(phase, schedule.Obj("default_settings")!);
        subscription["metadata"] = Metadata.Merge(subscription.Obj("metadata"), phase);
        subscription["collection_method"] = effective.CollectionMethod;
        subscription["days_until_due"] = effective.CollectionMethod == "send_invoice" ? effective.DaysUntilDue : null;
        subscription["default_tax_rates"] = phase.Copy("default_tax_rates");
        subscription["automatic_tax"] = AutomaticTax.Shown(effective.AutomaticTax);
        subscription["default_payment_method"] = effective.DefaultPaymentMethod;
        subscription["description"] = effective.Description;
        subscription["invoice_settings"] = effective.InvoiceSettings;
        subscription["cancel_at"] = CancelAt(schedule, phase);
        subscription["discounts"] = discounts.Give(
            (JsonArray)phase.Copy("discounts")!, subscription.Arr("discounts"), new JsonObject { ["customer"] = subscription.Copy("customer"), ["subscription"] = subscription.Id() }, at);
        var reset = entering && (phase.Text("billing_cycle_anchor") ?? schedule.Obj("default_settings")!.Text("billing_cycle_anchor")) == "phase_start";
        if (reset)
        {
            subscription["billing_cycle_anchor"] = at;
        }

        var until = phase.MaybeNumber("trial_end");
        var trial = until > at && subscription.MaybeNumber("trial_end") != until;
        if (trial)
        {
            // Before the items: one that joins in a free stretch is free like the rest.
            Engine.DeclareTrial(subscription, at, until!.Value);
        }

        subscriptions.Engine.SetItems(subscription, reader.Items(phase), at, behavior, lines);
        if (reset)
        {
            subscriptions.Engine.ResetAnchor(subscription, at, behavior, lines);
        }

        if (trial)
        {
            subscriptions.Engine.StartTrial(subscription, at, until!.Value, lines);
        }
    }

    // One-off charges of a phase wait for the next invoice of the subscription, which is the phase's first if it bills at its start.
    private void AddItems(JsonObject subscription, JsonObject phase)
    {
        foreach (var extra in phase.Objects("add_invoice_items"))
        {
            var price = world.Store.Get("price", extra.Text("price")!);
            var quantity = extra.MaybeNumber("quantity") ?? 1;
            var start = Moment(extra.Obj("period")!.Obj("start")!, phase, Engine.Items(subscription).Max(item => item.Number("current_period_start")));
            var end = Moment(extra.Obj("period")!.Obj("end")!, phase, Engine.Items(subscription).Min(item => item.Number("current_period_end")));
            var line = new Line(Prices.Amount(price, quantity), world.Store.Find("product", price.Text("product")!)?.Text("name"), start, Math.Max(start, end), [], price, quantity)
            {
                Discountable = extra["discountable"] is null || extra.Flag("discountable"),
                Discounts = discounts.Give((JsonArray)extra.Copy("discounts")!, null, new JsonObject { ["customer"] = subscription.Copy("customer"), ["subscription"] = subscription.Id() }, start),
                TaxRates = (JsonArray)extra.Copy("tax_rates")!,
                Metadata = (JsonObject)extra.Copy("metadata")!,
            };
            invoiceItems.Queue(subscription, line, null);
        }
    }

    private static long Moment(JsonObject bound, JsonObject phase, long ofItems) => bound.Text("type") switch
    {
        "phase_start" => phase.Number("start_date"),
        "phase_end" => phase.Number("end_date"),
        "timestamp" => bound.Number("timestamp"),
        _ => ofItems,
    };

    private void End(JsonObject schedule, JsonObject subscription, long at, List<Line> lines)
    {
        if (schedule.Text("end_behavior") == "cancel")
        {
            schedule["status"] = "completed";
            schedule["completed_at"] = at;
            schedule["current_phase"] = null;
            subscriptions.Engine.Cancel(subscription, at, lines);
            world.Events.Emit("subscription_schedule.completed", schedule);
            return;
        }

        Detach(schedule, subscription);
    }

    public void Detach(JsonObject schedule, JsonObject? subscription)
    {
        schedule["status"] = "released";
        schedule["released_at"] = world.Now;
        schedule["released_subscription"] = schedule.Copy("subscription");
        schedule["subscription"] = null;
        schedule["current_phase"] = null;
        if (subscription is not null)
        {
            subscription["schedule"] = null;
        }

        world.Events.Emit("subscription_schedule.released", schedule);
    }

    /// <summary>Ends a schedule and its subscription at this moment.</summary>
    public void Cancel(JsonObject schedule, bool invoiceNow, bool prorate)
    {
        MarkCanceled(schedule);
        if (schedule.Text("subscription") is { } attached && world.Store.Get("subscription", attached) is var subscription && Engine.Runs(subscription))
        {
            subscriptions.CancelNow(subscription, invoiceNow, prorate);
        }
    }

    public void MarkCanceled(JsonObject schedule)
    {
        schedule["status"] = "canceled";
        schedule["canceled_at"] = world.Now;
        schedule["current_phase"] = null;
        world.Events.Emit("subscription_schedule.canceled", schedule);
    }

    public void Reshape(JsonObject schedule, string behavior)
    {
        var subscription = world.Store.Get("subscription", schedule.Text("subscription")!);
        var before = subscription.CopyObject();
        var current = schedule.Objects("phases").First(phase => phase.Number("start_date") == schedule.Obj("current_phase")!.Number("start_date"));
        SetCurrent(schedule, current);
        List<Line> lines = [];
        if (current.Number("end_date") > world.Now)
        {
            Apply(schedule, subscription, current, world.Now, behavior, lines, entering: false);
        }

        subscriptions.Engine.Bill(subscription, lines, "subscription_update", evenIfOnlyPending: behavior == "always_invoice");
        world.Events.EmitIfChanged("customer.subscription.updated", subscription, before);
        ArmExpiring(schedule);
        subscriptions.Engine.Play(subscription);
    }
}
