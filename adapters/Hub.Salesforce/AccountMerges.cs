using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;

namespace Hub.Salesforce;

/// <summary>Follows merged accounts: the loser of a merge lies in the recycle bin and names the one it was merged into. Source: Salesforce REST API, QueryAll.</summary>
internal sealed class AccountMerges(QueryClient queries)
{
    private const string Master = "MasterRecordId";
    private const int LongestChain = 10;

    /// <summary>The account that is left after every merge; null when this one was not merged, or has left the recycle bin since.</summary>
    public async Task<SalesforceId?> Survivor(SalesforceId account, CancellationToken ct)
    {
        SalesforceId? survivor = null;
        for (int step = 0; step < LongestChain; step++)
        {
            SoqlQuery query = new("Account", Soql.Select(["Id", Master], "Account", Soql.In("Id", [survivor ?? account]), "Id"), All: true);
            ImmutableArray<ImmutableArray<JsonElement>> read = await queries.Many([query], ct);
            if (read[0] is not [var row] || !SalesforceId.TryParse(SalesforceJson.Record("Account", row).Text(Master), out SalesforceId next))
            {
                return survivor;
            }

            survivor = next;
        }

        return survivor;
    }
}
