using System.Text.Json;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Which account pays for an opportunity: its own, or the one above it that pays for it.</summary>
public static class BillTo
{
    /// <summary>Steps upward that are taken at most; Salesforce itself lets hierarchies grow deeper.</summary>
    public const int MostSteps = 5;

    /// <summary>Id of the account that pays for this one (<c>Hub_Bill_Parent__c</c>, <c>ParentId</c>); null where it pays for itself or has none above it.</summary>
    public static string? Above(SalesforceRecord account) => BillsParent(account) ? account.Text(F.Account.ParentId) : null;

    /// <summary>True where the account says that its parent pays.</summary>
    public static bool BillsParent(SalesforceRecord account) => bool.TryParse(account.Text(F.Account.BillParent), out bool parent) && parent;

    /// <summary>The deal as the paying account's: everything that follows – customer, currency, tax, write-back – is that account's.</summary>
    /// <param name="find">Null for an account that cannot be read; the deal then has none.</param>
    public static DealSnapshot Payer(DealSnapshot deal, Func<string, SalesforceRecord?> find)
    {
        for (int step = 0; step < MostSteps && deal.Account is { } account && Above(account) is { } parent; step++)
        {
            deal = deal with { Account = find(parent), Opportunity = Under(deal.Opportunity, parent) };
        }

        return deal;
    }

    internal static SalesforceRecord Under(SalesforceRecord opportunity, string accountId) =>
        opportunity with { Fields = opportunity.Fields.SetItem(F.Opportunity.AccountId, JsonSerializer.SerializeToElement(accountId)) };
}
