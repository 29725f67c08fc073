using Microsoft.Extensions.Logging;

namespace Hub.Core.Audit;

/// <param name="Entries">Entries of all chains.</param>
/// <param name="Break">The first break in order of chains; null when every chain holds.</param>
public sealed record AuditProof(long Entries, ChainBreak? Break)
{
    public bool Ok => Break is null;
}

/// <summary>Verifies the sixteen stored chains.</summary>
public sealed class VerifyAudit(IAuditReader reader, ILogger<VerifyAudit> log)
{
    public async Task<AuditProof> Handle(CancellationToken ct)
    {
        var proof = new AuditProof(0, null);
        foreach (string chain in AuditChains.All)
        {
            ChainVerdict verdict = await Verify(chain, ct);
            proof = new AuditProof(proof.Entries + verdict.Entries, proof.Break ?? verdict.Break);
        }

        if (proof.Break is { } broken)
        {
            log.ChainBroken(broken.Chain, broken.Seq, broken.Kind);
        }

        return proof;
    }

    private async Task<ChainVerdict> Verify(string chain, CancellationToken ct)
    {
        // The head is read first: entries appended meanwhile would otherwise look like a head that lags behind.
        ChainHead? head = await reader.Head(chain, ct);
        AuditVerification state = AuditVerification.Start(chain, []);
        await foreach (ChainedEntry entry in reader.Chain(chain, ct))
        {
            if (entry.Seq > (head?.Seq ?? long.MaxValue))
            {
                break;
            }

            state = state.Next(entry);
        }

        // A chain that got its first entry meanwhile has a head now; one whose head was removed still has none.
        return state.Close(head ?? await reader.Head(chain, ct), null);
    }
}
