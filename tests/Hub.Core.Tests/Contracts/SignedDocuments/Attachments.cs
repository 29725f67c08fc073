using System.Text;
using Hub.Core.Contracts;
using Hub.Core.Contracts.SignedDocuments;

namespace Hub.Core.Tests.Contracts.SignedDocuments;

/// <summary>Files of the opportunity in memory; counts how often it was asked.</summary>
internal sealed class Attachments : ISignedDocuments
{
    private readonly Dictionary<string, byte[]> _contents = [];

    public List<AttachedFile> Files { get; } = [];

    public string? Refusal { get; set; }

    public int Asked { get; private set; }

    public Attachments Text(string title, string text) => File(title, "txt", Encoding.UTF8.GetBytes(text));

    public Attachments File(string title, string extension, byte[] bytes)
    {
        string version = $"068{Files.Count + 1:D12}";
        _contents[version] = bytes;
        Files.Add(new(version, title, extension, extension == "txt" ? "TEXT" : extension.ToUpperInvariant(), bytes.Length));
        return this;
    }

    public Task<AttachedFiles> Attached(SalesforceId opportunityId, CancellationToken ct)
    {
        Asked++;
        return Task.FromResult<AttachedFiles>(Refusal is { } code ? new AttachedFiles.Refused(code) : new AttachedFiles.Listed([.. Files]));
    }

    public Task<ReadOnlyMemory<byte>> Read(AttachedFile file, CancellationToken ct) => Task.FromResult<ReadOnlyMemory<byte>>(_contents[file.VersionId]);
}
