using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Which Stripe customer an account is billed as.</summary>
internal static class CustomerPlanning
{
    private const int CountryCodeLength = 2;

    /// <summary>The stored customer, else the one Stripe knows for the account, else a new one.</summary>
    public static CustomerPlan Customer(DealSnapshot deal, BillingSnapshot billing)
    {
        SalesforceRecord? account = deal.Account;
        string accountId = deal.Opportunity.Text(F.Opportunity.AccountId) ?? account?.Id ?? "";
        return new(
            billing.Customer?.Id ?? account?.Text(F.Account.StripeCustomerId),
            SalesforceId.OfExport(accountId),
            account?.Text(F.Account.Name),
            DealChecks.BillingContact(deal)?.Text(F.Contact.Email),
            account?.Text(F.Account.Phone),
            Address(account),
            account?.Text(F.Account.TaxIdType),
            account?.Text(F.Account.TaxId),
            account?.Text(F.Account.TaxExempt),
            account?.Text(F.Account.BillingLanguage))
        {
            Sought = billing.CustomerSought,
        };
    }

    private static PostalAddress? Address(SalesforceRecord? account)
    {
        // Stripe takes ISO codes only; a country written out is left to the person who maintains the account.
        string? country = account?.Text(F.Account.BillingCountry) is { Length: CountryCodeLength } code ? code.ToUpperInvariant() : null;
        var address = new PostalAddress(
            account?.Text(F.Account.BillingStreet),
            account?.Text(F.Account.BillingCity),
            account?.Text(F.Account.BillingState),
            account?.Text(F.Account.BillingPostalCode),
            country);
        return address == new PostalAddress(null, null, null, null, null) ? null : address;
    }
}
