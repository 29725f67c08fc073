using System.Collections.Immutable;

namespace Hub.Core.Contracts;

/// <summary>Hands over what the invoices of a contract came to, whenever one of them or the plan has changed.</summary>
public sealed class OweTotals(IWriteBacks writeBacks, IContractRecords records, IIssuedInvoices invoices)
{
    private const int Attempts = 10;

    /// <exception cref="InvalidOperationException">Others were first every time; transient.</exception>
    public async Task Handle(SalesforceId opportunityId, CancellationToken ct)
    {
        WriteBackKey key = WriteBackPlanning.TotalsKey(opportunityId);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            // First what is shown, then what it follows from: see IWriteBacks.
            ShownValues? shown = await writeBacks.Find(key, ct);
            ContractRecord? record = await records.Find(opportunityId, ct);
            ImmutableSortedDictionary<string, object?>? fields = WriteBackPlanning.Totals(record, await invoices.Of(opportunityId, ct));
            if (fields is null || WriteBackPlanning.Hash(fields) is not { } hash || shown?.Hash == hash)
            {
                return;
            }

            if (await writeBacks.Owe([new(key, fields, hash, record?.BilledAccount?.Value ?? "", shown?.ETag)], ct) is [])
            {
                return;
            }
        }

        throw new InvalidOperationException($"The totals of contract {opportunityId} were changed by others {Attempts} times in a row.");
    }
}
