using System.Text.Json.Nodes;
using Hub.Sandbox.Kernel;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Previews what does not exist yet by doing it in a copy of the account, which is thrown away.</summary>
public sealed class Rehearsal(World world, StripeSettings settings)
{
    private static readonly string[] Subjects = ["subscription", "schedule", "schedule_details", "invoice_items"];

    /// <summary>Whether a preview is of a new schedule or of new items, rather than of a subscription's renewal.</summary>
    /// <exception cref="ApiException">The request is about nothing, or about two things at once.</exception>
    public static bool Concerns(JsonObject parameters)
    {
        string[] given = [.. Subjects.Where(parameters.ContainsKey)];
        if (given.Length == 0)
        {
            throw ApiException.Invalid("You must provide at least one of: `subscription`, `schedule`, `subscription_details.items`, `schedule_details.phases`, `invoice_items`.");
        }

        if (parameters.ContainsKey("schedule_details") && parameters.ContainsKey("subscription"))
        {
            throw ApiException.Invalid("You may only specify one of these parameters: schedule_details, subscription.", "schedule_details", "parameters_exclusive");
        }

        if (given.Length > 1)
        {
            Refusals.NotPlayed(parameters, given.AsSpan(1));
        }

        if (given[0] is "subscription" or "schedule")
        {
            Refusals.NotPlayed(parameters, "customer_details");
            return false;
        }

        return true;
    }

    /// <summary>The first invoice there would be, as a draft without number.</summary>
    /// <exception cref="ApiException">What is to be previewed could not be created either, or bills nothing.</exception>
    public JsonObject FirstInvoice(JsonObject parameters)
    {
        var phases = parameters.Obj("schedule_details") is { } details ? Phases(details) : null;
        var start = phases is null ? world.Now : Start(phases[0]);
        using var clock = new SandboxClock(DateTimeOffset.FromUnixTimeSeconds(Math.Max(start, world.Now)));
        var copy = new World(clock);
        copy.Store.CopyFrom(world.Store);
        var routes = new Routes();
        _ = new Account(copy, settings, routes);
        var before = copy.Store.All("invoice").Select(invoice => invoice.Id()).ToHashSet(StringComparer.Ordinal);
        var customer = Customer(parameters, copy, routes);
        if (phases is null)
        {
            Invoice(parameters, customer, routes);
        }
        else
        {
            Schedule(parameters.Obj("schedule_details")!, phases, start, customer, routes);
        }

        return copy.Store.All("invoice").FirstOrDefault(invoice => !before.Contains(invoice.Id())) is { } first
            ? Shown(first)
            : throw ApiException.Coded(404, "invoice_upcoming_none", "No upcoming invoices for this schedule.");
    }

    private static List<JsonObject> Phases(JsonObject details)
    {
        List<JsonObject> phases = [.. details.Objects("phases")];
        return phases.Count == 0 ? throw ApiException.Missing("schedule_details[phases]")
            : !phases[0].ContainsKey("start_date") ? throw ApiException.Missing("schedule_details[phases][0][start_date]")
            : phases;
    }

    private long Start(JsonObject phase) => phase.Text("start_date") == "now" ? world.Now : phase.Number("start_date");

    private static string Customer(JsonObject parameters, World copy, Routes routes)
    {
        if (parameters.ContainsKey("customer") == parameters.ContainsKey("customer_details"))
        {
            throw parameters.ContainsKey("customer")
                ? ApiException.Invalid("The sandbox previews for a customer or for the details of one.", "customer_details")
                : ApiException.Missing("customer");
        }

        if (parameters.Text("customer") is { } known)
        {
            return copy.Store.Get("customer", known, "customer").Id();
        }

        var details = parameters.Obj("customer_details")!;
        Refusals.NotPlayed(details, "tax", "tax_ids");
        return Play(routes, "POST", "/v1/customers", details.CopyObject()).Id();
    }

    private static void Schedule(JsonObject details, List<JsonObject> phases, long start, string customer, Routes routes)
    {
        Refusals.NotPlayed(details, "proration_behavior");
        var given = new JsonObject { ["customer"] = customer, ["start_date"] = start };
        foreach (var name in (string[])["billing_mode", "end_behavior"])
        {
            if (details.ContainsKey(name))
            {
                given[name] = details.Copy(name);
            }
        }

        given["phases"] = phases.Select(JsonNode? (phase, at) =>
        {
            var copied = phase.CopyObject();
            if (at == 0)
            {
                copied.Remove("start_date");
            }

            return copied;
        }).ToArray();
        Play(routes, "POST", "/v1/subscription_schedules", given);
    }

    private static void Invoice(JsonObject parameters, string customer, Routes routes)
    {
        var currency = parameters.Text("currency") ?? throw ApiException.Missing("currency");
        var draft = Play(routes, "POST", "/v1/invoices", new JsonObject { ["customer"] = customer, ["currency"] = currency, ["auto_advance"] = false, ["pending_invoice_items_behavior"] = "include" });
        foreach (var item in parameters.Objects("invoice_items"))
        {
            Refusals.NotPlayed(item, "invoiceitem", "unit_amount", "tax_behavior", "tax_code");
            var given = item.CopyObject();
            given["customer"] = customer;
            given["invoice"] = draft.Id();
            if (given.Text("price") is { } price)
            {
                given.Remove("price");
                given["pricing"] = new JsonObject { ["price"] = price };
            }

            Play(routes, "POST", "/v1/invoiceitems", given);
        }
    }

    private static JsonObject Play(Routes routes, string method, string path, JsonObject parameters)
    {
        var (operation, ids) = routes.Find(method, path);
        return routes.Execute(new Call(operation, ids, parameters, path));
    }

    private JsonObject Shown(JsonObject first)
    {
        var invoice = first.CopyObject();
        invoice["id"] = world.Store.NewId("upcoming_in");
        return invoice;
    }
}
