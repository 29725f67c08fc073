using System.Text;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce;

namespace Hub.Sandbox.Tests.Salesforce;

/// <summary>Files as the service keeps them: created with their first version, found through the record they are attached to, read by address.</summary>
public sealed class FileTests : IAsyncLifetime
{
    private SalesforceClient salesforce = null!;
    private string account = "";

    public async Task InitializeAsync()
    {
        salesforce = await SalesforceClient.Start();
        account = await salesforce.Create("Account", new { Name = "Acme" });
    }

    public async Task DisposeAsync() => await salesforce.DisposeAsync();

    [Fact]
    public async Task A_published_version_is_attached_and_its_bytes_are_read_by_address()
    {
        var version = await Publish("contract.txt", "Vertrag über 12 Monate");

        var link = Assert.Single((await Links($"LinkedEntityId = '{account}'")).Body!["records"]!.AsArray())!;
        var document = link["ContentDocument"]!;
        Assert.Equal("contract", (string?)document["Title"]);
        Assert.Equal(("TEXT", "txt", version), ((string?)document["FileType"], (string?)document["FileExtension"], (string?)document["LatestPublishedVersionId"]));
        Assert.Equal(23, (int)document["ContentSize"]!);
        var read = await salesforce.Read("ContentVersion", version);
        Assert.Equal($"/services/data/v67.0/sobjects/ContentVersion/{version}/VersionData", (string?)read["VersionData"]);
        Assert.Equal("Vertrag über 12 Monate", await Text(version));
    }

    [Fact]
    public async Task A_later_version_takes_the_place_of_the_latest()
    {
        var first = await Publish("contract.txt", "one");
        var document = (string)(await salesforce.Read("ContentVersion", first))["ContentDocumentId"]!;
        var second = await salesforce.Create("ContentVersion", new { ContentDocumentId = document, PathOnClient = "contract.txt", VersionData = Base64("two") });

        var link = Assert.Single((await Links($"LinkedEntityId = '{account}'")).Body!["records"]!.AsArray())!;
        Assert.Equal(second, (string?)link["ContentDocument"]!["LatestPublishedVersionId"]);
        Assert.False((bool)(await salesforce.Read("ContentVersion", first))["IsLatest"]!);
        Assert.Equal("2", (string?)(await salesforce.Read("ContentVersion", second))["VersionNumber"]);
    }

    [Theory]
    [InlineData("ContentDocument.FileType = 'TEXT'")]
    [InlineData("LinkedEntityId != null")]
    [InlineData("LinkedEntityId NOT IN ('{0}')")]
    [InlineData("LinkedEntityId = '{0}' OR ShareType = 'V'")]
    [InlineData("ContentDocumentId = '069Hb00000000g8IAA' AND ContentDocument.FileType = 'TEXT'")]
    public async Task Links_are_never_searched(string where)
    {
        var answer = await Links(string.Format(null, where, account));

        Assert.Equal((400, "MALFORMED_QUERY"), (answer.Status, answer.ErrorCode));
        Assert.Contains("Implementation restriction", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LinkedEntityId IN ('{0}')")]
    [InlineData("LinkedEntityId = '{0}' AND ContentDocument.FileType = 'TEXT'")]
    [InlineData("LinkedEntityId IN (SELECT Id FROM Account WHERE Name = 'Acme')")]
    public async Task Links_of_named_records_may_be_narrowed(string where)
    {
        await Publish("contract.txt", "one");

        Assert.Single((await Links(string.Format(null, where, account))).Body!["records"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"PathOnClient":"a.txt"}""", "REQUIRED_FIELD_MISSING")]
    [InlineData("""{"PathOnClient":"a.txt","VersionData":"no base64!"}""", "JSON_PARSER_ERROR")]
    [InlineData("""{"PathOnClient":"a.txt","VersionData":"YQ==","IsLatest":true}""", "INVALID_FIELD_FOR_INSERT_UPDATE")]
    public async Task A_version_without_its_bytes_or_with_what_follows_from_them_is_refused(string body, string code) =>
        Assert.Equal(code, (await salesforce.Send(HttpMethod.Post, "/sobjects/ContentVersion", body)).ErrorCode);

    [Fact]
    public async Task Bytes_are_no_filter_and_only_of_a_version_that_is_there()
    {
        Assert.Equal("INVALID_FIELD", (await salesforce.Query("SELECT Id FROM ContentVersion WHERE VersionData != null")).ErrorCode);
        Assert.Equal(404, (await salesforce.Get($"/sobjects/ContentVersion/{RecordIds.Create("068", 5)}/VersionData")).Status);
    }

    private Task<Answer> Links(string where) => salesforce.Query(
        "SELECT ContentDocumentId, ContentDocument.Title, ContentDocument.FileType, ContentDocument.FileExtension, ContentDocument.ContentSize, "
        + $"ContentDocument.LatestPublishedVersionId FROM ContentDocumentLink WHERE {where}");

    private Task<string> Publish(string path, string text) =>
        salesforce.Create("ContentVersion", new { PathOnClient = path, VersionData = Base64(text), FirstPublishLocationId = account });

    private async Task<string> Text(string version) => await salesforce.Download($"/sobjects/ContentVersion/{version}/VersionData");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
