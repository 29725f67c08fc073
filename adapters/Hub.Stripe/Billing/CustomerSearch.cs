using System.Collections.Immutable;
using Hub.Core.Contracts;
using Microsoft.Extensions.Logging;
using Stripe;

namespace Hub.Stripe;

/// <summary>Asks Stripe's search for customers that may be an account's.</summary>
/// <remarks>Source: Stripe API, search query language: at most 10 clauses, AND or OR but not both, a substring has at least 3 characters.</remarks>
internal sealed class CustomerSearch(StripeApi api, ILogger log)
{
    private const int ShortestSubstring = 3;
    private const int LargestPage = 100;

    /// <summary>One page, oldest first; nothing where the account has no search, as in India.</summary>
    public async Task<CustomerCandidates> Of(CustomerPlan account, CancellationToken ct)
    {
        try
        {
            StripeSearchResult<Customer> found = await api.Customers.SearchAsync(
                new CustomerSearchOptions { Query = Query(account), Limit = LargestPage, Expand = ["data.tax_ids"] }, null, ct);
            return new([.. found.Data.OrderBy(customer => customer.Created).ThenBy(customer => customer.Id, StringComparer.Ordinal).Select(Read)], All: !found.HasMore);
        }
        catch (StripeCallException e) when (e.IsRefusal)
        {
            log.NoSearch(e.Code ?? e.Type ?? "", e.RequestId ?? "");
            return new([], All: false);
        }
    }

    // Ids are stored in the long form by the Hub, and in either by people.
    internal static string Query(CustomerPlan account)
    {
        const int shortId = 15;
        List<string> clauses = [Names(account.AccountId.Value), Names(account.AccountId.Value[..shortId])];
        if (account.Name?.Trim() is { Length: >= ShortestSubstring } name)
        {
            clauses.Add($"name~{Quoted(name)}");
        }

        if ((CustomerMatching.CompanyDomain(account.Email) ?? account.Email?.Trim()) is { Length: >= ShortestSubstring } address)
        {
            clauses.Add($"email~{Quoted(address)}");
        }

        return string.Join(" OR ", clauses);
    }

    private static string Names(string accountId) => $"metadata[\"{MetadataKeys.Account}\"]:\"{accountId}\"";

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static StripeCustomer Read(Customer customer) => new(
        customer.Id, customer.Name, customer.Email, customer.Metadata?.GetValueOrDefault(MetadataKeys.Account) is { Length: > 0 } account ? account : null,
        [.. (customer.TaxIds?.Data ?? []).Select(id => new StripeTaxId(id.Type, id.Value))]);
}
