using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Contracts.Preview;
using Hub.Core.Money;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Tests.Contracts.Preview;

public sealed class PreviewContractTests
{
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ContractPorts _ports = new();
    private readonly Asked _stripe = new();
    private readonly ContractsOptions _options = new();

    [Fact]
    public async Task An_opportunity_Salesforce_does_not_show_has_no_preview() => Assert.Null(await Preview());

    [Fact]
    public async Task Open_opportunity_is_planned_as_if_it_were_won_today_and_nothing_is_written()
    {
        _ports.Put(Deals.New().With(("IsWon", false), ("IsClosed", false)).Line("SEAT", 40, 300).Snapshot());

        ContractPreview preview = (await Preview())!;

        BillingPlan plan = Assert.IsType<PlanOutcome.Planned>(preview.Outcome).Plan;
        Assert.Equal(["2026-10-15 1200000 due 2026-11-04: SEAT 1200000"], Deals.Invoices(plan));
        Assert.Equal(new LocalDate(2026, 10, 1), preview.ProcessedOn);
        Assert.Equal("customers.create", Assert.Single(preview.Steps).Operation);
        Assert.Null(preview.Stripe);
        Assert.Equal((0, 0, 0), (_ports.Effects, _ports.StripeCalls, _stripe.Priced));
        Assert.Empty(_ports.Records);
    }

    [Fact]
    public async Task Won_opportunity_keeps_the_day_it_was_processed_on()
    {
        // Stored with this plan on 20 September: previewed in October it is still that plan.
        Deals deal = Deals.New().Line("SEAT", 40, 300);
        _ports.Put(deal.Snapshot());
        _ports.Records[Id] = ContractStates.Applying(ContractStates.New(Id), deal.Plan("2026-09-20"), new(2026, 9, 20), Instant.MinValue) with { ETag = "W/1" };

        Assert.Equal(new LocalDate(2026, 9, 20), (await Preview())!.ProcessedOn);
    }

    [Fact]
    public async Task Json_is_the_entry_of_the_plan()
    {
        _ports.Put(Deals.New().With(("Hub_Payment_Terms__c", "Net 17")).Line("SEAT", 40, 300).Snapshot());

        using JsonDocument json = JsonDocument.Parse(PreviewJson.Text((await Preview())!));

        Assert.Equal(
            ["opportunityId", "outcome", "findings", "customer", "schedule", "invoices", "total", "currency", "steps"],
            json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("rejected", "usd"), (json.RootElement.GetProperty("outcome").GetString(), json.RootElement.GetProperty("currency").GetString()));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Stripe_is_asked_on_request_or_by_setting(bool request, bool setting)
    {
        _ports.Put(Deals.New().Line("SEAT", 40, 300).Snapshot());
        _options.CompareWithStripePreview = setting;
        _stripe.Pricing = Priced(1_200_000, ("prod_SEAT", 1_200_000));

        StripeAgreement stripe = (await Preview(request))!.Stripe!;

        Assert.Equal((true, 1), (stripe.Agrees, _stripe.Priced));
        Assert.Empty(stripe.Differences);
    }

    [Fact]
    public async Task Differences_are_named_by_product_and_in_total()
    {
        _ports.Put(Deals.New().Line("SEAT", 40, 300).OneTime("SETUP", 1, 450).Snapshot());
        _stripe.Pricing = Priced(1_200_500, ("prod_SEAT", 1_200_000), ("prod_OTHER", 500));

        using JsonDocument json = JsonDocument.Parse(PreviewJson.Text((await Preview(compare: true))!));

        Assert.Equal(
            """{"agrees":false,"reason":null,"differences":[{"product":"prod_OTHER","planned":0,"stripe":500,"message":"prod_OTHER is USD 0.00 in the plan and USD 5.00 in Stripe's own preview."},{"product":"SETUP","planned":45000,"stripe":0,"message":"SETUP is USD 450.00 in the plan and USD 0.00 in Stripe's own preview."},{"product":null,"planned":1245000,"stripe":1200500,"message":"The total is USD 12450.00 in the plan and USD 12005.00 in Stripe's own preview."}]}""",
            JsonSerializer.Serialize(json.RootElement.GetProperty("stripePreview"), Plain));
    }

    // The rate's percentage was not read: Stripe's total has 20 % that the plan cannot know.
    [Fact]
    public async Task Tax_the_plan_does_not_know_is_no_difference()
    {
        _ports.TaxRates.Add("txr_1");
        _ports.Put(Deals.New().Account(("Hub_Tax_Rate_Id__c", "txr_1")).Line("SEAT", 40, 300).Snapshot());
        _stripe.Pricing = new StripePricing.Priced(new(1_440_000, Currency.Usd), new(1_200_000, Currency.Usd), null);

        Assert.True((await Preview(compare: true))!.Stripe!.Agrees);
    }

    [Fact]
    public async Task A_refused_deal_is_not_priced()
    {
        _ports.Put(Deals.New().With(("Hub_Payment_Terms__c", "Net 17")).Line("SEAT", 40, 300).Snapshot());

        StripeAgreement stripe = (await Preview(compare: true))!.Stripe!;

        Assert.Equal((null, 0), (stripe.Agrees, _stripe.Priced));
        Assert.NotNull(stripe.Reason);
    }

    [Fact]
    public void Link_opens_its_opportunity_until_its_end_and_nothing_else()
    {
        const string key = "0123456789abcdef0123456789abcdef";
        Instant end = Instant.FromUtc(2026, 10, 1, 9, 10);
        string token = PreviewLink.Token(Id, end, key);

        Assert.Equal(Id, PreviewLink.Opens(token, end - Duration.FromSeconds(1), key));
        Assert.Null(PreviewLink.Opens(token, end, key));
        Assert.Null(PreviewLink.Opens(token, end - Duration.FromSeconds(1), key + "x"));
        Assert.All(
            (string[])["", ".", "..", "...", token[..^1], token + "A", token.Replace("006", "007", StringComparison.Ordinal), Later(token), $"{token}.{token}"],
            forged => Assert.Null(PreviewLink.Opens(forged, end - Duration.FromSeconds(1), key)));
    }

    private static string Later(string token)
    {
        string[] parts = token.Split('.');
        return $"{parts[0]}.{long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) + 3600}.{parts[2]}";
    }

    private static StripePricing.Priced Priced(long total, params (string Product, long Amount)[] products) => new(
        new(total, Currency.Usd), new(total, Currency.Usd), products.ToImmutableSortedDictionary(product => product.Product, product => new Amount(product.Amount, Currency.Usd), StringComparer.Ordinal));

    private Task<ContractPreview?> Preview(bool compare = false) =>
        new PreviewContract(_ports, _ports, _stripe, _ports, new Stopped(), Options.Create(_options)).Handle(Id, compare, CancellationToken.None);

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 10, 1, 9, 0, 0, TimeSpan.Zero);
    }

    private sealed class Asked : IStripePreview
    {
        public StripePricing Pricing { get; set; } = new StripePricing.NotPriced("Nobody asked.");

        public int Priced { get; private set; }

        public Task<ImmutableArray<PlannedStep>> Steps(BillingPlan plan, CancellationToken ct) =>
            Task.FromResult<ImmutableArray<PlannedStep>>([new("customers.create", "key", JsonSerializer.SerializeToElement(new { }))]);

        public Task<StripePricing> Price(BillingPlan plan, CancellationToken ct)
        {
            Priced++;
            return Task.FromResult(Pricing);
        }
    }
}
