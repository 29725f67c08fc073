using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Billing;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Events;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe;

/// <summary>The parts of the simulated account, joined to the operations they play.</summary>
public sealed class Account
{
    private readonly World world;
    private readonly StripeSettings settings;
    private readonly WebhookEndpoints endpoints;

    public Account(World world, StripeSettings settings, Routes routes)
    {
        this.world = world;
        this.settings = settings;
        var products = new Products(world);
        var prices = new Prices(world, products);
        var coupons = new Coupons(world);
        var taxRates = new TaxRates(world);
        var discounts = new Discounts(world, coupons);
        Payments = new Payments(world);
        Invoices = new Invoices(world, Payments, discounts);
        var items = new InvoiceItems(world, Invoices, discounts, taxRates, prices);
        Subscriptions = new Subscriptions(world, Invoices, items, discounts, taxRates, prices);
        var phases = new PhaseReader(world, discounts, taxRates, prices);
        Schedules = new Schedules(world, Subscriptions, items, discounts, phases);
        endpoints = new WebhookEndpoints(world);
        new Customers(world, Subscriptions, Schedules).Register(routes);
        products.Register(routes);
        prices.Register(routes);
        coupons.Register(routes);
        taxRates.Register(routes);
        new InvoiceRequests(world, Invoices, Payments, discounts, taxRates, prices).Register(routes);
        items.Register(routes);
        Payments.Register(routes);
        new SubscriptionRequests(world, Subscriptions, discounts, taxRates, prices).Register(routes);
        new ScheduleRequests(world, Schedules, Subscriptions, phases).Register(routes);
        new SubscriptionItems(world, Subscriptions, discounts, taxRates, prices).Register(routes);
        new InvoicePreviews(world, Invoices, Subscriptions, Schedules, new Rehearsal(world, settings)).Register(routes);
        new CreditNotes(world, Invoices, Payments, taxRates).Register(routes);
        new Meters(world, Subscriptions.Engine).Register(routes);
        new EventReads(world).Register(routes);
        endpoints.Register(routes);
        if (routes.WithoutHandler.ToList() is { Count: > 0 } orphans)
        {
            throw new InvalidOperationException($"Declared but not played: {string.Join(", ", orphans)}.");
        }
    }

    public Payments Payments { get; }

    public Invoices Invoices { get; }

    public Subscriptions Subscriptions { get; }

    public Schedules Schedules { get; }

    public Store Store => world.Store;

    public EventLog Events => world.Events;

    public JsonObject Show(JsonObject stored) => world.Expansion.Show(stored);

    public void Open()
    {
        if (settings.WebhookUrl is { } url)
        {
            endpoints.Add(url, ["*"], settings.WebhookSecret);
        }
    }

    public void Close()
    {
        world.Store.Clear();
        world.Agenda.Clear();
        world.Events.Clear();
    }
}
