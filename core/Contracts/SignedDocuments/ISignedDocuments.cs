using System.Collections.Immutable;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>Files attached to opportunities. Implemented by Hub.Salesforce.</summary>
public interface ISignedDocuments
{
    /// <summary>The latest version of every file attached to the opportunity.</summary>
    Task<AttachedFiles> Attached(SalesforceId opportunityId, CancellationToken ct);

    /// <summary>The bytes of one version.</summary>
    Task<ReadOnlyMemory<byte>> Read(AttachedFile file, CancellationToken ct);
}

/// <param name="VersionId">ContentVersion id of the latest version.</param>
/// <param name="Title">Name as people gave it.</param>
/// <param name="Extension">Without the point; null when it has none.</param>
/// <param name="FileType">Salesforce's own word, such as <c>TEXT</c>.</param>
/// <param name="Size">Bytes.</param>
public sealed record AttachedFile(string VersionId, string Title, string? Extension, string? FileType, long Size);

public abstract record AttachedFiles
{
    private AttachedFiles()
    {
    }

    public sealed record Listed(ImmutableArray<AttachedFile> Files) : AttachedFiles;

    /// <summary>The org does not let the Hub see files.</summary>
    /// <param name="Code">Salesforce's error code.</param>
    public sealed record Refused(string Code) : AttachedFiles;
}
