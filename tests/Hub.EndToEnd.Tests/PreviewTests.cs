using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Hub.EndToEnd.Tests.Replay;
using Hub.EndToEnd.Tests.Support;
using Hub.Sandbox.Seed;

namespace Hub.EndToEnd.Tests;

/// <summary>Previews on the running host: what they say comes true, and asking changes nothing anywhere.</summary>
public sealed class PreviewTests(PreviewTests.Running running) : IClassFixture<PreviewTests.Running>
{
    private static readonly string[] Deals = ["annual-prepaid", "three-year-ramp", "one-time-only", "yen"];

    private SandboxStack Stack => running.Stack;

    [Fact]
    public async Task Previews_work_where_every_write_fails_and_leave_no_trace()
    {
        string[] before = await Everything();
        try
        {
            await Stack.Fault(new { kind = "status", module = "stripe", method = "POST", times = 1000 }, running.Ct);
            foreach (string method in (string[])["PATCH", "PUT", "DELETE"])
            {
                await Stack.Fault(new { kind = "status", method, times = 1000 }, running.Ct);
            }

            await Stack.Fault(new { kind = "status", module = "salesforce", method = "POST", path = "*/sobjects*", times = 1000 }, running.Ct);

            // The first deal is the one that another test has synced.
            foreach (string id in running.Ids[1..])
            {
                Assert.Equal("planned", (await Preview(id)).GetProperty("outcome").GetString());
                Assert.Equal(HttpStatusCode.OK, (await Get($"/api/opportunities/{id}/preview?format=html")).StatusCode);
            }
        }
        finally
        {
            await Stack.ClearFaults(running.Ct);
        }

        Assert.Equal(before, await Everything());
    }

    // The preview says it, the record of the sync repeats it, and Stripe then holds an invoice of the first amount.
    [Fact]
    public async Task What_a_preview_says_is_what_a_sync_then_does()
    {
        string id = running.Ids[0];
        JsonElement preview = await Preview(id);

        await Stack.Host.Client.Post($"/api/opportunities/{id}/sync", running.Ct);
        await Stack.Host.Client.WaitUntilIdle(running.Ct);

        JsonElement plan = (await Stack.Host.Client.Get($"/api/opportunities/{id}", running.Ct)).GetProperty("plan");
        Assert.Equal(preview.GetProperty("invoices").GetRawText().Where(NotBlank), plan.GetProperty("invoices").GetRawText().Where(NotBlank));
        Assert.Equal(preview.GetProperty("schedule").GetRawText().Where(NotBlank), plan.GetProperty("schedule").GetRawText().Where(NotBlank));
        JsonElement again = await Preview(id);
        Assert.Equal(("unchanged", 0), (again.GetProperty("outcome").GetString(), again.GetProperty("steps").GetArrayLength()));
    }

    [Fact]
    public async Task Open_opportunity_is_previewed_and_Stripe_itself_agrees_with_the_first_invoice()
    {
        string[] before = await Everything();

        Assert.All(
            await Task.WhenAll(running.Ids[1..].Select(id => Preview(id, "?compare=stripe"))),
            preview => Assert.Equal("""{"agrees":true,"reason":null,"differences":[]}""", string.Concat(preview.GetProperty("stripePreview").GetRawText().Where(NotBlank))));
        Assert.Equal(before, await Everything());
    }

