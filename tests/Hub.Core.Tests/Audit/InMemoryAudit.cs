using Hub.Core.Audit;
using Hub.Core.Tests.Collections;

namespace Hub.Core.Tests.Audit;

/// <summary>Keeps one entry per event id, as the stored trail does.</summary>
internal sealed class InMemoryAudit(Faults? faults = null) : IAuditLog
{
    public List<AuditEntry> Entries { get; } = [];

    public Task Append(AuditEntry entry, CancellationToken ct)
    {
        Assert.True(entry.EventId.IndexOfAny(['/', '\\', '#', '?']) < 0, $"'{entry.EventId}' is no table key.");
        Assert.Equal(CanonicalJson.OfText(entry.Payload), entry.Payload);
        if (Entries.All(known => known.EventId != entry.EventId))
        {
            Entries.Add(entry);
        }

        faults?.After("audit");
        return Task.CompletedTask;
    }
}
