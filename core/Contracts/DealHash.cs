using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Names a deal by everything people put into it, and nothing that the Hub or Salesforce itself writes.</summary>
public static class DealHash
{
    // The account's customer id is compared on its own: the Hub fills it in, people may change it.
    private static readonly FrozenSet<string> NotInput = FrozenSet.ToFrozenSet(
        [
            F.SystemModstamp, "LastModifiedById", "LastModifiedDate", F.Opportunity.SyncStatus, F.Opportunity.SyncMessage, F.Opportunity.StripeScheduleId,
            F.Opportunity.StripeSubscriptionId, F.Opportunity.FirstInvoiceUrl, F.Opportunity.NextInvoiceDate, F.Opportunity.ContractedTotal,
            F.Opportunity.InvoicedTotal, F.Opportunity.PaidTotal, F.Opportunity.LastSynced, F.Opportunity.ContractVersion, F.Account.StripeCustomerId,
        ],
        StringComparer.OrdinalIgnoreCase);

    public static string Of(DealSnapshot deal)
    {
        var text = new StringBuilder();
        SalesforceRecord?[] single = [deal.Opportunity, deal.Account, deal.Contract, deal.Quote?.Quote];
        foreach (SalesforceRecord record in single.OfType<SalesforceRecord>().Concat(
            deal.Lines.Concat(deal.Contacts).Concat(deal.Products).Concat(deal.PricebookEntries).Concat(deal.Quote?.Lines ?? []).OrderBy(record => record.Id, StringComparer.Ordinal)))
        {
            text.Append(record.Object).Append('\n');
            foreach ((string field, JsonElement value) in record.Fields.Where(field => !NotInput.Contains(field.Key)).OrderBy(field => field.Key, StringComparer.OrdinalIgnoreCase))
            {
                text.Append(field).Append('=').Append(value.GetRawText()).Append('\n');
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
