using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Hub.Core.Contracts;
using Hub.Core.Contracts.Preview;
using Hub.Core.Money;
using static Hub.Core.Tests.Contracts.Deals;

namespace Hub.Core.Tests.Contracts.Preview;

public sealed partial class PreviewPageTests
{
    private const string Hostile = "</bdi></title></style><script>alert(1)</script><img src=x onerror=\"alert('2')\"> & '\"\u0000\u0007\uD800 \u202Eevil";

    // 40 × 300.00 less 10 % = 10,800.00 and 450.00 once on 15 October 2026.
    [Fact]
    public void Page_shows_every_invoice_with_its_derivation_and_what_the_year_comes_to()
    {
        XDocument page = Page(Of(New()
            .Line("SEAT", 40, 300, ("Discount", 10), ("Hub_Show_Discount__c", true))
            .OneTime("SETUP", 1, 450)));

        Assert.Equal(
            ["2026-10-15 | 2026-11-04 | SETUP | 1 × USD 450.00, once, on the first invoice | 450.00 | 11,250.00", "SEAT | 40 × USD 300.00 less 10 % for 2026-10-15 to 2027-10-14 | 10,800.00"],
            Rows(page, "deal1-invoices"));
        Assert.Equal(["1 | 2026-10-15 | 2027-10-14 | SEAT: 40 × 300.00 per year, less 10 %SETUP: 1 × 450.00 once"], Rows(page, "deal1-phases"));
        Assert.Contains("Will be billed as shown: 1 invoice, together USD 11,250.00.", Text(page), StringComparison.Ordinal);
        Assert.Contains(PreviewPage.Note, Text(page), StringComparison.Ordinal);
    }

    // The coupon is the whole item's: 40 × 20.00.
    [Fact]
    public void Page_shows_percentage_and_amount_in_the_order_in_which_they_apply()
    {
        XDocument page = Page(Of(New()
            .Line("SEAT", 40, 300, ("Discount", 10), ("Hub_Discount_Amount__c", 20), ("Hub_Show_Discount__c", true))
            .OneTime("SETUP", 1, 450, ("Hub_Discount_Amount__c", 50), ("Hub_Show_Discount__c", true))));

        Assert.Equal(["1 | 2026-10-15 | 2027-10-14 | SEAT: 40 × 300.00 per year, less 10 %, less 800.00 togetherSETUP: 1 × 450.00 once, less 50.00 together"], Rows(page, "deal1-phases"));
        Assert.Contains("SEAT | 40 × USD 300.00 less 10 % less USD 800.00 for 2026-10-15 to 2027-10-14 | 10,000.00", Rows(page, "deal1-invoices"));
    }

