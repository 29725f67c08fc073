using System.Text.Json.Nodes;
using Hub.Sandbox.Kernel;
using Hub.Sandbox.Salesforce;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Soql;
using Microsoft.Extensions.Configuration;

namespace Hub.Sandbox.Tests.Salesforce;

public sealed class SoqlTests
{
    private static readonly string Acme = RecordIds.Create("001", 1);
    private static readonly string Obrien = RecordIds.Create("001", 2);
    private static readonly OrgData Data = Filled();

    [Theory]
    [InlineData("Amount = 100", "a")]
    [InlineData("Amount != 100", "b C")]
    [InlineData("Amount < 100", "b")]
    [InlineData("Amount >= 20.5", "a b")]
    [InlineData("Amount = null", "C")]
    [InlineData("Amount != null", "a b")]
    [InlineData("IsWon = true", "a b")]
    [InlineData("IsWon != true", "C")]
    [InlineData("Name = 'c'", "C")]
    [InlineData("Name IN ('A', 'c')", "a C")]
    [InlineData("Name NOT IN ('A', 'c')", "b")]
    [InlineData("Amount NOT IN (100)", "b C")]
    [InlineData("CloseDate > 2026-01-01 AND CloseDate <= 2026-02-01", "b C")]
    [InlineData("SystemModstamp >= 2026-01-02T08:00:00Z", "b C")]
    [InlineData("SystemModstamp >= 2026-01-02T09:00:00.000+01:00", "b C")]
    [InlineData("SystemModstamp < 2026-01-03T08:00:00Z AND (IsWon = true OR Hub_Sync_Status__c != null)", "a C")]
    [InlineData("(IsWon = true AND Amount > 50) OR Name LIKE '_'", "a b C")]
    [InlineData("NOT Name LIKE 'a%'", "b C")]
    [InlineData("IsWon = true AND (NOT Amount = 100)", "b")]
    [InlineData("Account.Name = 'acme'", "a")]
    [InlineData("Account.Parent.Name = 'Acme'", "b")]
    [InlineData("Account.Name = null", "C")]
    [InlineData(@"Account.Name = 'O\'Brien \\ 100%'", "b")]
    [InlineData(@"Account.Name LIKE '%\\ 100\%'", "b")]
    [InlineData(@"Account.Name LIKE '%\_%'", "")]
    [InlineData("AccountId IN (SELECT Id FROM Account WHERE BillingCountry = 'GB')", "a")]
    public void Filter_selects_exactly_the_rows_it_names(string filter, string names) =>
        Assert.Equal(names, Names($"SELECT Name FROM Opportunity WHERE {filter} ORDER BY Name"));

    [Theory]
    [InlineData("ORDER BY Amount", "C b a")]
    [InlineData("ORDER BY Amount DESC", "C a b")]
    [InlineData("ORDER BY Amount DESC NULLS LAST", "a b C")]
    [InlineData("ORDER BY IsWon DESC, CloseDate DESC", "b a C")]
    [InlineData("ORDER BY SystemModstamp, Id", "a C b")]
    [InlineData("ORDER BY Account.Name NULLS LAST", "a b C")]
    [InlineData("ORDER BY Name DESC LIMIT 2", "C b")]
    [InlineData("ORDER BY Name LIMIT 2 OFFSET 1", "b C")]
    public void Rows_come_in_the_order_asked_for(string order, string names) =>
        Assert.Equal(names, Names($"SELECT Name FROM Opportunity {order}"));

    [Fact]
    public void Ids_of_fifteen_and_eighteen_characters_find_the_same_row()
    {
        Assert.Equal("a", Names($"SELECT Name FROM Opportunity WHERE AccountId = '{Acme[..15]}'"));
        Assert.Equal("a", Names($"SELECT Name FROM Opportunity WHERE AccountId = '{Acme}'"));
    }

    [Fact]
    public void Deleted_rows_are_only_there_when_all_are_asked_for()
    {
        Assert.Equal("", Names("SELECT Name FROM Opportunity WHERE IsDeleted = true"));
        Assert.Equal("d", Names("SELECT Name FROM Opportunity WHERE IsDeleted = true", all: true));
    }

    [Fact]
    public void Count_answers_with_a_number_and_no_records()
    {
        var result = Run("SELECT COUNT() FROM Opportunity WHERE IsWon = true");

        Assert.Equal(2, result.Total);
        Assert.Empty(result.Records);
    }

    [Fact]
    public void Parent_fields_are_nested_and_a_missing_parent_is_null()
    {
        var records = Run("SELECT Id, o.Account.Name, Account.Parent.Name FROM Opportunity o ORDER BY Name").Records;

        Assert.Equal("Acme", (string?)records[0]["Account"]!["Name"]);
        Assert.Null(records[0]["Account"]!["Parent"]);
        Assert.Equal("Acme", (string?)records[1]["Account"]!["Parent"]!["Name"]);
        Assert.Equal("Account", (string?)records[1]["Account"]!["Parent"]!["attributes"]!["type"]);
        Assert.True(records[2].ContainsKey("Account"));
        Assert.Null(records[2]["Account"]);
    }

