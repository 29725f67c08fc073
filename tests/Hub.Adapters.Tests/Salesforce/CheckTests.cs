using System.Text.Json;
using Hub.Core.Readiness;
using Hub.Salesforce;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class CheckTests
{
    private readonly FakeOrg _org = new();

    [Fact]
    public async Task Reachable_org_with_every_field_has_nothing_to_say()
    {
        _org.Intercept = call => Describe(call, "");

        Assert.Null(await Check());
    }

    [Fact]
    public async Task Missing_fields_are_named()
    {
        _org.Intercept = call => Describe(call, "Hub_Price_Basis__c");

        Assert.Equal("Salesforce lacks these fields, or the integration user may not see them: OpportunityLineItem.Hub_Price_Basis__c.", await Check());
    }

    [Fact]
    public async Task An_org_without_quotes_is_named_where_the_setting_says_it_has_them()
    {
        _org.Intercept = call => Describe(call, "");

        Assert.StartsWith("Salesforce:Quotes is on, but Salesforce has no object Quote, ", await Check(quotes: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_of_a_quote_that_the_integration_user_may_not_see_is_named()
    {
        _org.Intercept = call => Describe(call, "Discount", quotes: true);

        Assert.Equal("Salesforce lacks these fields, or the integration user may not see them: QuoteLineItem.Discount.", await Check(quotes: true));
    }

    [Fact]
    public async Task Retired_version_is_found_by_number_not_by_text()
    {
        _org.Intercept = call => call.Path == "/services/data" ? new(200, """[{"version":"68.0"},{"version":"100.0"}]""") : null;

        Assert.Equal("Salesforce does not serve API version 67.0; it offers 68.0 to 100.0.", await Check());
    }

    [Fact]
    public async Task Refused_sign_in_is_told_in_words_without_the_secret()
    {
        _org.Intercept = _ => new(400, """{"error":"invalid_client","error_description":"invalid client credentials"}""");

        Assert.Equal("Salesforce refused the sign-in: invalid_client (invalid client credentials).", await Check());
    }

    private static Answer? Describe(Call call, string without, bool quotes = false) =>
        call.Path.EndsWith("/describe", StringComparison.Ordinal) && RecordFields.Of(quotes).Wanted.TryGetValue(call.Path.Split('/')[^2], out var wanted)
        ? new(200, JsonSerializer.Serialize(new
        {
            fields = wanted.Where(field => field != without).Select(name => new { name }),
        }))
        : null;

    private async Task<string?> Check(bool quotes = false)
    {
        await using ServiceProvider hub = _org.Connect(settings => settings["Salesforce:Quotes"] = quotes ? "true" : "false");
        return await hub.GetRequiredService<IDependencyCheck>().Check(CancellationToken.None);
    }
}
