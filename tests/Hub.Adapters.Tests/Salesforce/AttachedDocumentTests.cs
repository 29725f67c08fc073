using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Contracts.SignedDocuments;
using Hub.Salesforce;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class AttachedDocumentTests
{
    private static readonly string Version = Ids.Of("068", 7);
    private readonly FakeOrg _org = new();

    [Fact]
    public async Task Links_are_asked_for_by_the_opportunity_and_bring_the_latest_version_along()
    {
        _org.OnQuery = (_, _) => Answer.Page(Row("contract", "txt", "TEXT", 2048.0m, Version), Row("logo", "png", "PNG", 17, Ids.Of("068", 8)));
        using ServiceProvider hub = _org.Connect();

        AttachedFiles attached = await Attached(hub);

        ImmutableArray<AttachedFile> files = Assert.IsType<AttachedFiles.Listed>(attached).Files;
        Assert.Equal(new AttachedFile(Version, "contract", "txt", "TEXT", 2048), files[0]);
        Assert.Equal("PNG", files[1].FileType);
        Assert.EndsWith($"FROM ContentDocumentLink WHERE LinkedEntityId = '{Ids.Opportunity(1)}'", Assert.Single(_org.Data).Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "INVALID_TYPE")]
    [InlineData(400, "INVALID_FIELD")]
    [InlineData(403, "INSUFFICIENT_ACCESS_OR_READONLY")]
    public async Task An_org_that_shows_no_files_is_an_answer(int status, string code)
    {
        _org.OnQuery = (_, _) => Answer.Error(status, code);
        using ServiceProvider hub = _org.Connect();

        Assert.Equal(new AttachedFiles.Refused(code), await Attached(hub));
    }

    [Fact]
    public async Task Another_failure_stays_one()
    {
        _org.OnQuery = (_, _) => Answer.Error(400, "MALFORMED_QUERY");
        using ServiceProvider hub = _org.Connect();

        await Assert.ThrowsAsync<SalesforceException>(() => Attached(hub));
    }

    [Fact]
    public async Task Content_is_read_as_it_is_even_if_it_looks_like_an_error()
    {
        const string content = "[{\"errorCode\":\"INVALID_SESSION_ID\"}] Vertrag über 12 Monate";
        _org.Intercept = call => call.Path.EndsWith("/VersionData", StringComparison.Ordinal) ? new(200, content, "application/octetstream") : null;
        using ServiceProvider hub = _org.Connect();

        ReadOnlyMemory<byte> bytes = await Read(hub);

        Assert.Equal(content, System.Text.Encoding.UTF8.GetString(bytes.Span));
        Call call = Assert.Single(_org.Data);
        Assert.Equal($"/services/data/v67.0/sobjects/ContentVersion/{Version}/VersionData", call.Path);
        Assert.Equal("*/*", call.Headers["Accept"]);
    }

    [Fact]
    public async Task A_maintenance_page_is_no_document()
    {
        int calls = 0;
        _org.Intercept = call => call.Path.EndsWith("/VersionData", StringComparison.Ordinal)
            ? ++calls == 1 ? new(200, "<html>Down for maintenance</html>", "text/html") : new(200, "the text", "application/octetstream")
            : null;
        using ServiceProvider hub = _org.Connect();

        Assert.Equal("the text", System.Text.Encoding.UTF8.GetString((await Read(hub)).Span));
        Assert.Equal(2, calls);
    }

    private static object Row(string title, string extension, string type, decimal size, string version) => new
    {
        ContentDocument = new { Title = title, FileExtension = extension, FileType = type, ContentSize = size, LatestPublishedVersionId = version },
    };

    private static Task<AttachedFiles> Attached(ServiceProvider hub) =>
        hub.GetRequiredService<ISignedDocuments>().Attached(SalesforceId.Parse(Ids.Opportunity(1)), CancellationToken.None);

    private static Task<ReadOnlyMemory<byte>> Read(ServiceProvider hub) =>
        hub.GetRequiredService<ISignedDocuments>().Read(new(Version, "contract", "txt", "TEXT", 10), CancellationToken.None);
}
