using System.Runtime.CompilerServices;
using Hub.Core.Audit;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Hub.Core.Tests.Audit;

public class VerifyAuditTests
{
    [Fact]
    public async Task Entries_of_all_chains_are_counted_and_hold()
    {
        AuditProof proof = await Verify(new Trail(40));

        Assert.True(proof.Ok);
        Assert.Equal(40, proof.Entries);
    }

    [Fact]
    public async Task An_entry_appended_while_reading_is_left_for_the_next_proof()
    {
        var trail = new Trail(40) { GrowsAfterHead = true };

        Assert.True((await Verify(trail)).Ok);
    }

    [Fact]
    public async Task One_broken_chain_breaks_the_proof()
    {
        var trail = new Trail(40);
        string chain = trail.Chains.Keys.Order().Last();
        trail.Chains[chain][0] = trail.Chains[chain][0] with { Hash = "forged" };

        AuditProof proof = await Verify(trail);

        Assert.Equal((chain, "hash"), (proof.Break?.Chain, proof.Break?.Kind));
    }

    private static Task<AuditProof> Verify(Trail trail) => new VerifyAudit(trail, NullLogger<VerifyAudit>.Instance).Handle(CancellationToken.None);

    private sealed class Trail : IAuditReader
    {
        public Trail(int entries)
        {
            for (int number = 0; number < entries; number++)
            {
                Append($"subject{number}", number);
            }
        }

        public Dictionary<string, List<ChainedEntry>> Chains { get; } = [];

        public bool GrowsAfterHead { get; init; }

        public IAsyncEnumerable<ChainedEntry> History(string subject, CancellationToken ct) => throw new NotSupportedException("The proof reads chains.");

        public async IAsyncEnumerable<ChainedEntry> Chain(string chain, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.CompletedTask;
            foreach (ChainedEntry entry in Chains.GetValueOrDefault(chain, []))
            {
                yield return entry;
            }
        }

        public Task<ChainHead?> Head(string chain, CancellationToken ct)
        {
            ChainHead? head = Chains.TryGetValue(chain, out List<ChainedEntry>? entries) ? new ChainHead(chain, entries[^1].Seq, entries[^1].Hash) : null;
            if (GrowsAfterHead && head is not null)
            {
                Append(entries![0].Entry.Subject, 1_000);
            }

            return Task.FromResult(head);
        }

        private void Append(string subject, int number)
        {
            string chain = AuditChains.ChainOf(subject);
            List<ChainedEntry> entries = Chains.TryGetValue(chain, out List<ChainedEntry>? known) ? known : Chains[chain] = [];
            ChainHead? head = entries.Count == 0 ? null : new ChainHead(chain, entries[^1].Seq, entries[^1].Hash);
            entries.Add(AuditHash.Next(head, new AuditEntry($"ev-{chain}-{number}", "test", "thing.done", subject, "{}"), Instant.FromUtc(2027, 1, 1, 0, 0)));
        }
    }
}
