using System.Globalization;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>What follows from a new version of a file.</summary>
internal static class FileRules
{
    private static readonly string[] OfTheLatest = ["Title", "FileType", "FileExtension", "ContentSize", "OwnerId"];

    public static Row BeforeSave(Transaction transaction, Row? before, Row version)
    {
        if (before is not null || version.Text("VersionData") is not { } data)
        {
            return version;
        }

        var path = version.Text("PathOnClient") ?? "";
        var extension = Path.GetExtension(path).TrimStart('.');
        var older = version.Text("ContentDocumentId") is { } document
            ? transaction.Live("ContentVersion").Count(row => row.Text("ContentDocumentId") == document)
            : 0;
        return version
            .With("Title", version.Text("Title") ?? Path.GetFileNameWithoutExtension(path))
            .With("FileExtension", extension.Length > 0 ? extension : null)
            .With("FileType", TypeOf(extension))
            .With("ContentSize", (decimal)Convert.FromBase64String(data).Length)
            .With("VersionNumber", (older + 1).ToString(CultureInfo.InvariantCulture))
            .With("IsLatest", true);
    }

    /// <summary>The first version brings its file into being and attaches it where it was published; a later one takes the place of the latest.</summary>
    public static void AfterSave(Transaction transaction, Row? before, Row version)
    {
        if (before is not null)
        {
            return;
        }

        var document = version.Text("ContentDocumentId") is { } known ? transaction.Data.Find(known)! : New(transaction, "ContentDocument");
        foreach (var older in transaction.Live("ContentVersion").Where(row => row.Text("ContentDocumentId") == document.Id && row.Id != version.Id).ToList())
        {
            transaction.Save(older.With("IsLatest", false));
        }

        transaction.Save(version.With("ContentDocumentId", document.Id));
        transaction.Save(OfTheLatest
            .Aggregate(document.With("LatestPublishedVersionId", version.Id), (row, field) => row.With(field, version[field])));
        if (version.Text("FirstPublishLocationId") is { } holder)
        {
            transaction.Save(New(transaction, "ContentDocumentLink")
                .With("ContentDocumentId", document.Id).With("LinkedEntityId", holder).With("ShareType", "V").With("Visibility", "AllUsers"));
        }
    }

    private static Row New(Transaction transaction, string name) => transaction.Raw(OrgSchema.Find(name)!, []);

    private static string TypeOf(string extension) => extension.ToUpperInvariant() switch
    {
        "TXT" or "TEXT" or "LOG" => "TEXT",
        "DOCX" => "WORD_X",
        "" => "UNKNOWN",
        var other => other,
    };
}
