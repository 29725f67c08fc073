using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Contracts.SignedDocuments;

namespace Hub.Salesforce;

/// <summary>Files attached to opportunities: one query for their links, one download for the one that is read.</summary>
/// <remarks>
/// Links must be asked for by the record they hang on; everything else about the file comes along as fields of its ContentDocument, which carries
/// the latest version's. Source: Salesforce object reference, ContentDocumentLink (usage), ContentVersion.VersionData.
/// </remarks>
internal sealed class AttachedDocuments(SalesforceHttp http, QueryClient queries) : ISignedDocuments
{
    private const string Fields =
        "ContentDocument.Title,ContentDocument.FileExtension,ContentDocument.FileType,ContentDocument.ContentSize,ContentDocument.LatestPublishedVersionId";

    public async Task<AttachedFiles> Attached(SalesforceId opportunityId, CancellationToken ct)
    {
        var query = new SoqlQuery(
            "ContentDocumentLink", $"SELECT {Fields} FROM ContentDocumentLink WHERE LinkedEntityId = {Soql.Text(opportunityId.Value)}", All: false);
        try
        {
            ImmutableArray<ImmutableArray<JsonElement>> rows = await queries.Many([query], ct);
            return new AttachedFiles.Listed([.. rows[0].Select(File).OfType<AttachedFile>().OrderBy(file => file.VersionId, StringComparer.Ordinal)]);
        }
        catch (SalesforceException refusal) when (NotVisible(refusal))
        {
            return new AttachedFiles.Refused(refusal.Code);
        }
    }

    public async Task<ReadOnlyMemory<byte>> Read(AttachedFile file, CancellationToken ct)
    {
        SalesforceId version = SalesforceId.Parse(file.VersionId);
        var request = new SalesforceRequest(HttpMethod.Get, $"{http.Root}/sobjects/ContentVersion/{version}/VersionData", "version-data") { Bytes = true };
        return (await http.Send(request, ct)).Body;
    }

    // An org without files, or a user who may not see them, is an answer; everything else is the caller's ordinary failure.
    private static bool NotVisible(SalesforceException refusal) => refusal.Failure == SalesforceFailure.Configuration
        && (refusal.Code is "INVALID_TYPE" or "INVALID_FIELD" || refusal.Code.StartsWith("INSUFFICIENT_ACCESS", StringComparison.Ordinal));

    private static AttachedFile? File(JsonElement row) =>
        row.TryGetProperty("ContentDocument", out JsonElement document) && document.ValueKind == JsonValueKind.Object
        && Text(document, "LatestPublishedVersionId") is { } version
            ? new(version, Text(document, "Title") ?? "", Text(document, "FileExtension"), Text(document, "FileType"), Size(document))
            : null;

    private static string? Text(JsonElement document, string field) =>
        document.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String ? SalesforceJson.SafeText(value) : null;

    // Numbers arrive as 1234 or 1234.0.
    private static long Size(JsonElement document) =>
        document.TryGetProperty("ContentSize", out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal size) ? (long)size : 0;
}