    [Fact]
    public async Task Page_is_what_a_browser_asks_for_and_comes_with_a_policy_without_scripts()
    {
        using HttpResponseMessage answer = await Get($"/api/opportunities/{running.Ids[1]}/preview", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.EndsWith("; frame-ancestors https://acme.lightning.force.com https://*.my.salesforce.com", policy, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        XDocument page = Strict(await answer.Content.ReadAsStringAsync(running.Ct));
        Assert.Contains("Preview — nothing was written", page.Root!.Value, StringComparison.Ordinal);
        Assert.Contains("Account & <Sons>", page.Root.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName == "script");
    }

    [Theory]
    [InlineData("?format=json", "text/html", "application/json")]
    [InlineData("", "application/json", "application/json")]
    [InlineData("", "text/html;q=0.1,application/json", "application/json")]
    [InlineData("", null, "application/json")]
    [InlineData("?format=html", "application/json", "text/html")]
    public async Task Format_is_the_stated_one_else_the_one_that_is_accepted_first(string query, string? accept, string type)
    {
        using HttpResponseMessage answer = await Get($"/api/opportunities/{running.Ids[1]}/preview{query}", accept);

        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("006000000000404AAA/preview", HttpStatusCode.NotFound)]
    [InlineData("nobody/preview", HttpStatusCode.BadRequest)]
    [InlineData("006000000000404AAA/preview?format=pdf", HttpStatusCode.BadRequest)]
    [InlineData("006000000000404AAA/preview?compare=paypal", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_previewed_is_refused_in_words(string path, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await Get($"/api/opportunities/{path}");

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("stripe", "/v1/*", "Stripe cannot be read at the moment")]
    [InlineData("salesforce", "*/composite*", "Salesforce cannot be read at the moment")]
    public async Task Where_one_of_the_systems_cannot_be_read_the_answer_is_to_try_again(string module, string path, string detail)
    {
        await Stack.Fault(
            new { kind = "status", module, path, status = 500, times = 1000, headers = new Dictionary<string, string> { ["Stripe-Should-Retry"] = "false" } }, running.Ct);
        try
        {
            using HttpResponseMessage answer = await Get($"/api/opportunities/{running.Ids[1]}/preview");

            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(30)), (answer.StatusCode, answer.Headers.RetryAfter?.Delta));
            Assert.Contains(detail, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(running.Ct)).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            await Stack.ClearFaults(running.Ct);
        }
    }

    [Fact]
    public async Task Link_opens_the_page_without_a_key_until_it_ends()
    {
        using var anybody = new HttpClient { BaseAddress = Stack.Host.Url };
        string direct = $"/api/opportunities/{running.Ids[1]}/preview";
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync(new Uri(direct, UriKind.Relative), running.Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.PostAsync(new Uri(direct + "-links", UriKind.Relative), null, running.Ct)).StatusCode);
        JsonElement link = await Stack.Host.Client.Post(direct + "-links", running.Ct);
        var path = new Uri(link.GetProperty("path").GetString()!, UriKind.Relative);

        using HttpResponseMessage page = await anybody.GetAsync(path, running.Ct);
        using HttpResponseMessage forged = await anybody.GetAsync(new Uri(path + "A", UriKind.Relative), running.Ct);
        await Stack.World.AdvanceTo((await Stack.World.Now(running.Ct)).AddMinutes(3), running.Ct);
        await Within.Seconds(10, "the link ends", async () => (await anybody.GetAsync(path, running.Ct)).StatusCode == HttpStatusCode.NotFound);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Contains("<h1>Billing preview</h1>", await page.Content.ReadAsStringAsync(running.Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, forged.StatusCode);
    }

    private static bool NotBlank(char letter) => !char.IsWhiteSpace(letter);

    private static XDocument Strict(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        return XDocument.Load(reader);
    }

    private async Task<JsonElement> Preview(string id, string query = "") => await Stack.Host.Client.Get($"/api/opportunities/{id}/preview{query}", running.Ct);

    private async Task<HttpResponseMessage> Get(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Accept.Clear();
            Assert.True(request.Headers.TryAddWithoutValidation("Accept", accept));
        }

        return await Stack.Host.Http.SendAsync(request, running.Ct);
    }

    // What both systems and the Hub's own tables hold, and what Salesforce noted of changes.
    private async Task<string[]> Everything() =>
    [
        .. await Snapshot.StripeObjects(Stack, running.Ct),
        .. await Snapshot.SalesforceRecords(Stack, running.Ct),
        await Stack.Read("/sandbox/salesforce/changes", running.Ct),
        .. await Stack.Storage.Rows(running.Ct),
    ];

    /// <summary>One host for all tests of the class; the first deal is won, the others are still open.</summary>
    public sealed class Running : IAsyncLifetime
    {
        internal SandboxStack Stack { get; private set; } = null!;

        internal CancellationToken Ct { get; } = Within.Minutes(3);

        internal string[] Ids { get; private set; } = [];

        public async Task InitializeAsync()
        {
            Stack = await SandboxStack.Start(
                new Dictionary<string, string>
                {
                    ["Preview__LinkKey"] = "0123456789abcdef0123456789abcdef",
                    ["Preview__LinkMinutes"] = "2",
                    ["Preview__FrameAncestors"] = "https://acme.lightning.force.com, https://*.my.salesforce.com",
                },
                Ct);
            JsonObject catalogue = Samples.Catalogue();
            await Stack.Insert(catalogue, Ct);
            foreach (string deal in Deals)
            {
                JsonObject records = Samples.Records(deal);
                records["Account"]![0]!["Name"] = "Account & <Sons>";
                JsonNode opportunity = records["Opportunity"]![0]!;
                if (deal != Deals[0])
                {
                    (opportunity["IsWon"], opportunity["IsClosed"], opportunity["StageName"]) = (false, false, "Negotiation/Review");
                }

                Ids = [.. Ids, (string)opportunity["Id"]!];
                await Stack.Insert(records, Ct);
            }

            foreach (JsonNode? product in catalogue["Product2"]!.AsArray())
            {
                if ((string?)product!["Hub_Stripe_Product_Id__c"] is { } id)
                {
                    await Stack.World.StripePost("/v1/products", new Dictionary<string, string> { ["id"] = id, ["name"] = (string)product["Name"]! }, Ct);
                }
            }
        }

        public async Task DisposeAsync() => await Stack.DisposeAsync();
    }
}