    [Fact]
    public void Totals_per_year_sum_to_the_whole()
    {
        XDocument page = Page(Of(New().With(("Hub_Term_Months__c", 24), ("Hub_Billing_Frequency__c", "Quarterly")).Line("SEAT", 10, 1200)));

        XElement years = page.Descendants().Single(element => element.Name.LocalName == "tbody" && (string?)element.Attribute("class") == "years");
        Assert.Equal(["2026 | 1 | 3,000.00", "2027 | 4 | 12,000.00", "2028 | 3 | 9,000.00"], Rows(years));
        Assert.Contains("Total82", years.Parent!.Value.Replace("4,000.00", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    // Free months are hatched, mixed frequencies have a lane each, and the picture says in words what it shows.
    [Fact]
    public void Timeline_has_a_box_per_phase_a_lane_per_product_and_a_mark_per_invoice()
    {
        Deals deal = New()
            .With(("Hub_Contract_Start__c", "2026-11-01"), ("Hub_Free_Months__c", 3))
            .Line("SEAT", 10, 600, ("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SUPPORT", 1, 1200, ("Hub_Billing_Frequency__c", "Quarterly"));

        XElement picture = Page(Of(deal)).Descendants().Single(element => element.Name.LocalName == "svg");

        string[] titles = [.. picture.Descendants().Where(element => element.Name.LocalName == "title").Select(element => element.Value)];
        Assert.Contains("Phase 1 free: 2026-11-01 to 2027-01-31", titles);
        Assert.Contains("Phase 2: 2027-02-01 to 2027-10-31", titles);
        Assert.Contains("SEAT: 10 × 50.00 per month, 2027-02-01 to 2027-10-31", titles);
        Assert.Contains("SUPPORT: 1 × 300.00 per quarter, 2027-02-01 to 2027-10-31", titles);
        Assert.Equal(9, titles.Count(title => Invoice().IsMatch(title)));
        Assert.Equal("img", (string?)picture.Attribute("role"));
        string[] described = ((string)picture.Attribute("aria-labelledby")!).Split(' ');
        Assert.All(described, id => Assert.Single(picture.Descendants(), element => (string?)element.Attribute("id") == id));
        Assert.Contains("2 phases from 2026-11-01 to 2027-10-31, 9 invoices", picture.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_deal_shows_every_finding_with_its_way_out()
    {
        ContractPreview preview = Of(New()
            .With(("Hub_Payment_Terms__c", "Net 17"), ("Hub_Contract_Start__c", null), ("Amount", 1), ("Hub_Billing_Contact__c", null))
            .Product("SEAT", ("IsActive", false), ("Hub_Stripe_Product_Id__c", null))
            .Line("SEAT", 1.5m, 300, ("Hub_Price_Basis__c", null)));
        ImmutableArray<Problem> problems = Assert.IsType<PlanOutcome.Rejected>(preview.Outcome).Problems;

        string text = Text(Page(preview));

        Assert.True(problems.Length >= 8, $"{problems.Length} findings");
        Assert.All(problems, problem => Assert.Contains($"{problem.Message}{problem.Fix}Field {problem.Object}.{problem.Field} of record {problem.RecordId}", text, StringComparison.Ordinal));
        Assert.Contains($"Cannot be billed yet: {problems.Length} findings.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Every invoice", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Deal_that_waits_for_an_approval_shows_why_and_what_it_would_be_billed()
    {
        Deals deal = New().Line("SEAT", 40, 300);
        var reason = new Problem("approval-needed", "Opportunity", OpportunityId, "Amount", "12000", "The deal is above 10000.", "Have it approved.");

        string text = Text(Page(new ContractPreview(deal.Snapshot(), BillingSnapshot.Empty, new PlanOutcome.AwaitsApproval(deal.Planned(), [reason]), [])));

        Assert.Contains("Waits for an approval, then billed as shown: 1 invoice, together USD 12,000.00.", text, StringComparison.Ordinal);
        Assert.Contains("The deal is above 10000.Have it approved.", text, StringComparison.Ordinal);
        Assert.Contains("Every invoice", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_from_outside_stay_words()
    {
        Deals deal = New()
            .With(("Name", Hostile), ("StageName", Hostile), ("Hub_PO_Number__c", Hostile[..60]))
            .Account(("Name", Hostile)).Contact(("Email", "\"<script>\"@acme.example"))
            .Product("SEAT", ("ProductCode", Hostile), ("Hub_Stripe_Product_Id__c", "prod_<b>"))
            .Line("SEAT", 40, 300);
        ContractPreview planned = Of(deal) with { Stripe = new StripeAgreement(null, [], Hostile) };
        ContractPreview refused = Of(New().With(("Name", Hostile), ("Hub_Payment_Terms__c", Hostile)).Line("SEAT", 1, 300));

        string html = PreviewPage.Write([planned, refused]);

        XDocument page = Strict(html);
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "img" or "iframe" or "object" or "form");
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.All(page.Descendants().Attributes(), attribute => Assert.False(
            attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name.LocalName == "style", attribute.ToString()));
        Assert.All(page.Descendants().Attributes("href"), link => Assert.Matches("^#deal[0-9]+$", link.Value));
        Assert.Single(page.Descendants(), element => element.Name.LocalName == "style");
        Assert.Contains("<script>alert(1)</script>", Text(page), StringComparison.Ordinal);
        Assert.Contains("\uFFFD", Text(page), StringComparison.Ordinal);
    }

    // A browser reads HTML, not XML: it takes <td/> for an opening tag, and text in a style element as it stands.
    [Fact]
    public void Page_means_the_same_to_a_browser_as_to_an_XML_reader()
    {
        string html = PreviewPage.Write([Of(New().With(("Name", null)).Line("SEAT", 1, 300))]);

        Assert.StartsWith("<!DOCTYPE html>\n<html", html, StringComparison.Ordinal);
        Assert.All(SelfClosed().Matches(html), closed => Assert.Contains(closed.Groups[1].Value, (string[])["meta", "br", "rect", "line", "path"]));
        string style = html.Split("<style>")[1].Split("</style>")[0];
        Assert.DoesNotContain("&", style, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", html, StringComparison.Ordinal);
        Assert.Contains($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'", PreviewPage.ContentPolicy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", PreviewPage.ContentPolicy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", PreviewPage.ContentPolicy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", PreviewPage.ContentPolicy, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_deals_are_one_page_whose_parts_have_ids_of_their_own()
    {
        ContractPreview one = Of(New().Line("SEAT", 1, 300));

        XDocument page = Page(one, one, Of(New().With(("Hub_Hold_Billing__c", true)).Line("SEAT", 1, 300)));

        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(["#deal1", "#deal2", "#deal3"], page.Descendants().Attributes("href").Select(link => link.Value));
        Assert.Contains("Hub_Hold_Billing__c", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Metered_usage_is_named_and_not_counted_as_nothing()
    {
        string[] rows = Rows(Page(Of(New().With(("Hub_Billing_Frequency__c", "Monthly"), ("Hub_Term_Months__c", 2)).Line("SEAT", 1, 600).Usage("API", 0.5m))), "deal1-invoices");

        Assert.Equal("2026-11-15 | 2026-12-05 | SEAT | 1 × USD 50.00 for 2026-11-15 to 2026-12-14 | 50.00 | 50.00plus usage", rows[1]);
        Assert.EndsWith("| as metered | as metered", rows[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Open_opportunity_is_told_apart_from_a_won_one()
    {
        ContractPreview preview = Of(New().With(("IsWon", false), ("IsClosed", false), ("StageName", "Negotiation")).Line("SEAT", 1, 300)) with { ProcessedOn = Date("2026-10-01") };

        Assert.Contains(
            "Would be billed as shown: 1 invoice, together USD 300.00. The opportunity is not won; this is what it would come to if it were won on 2026-10-01.",
            Text(Page(preview)), StringComparison.Ordinal);
    }

    // 120 months with a step each month but no limit on phases: the picture holds, and the page stays below a megabyte.
    [Fact]
    public void Ten_years_of_monthly_steps_make_one_page()
    {
        Deals deal = New().With(("Hub_Contract_Start__c", "2026-11-01"), ("Hub_Term_Months__c", 120), ("Hub_Billing_Frequency__c", "Monthly"));
        for (int month = 0; month < 120; month++)
        {
            NodaTime.LocalDate start = Date("2026-11-01").PlusMonths(month);
            deal.Line("SEAT", 10 + month, 50, ("Hub_Price_Basis__c", "Month"), ("Hub_Line_Start__c", $"{start:uuuu-MM-dd}"), ("Hub_Line_End__c", $"{start.PlusMonths(1).PlusDays(-1):uuuu-MM-dd}"));
        }

        PlanOutcome outcome = deal.Plan(options: new() { RollingPhases = true });
        string html = PreviewPage.Write([new(deal.Snapshot(), BillingSnapshot.Empty, outcome, [])]);

        Assert.Equal(120, Rows(Strict(html), "deal1-phases").Length);
        Assert.InRange(html.Length, 50_000, 1_000_000);
    }

    [Fact]
    public void Difference_to_Stripe_is_said_in_amounts()
    {
        var stripe = new StripeAgreement(false, [new(null, new(30000, Currency.Usd), new(29000, Currency.Usd))], null);

        string text = Text(Page(Of(New().Line("SEAT", 1, 300)) with { Stripe = stripe }));

        Assert.Contains("The total is USD 300.00 in the plan and USD 290.00 in Stripe's own preview.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_are_listed_folded_and_encoded()
    {
        var step = new PlannedStep("customers.create", "customers.create:001", JsonSerializer.SerializeToElement(new { name = "<Acme> & Söhne" }));
        ContractPreview preview = Of(New().Line("SEAT", 1, 300)) with { Steps = [step] };

        XElement details = Page(preview).Descendants().Single(element => element.Name.LocalName == "details");

        Assert.Null(details.Attribute("open"));
        Assert.Contains("1 Stripe call that a sync would make", details.Value, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"<Acme> & Söhne\"", details.Value, StringComparison.Ordinal);
    }

    private static ContractPreview Of(Deals deal) => new(deal.Snapshot(), BillingSnapshot.Empty, deal.Plan(), []);

    private static XDocument Page(params ContractPreview[] previews) => Strict(PreviewPage.Write([.. previews]));

    private static XDocument Strict(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private static string Text(XDocument page) => page.Descendants().Single(element => element.Name.LocalName == "main").Value;

    private static string[] Rows(XDocument page, string caption)
    {
        XElement table = page.Descendants().Single(element => (string?)element.Attribute("id") == caption).Parent!;
        return [.. table.Elements().Where(part => part.Name.LocalName == "tbody").SelectMany(Rows)];
    }

    private static string[] Rows(XElement body) => [.. body.Elements().Select(row => string.Join(" | ", row.Elements().Select(cell => cell.Value)))];

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d: USD ")]
    private static partial Regex Invoice();

    [GeneratedRegex(@"<([a-z]+)(?: [^<>]*)? />")]
    private static partial Regex SelfClosed();
}