    [Fact]
    public void Child_rows_come_as_a_result_of_their_own()
    {
        var record = Run("SELECT Name, (SELECT Name, Amount FROM Opportunities) FROM Account WHERE Name = 'Acme'").Records.Single();

        Assert.Equal(1, (int)record["Opportunities"]!["totalSize"]!);
        Assert.Equal("100.0", record["Opportunities"]!["records"]![0]!["Amount"]!.ToJsonString());
    }

    [Theory]
    [InlineData("SELECT Nme FROM Account", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Account WHERE Nme = 'x'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Account ORDER BY Nme", "INVALID_FIELD")]
    [InlineData("SELECT Acount.Name FROM Opportunity", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Order", "INVALID_TYPE")]
    [InlineData("SELECT Id FROM Opportunity WHERE CloseDate = '2026-01-01'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE CloseDate = 2026-01-01T00:00:00Z", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE SystemModstamp > 2026-01-01", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE SystemModstamp > '2026-01-01T00:00:00Z'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE IsWon = 'true'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE Amount = '5'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE Name = 5", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE Hub_Sync_Message__c = 'x'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity ORDER BY Hub_Sync_Message__c", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE AccountId = 'nonsense'", "INVALID_QUERY_FILTER_OPERATOR")]
    [InlineData("SELECT Id FROM Opportunity WHERE IsWon > false", "INVALID_QUERY_FILTER_OPERATOR")]
    [InlineData("SELECT Id FROM Opportunity WHERE Amount LIKE '5'", "INVALID_QUERY_FILTER_OPERATOR")]
    [InlineData("SELECT Id, Id FROM Account", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'O'Brien'", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'open", "MALFORMED_QUERY")]
    [InlineData(@"SELECT Id FROM Account WHERE Name = 'a\qb'", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE Name = \"x\"", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'a' AND NOT Name = 'b'", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE (Name = 'a'", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE Name IN ()", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE", "MALFORMED_QUERY")]
    [InlineData("SELECT FROM Account", "MALFORMED_QUERY")]
    [InlineData("SELECT Id Account", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account LIMIT -1", "MALFORMED_QUERY")]
    [InlineData("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account; DELETE", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Opportunity WHERE CloseDate = 2026-13-01", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE")]
    [InlineData("", "MALFORMED_QUERY")]
    public void Query_the_service_would_refuse_is_refused_with_its_code(string query, string code)
    {
        var refused = Assert.Throws<RefusedException>(() => Run(query));

        Assert.Equal(code, refused.Error.Code);
    }

    private static string Names(string query, bool all = false) =>
        string.Join(' ', Run(query, all).Records.Select(record => record["Name"]!.GetValue<string>()));

    private static QueryResult Run(string query, bool all = false) =>
        QueryRun.Run(Data, Parser.Parse(query), all, "/services/data/v67.0/sobjects");

    private static OrgData Filled()
    {
        using var clock = new SandboxClock(DateTimeOffset.UnixEpoch.AddDays(20_000));
        var org = new Org(clock, SalesforceSettings.From(new ConfigurationBuilder().Build()));
        org.Write(Org.SalesOpsUser, null, transaction => RawRecords.Insert(transaction, JsonNode.Parse($$"""
            {
              "Account": [
                { "Id": "{{Acme}}", "Name": "Acme", "BillingCountry": "GB" },
                { "Id": "{{Obrien}}", "Name": "O'Brien \\ 100%", "ParentId": "{{Acme}}" }
              ],
              "Opportunity": [
                { "Name": "a", "AccountId": "{{Acme}}", "StageName": "Closed Won", "Amount": 100, "CloseDate": "2026-01-01", "SystemModstamp": "2026-01-01T08:00:00Z" },
                { "Name": "b", "AccountId": "{{Obrien}}", "StageName": "Closed Won", "Amount": 20.5, "CloseDate": "2026-01-03", "SystemModstamp": "2026-01-03T08:00:00Z" },
                { "Name": "C", "StageName": "Prospecting", "CloseDate": "2026-02-01", "SystemModstamp": "2026-01-02T08:00:00Z", "Hub_Sync_Status__c": "Held" },
                { "Name": "d", "StageName": "Closed Lost", "Amount": 7, "CloseDate": "2026-01-02", "SystemModstamp": "2026-01-04T08:00:00Z", "IsDeleted": true }
              ]
            }
            """)!.AsObject()));
        return org.Data;
    }
}
