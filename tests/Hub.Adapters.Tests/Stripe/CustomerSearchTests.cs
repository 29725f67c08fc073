using System.Net;
using Hub.Core.Contracts;

namespace Hub.Adapters.Tests.Stripe;

public sealed class CustomerSearchTests
{
    private readonly List<string> _asked = [];

    [Fact]
    public async Task One_query_asks_for_both_forms_of_the_id_the_name_and_the_company_and_the_oldest_comes_first()
    {
        StripeCustomer[] found = await Find(
            Plans.NewCustomer with { Name = """The "Acme\ Ltd" """ },
            HttpStatusCode.OK,
            """
            {"object":"search_result","url":"/v1/customers/search","has_more":false,"next_page":null,"data":[
              {"id":"cus_2","object":"customer","created":200,"name":"Acme","email":"a@acme.example","metadata":{"sf_account_id":""},
               "tax_ids":{"object":"list","data":[{"id":"txi_1","object":"tax_id","type":"gb_vat","value":"GB1"}],"has_more":false}},
              {"id":"cus_1","object":"customer","created":100,"name":null,"email":null,"metadata":{"sf_account_id":"001000000000001AAA"}}]}
            """);

        Assert.Equal(
            """/v1/customers/search?query=metadata["sf_account_id"]:"001000000000001AAA" OR metadata["sf_account_id"]:"001000000000001" OR name~"The \"Acme\\ Ltd\"" OR email~"acme.example"&limit=100&expand[0]=data.tax_ids""",
            Assert.Single(_asked));
        Assert.Equal([("cus_1", "001000000000001AAA", 0), ("cus_2", null, 1)], found.Select(customer => (customer.Id, customer.AccountId, customer.TaxIds.Length)));
        Assert.Equal(new StripeTaxId("gb_vat", "GB1"), found[1].TaxIds[0]);
    }

    [Fact]
    public async Task At_a_public_mail_service_the_whole_address_is_asked_for_and_short_names_are_not()
    {
        await Find(Plans.NewCustomer with { Name = "AB", Email = "ann@gmail.com" }, HttpStatusCode.OK, """{"object":"search_result","data":[],"has_more":false}""");

        Assert.EndsWith("""OR email~"ann@gmail.com"&limit=100&expand[0]=data.tax_ids""", Assert.Single(_asked), StringComparison.Ordinal);
        Assert.DoesNotContain("name~", _asked[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task Where_there_is_no_search_nobody_is_found(HttpStatusCode status) =>
        Assert.Empty(await Find(Plans.NewCustomer, status, """{"error":{"type":"invalid_request_error","message":"Search is not available."}}"""));

    [Theory]
    [InlineData(HttpStatusCode.OK, """{"object":"search_result","data":[],"has_more":false}""", true)]
    [InlineData(HttpStatusCode.OK, """{"object":"search_result","data":[],"has_more":true}""", false)]
    [InlineData(HttpStatusCode.BadRequest, """{"error":{"type":"invalid_request_error","message":"Search is not available."}}""", false)]
    public async Task What_was_not_shown_is_not_taken_to_be_missing(HttpStatusCode status, string body, bool all) =>
        Assert.Equal(all, (await Ask(Plans.NewCustomer, status, body)).All);

    private async Task<StripeCustomer[]> Find(CustomerPlan account, HttpStatusCode status, string body) => [.. (await Ask(account, status, body)).Found];

    private async Task<CustomerCandidates> Ask(CustomerPlan account, HttpStatusCode status, string body)
    {
        var fuse = new Fuse();
        var stripe = new FakeStripe(fuse)
        {
            Intercept = request =>
            {
                _asked.Add(WebUtility.UrlDecode(request.RequestUri!.PathAndQuery));
                return (status, body);
            },
        };
        return await Adapter.Billing(stripe, new FakeEffects(fuse)).Candidates(account, CancellationToken.None);
    }
}
