using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Schema;
using Hub.Sandbox.Seed;

namespace Hub.Sandbox.Tests.Seed;

public sealed class StoryTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Fact]
    public void Same_seed_tells_the_same_story_and_another_seed_another()
    {
        var once = Story.Of(7).Tables.ToJsonString();

        Assert.Equal(once, Story.Of(7).Tables.ToJsonString());
        Assert.NotEqual(once, Story.Of(8).Tables.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_deal_can_be_billed_exactly_or_is_refused_for_its_one_reason(int seed)
    {
        var story = Story.Of(seed);
        var expected = story.Refused.ToDictionary(entry => entry.Value, entry => entry.Key);

        Assert.All(story.Won, id => Assert.Equal(
            expected.GetValueOrDefault(id, ""), string.Join(' ', new SeededDeal(story.Tables, id).Defects())));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Story_has_its_size_and_every_shape(int seed)
    {
        var story = Story.Of(seed);
        var won = story.Won.Select(id => new SeededDeal(story.Tables, id)).ToList();

        Assert.Equal((40, 60, 10), (Rows(story, "Account").Count, story.Won.Length, story.Refused.Count));
        Assert.Equal(5, Rows(story, "Opportunity").Count - story.Won.Length);
        Assert.Superset(
            new HashSet<string>(["Monthly", "Quarterly", "Semiannual", "Annual", "Upfront"]),
            won.Select(deal => (string?)deal.Opportunity["Hub_Billing_Frequency__c"]).OfType<string>().ToHashSet());
        Assert.Superset(new HashSet<string>(["USD", "EUR", "GBP", "CHF", "JPY", "KWD"]), won.Select(deal => deal.Currency).ToHashSet());
        Assert.Contains(won, deal => deal.Lines.Count == 3 && deal.Lines.All(line => line["Hub_Line_End__c"] is not null));
        Assert.Contains(won, deal => (string?)deal.Opportunity["Hub_PO_Number__c"] is not null);
        Assert.Contains(won, deal => deal.Lines.All(line => (string?)line["Hub_Charge_Type__c"] == "OneTime"));
        Assert.Contains(won, deal => deal.Lines.Any(line => line["Discount"] is not null && (bool)line["Hub_Show_Discount__c"]!));
        Assert.Contains(won, deal => deal.Lines.Any(line => line["Discount"] is not null && !(bool)line["Hub_Show_Discount__c"]!));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_account_buys_in_one_currency_and_each_contact_writes_from_example_com(int seed)
    {
        var story = Story.Of(seed);

        Assert.All(
            Rows(story, "Opportunity").GroupBy(deal => (string?)deal["AccountId"]),
            deals => Assert.Single(deals.Select(deal => (string?)deal["CurrencyIsoCode"]).Distinct()));
        Assert.All(
            Rows(story, "Contact").Select(contact => (string?)contact["Email"]).OfType<string>(),
            email => Assert.Matches(@"^[a-z.]+@[a-z-]+\.example\.com$", email));
    }

    [Fact]
    public void Deals_were_won_in_the_week_before_the_sandbox_starts()
    {
        var story = Story.Of(1);

        Assert.All(Rows(story, "Opportunity"), deal =>
        {
            var (closed, won, saved) = ((string)deal["CloseDate"]!, (string)deal["LastStageChangeDate"]!, (string)deal["SystemModstamp"]!);
            Assert.InRange(closed, "2025-12-29", "2026-01-04");
            Assert.StartsWith(closed, won, StringComparison.Ordinal);
            Assert.True(string.CompareOrdinal(won, saved) < 0, $"{won} {saved}");
            Assert.True(string.CompareOrdinal(saved, "2026-01-05T06:00:00") < 0, saved);
        });
    }

    [Fact]
    public void Every_value_is_one_the_service_would_have_accepted()
    {
        foreach (var (name, records) in Story.Of(1).Tables)
        {
            var type = OrgSchema.Find(name)!;
            foreach (var (field, value) in records!.AsArray().SelectMany(record => record!.AsObject()))
            {
                var known = type.Find(field);
                Assert.True(known is not null, $"{name}.{field}");
                Assert.Null(Record.Exception(() => FieldValues.Read(known, value)));
            }
        }
    }

    [Fact]
    public void References_of_the_story_lead_to_records_of_the_story()
    {
        var story = Story.Of(3);
        var ids = story.Tables.SelectMany(table => table.Value!.AsArray()).Select(record => (string)record!["Id"]!).ToHashSet();
        string[] standing = [Org.SalesOpsUser, Org.StandardPricebook];

        foreach (var (name, records) in story.Tables)
        {
            var links = OrgSchema.Find(name)!.Fields.Where(field => field.Type == FieldType.Reference).Select(field => field.Name);
            Assert.All(
                records!.AsArray().SelectMany(record => links.Select(link => (string?)record![link])).OfType<string>(),
                id => Assert.True(ids.Contains(id) || standing.Contains(id), id));
        }
    }

    private static List<JsonObject> Rows(Story story, string table) => [.. story.Tables[table]!.AsArray().Select(record => record!.AsObject())];
}
