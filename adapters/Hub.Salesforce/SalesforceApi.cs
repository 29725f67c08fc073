using System.Collections.Immutable;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Salesforce;

/// <summary>Deals and write-backs over the Salesforce REST API.</summary>
internal sealed class SalesforceApi(SalesforceHttp http, OpportunityPoll poll, DealReader deals, CollectionWriter writer, OrgSchema schema, AccountMerges merges) : ISalesforce
{
    public IAsyncEnumerable<ChangedOpportunity> Changed(Instant from, Instant to, CancellationToken ct) => poll.Changed(from, to, ct);

    public Task<SalesforceId?> MergedInto(SalesforceId account, CancellationToken ct) => merges.Survivor(account, ct);

    public async Task<Instant> ServerTime(CancellationToken ct) => (await http.Versions(ct)).Date is { } date
        ? Instant.FromDateTimeOffset(date)
        : throw new SalesforceException(SalesforceFailure.Transient, "NO_DATE", "Salesforce's answer has no Date header to take the time from.");

    public Task<ImmutableArray<DealSnapshot>> GetDeals(IReadOnlyCollection<SalesforceId> opportunityIds, CancellationToken ct) => deals.ByIds(opportunityIds, ct);

    public Task<ImmutableArray<SalesforceId>> FirstOpportunities(SalesforceId contractId, CancellationToken ct) => deals.FirstOfContract(contractId, ct);

    public Task<ImmutableArray<WriteBackResult>> WriteBack(IReadOnlyList<WriteBack> writeBacks, CancellationToken ct) => writer.Write(writeBacks, ct);

    public async Task<bool> Has(string @object, CancellationToken ct) => await schema.Described(@object, ct) is not null;
}
