using System.Collections.Immutable;

namespace Hub.Core.Contracts;

/// <summary>A customer that Stripe has, as far as it tells whose it is.</summary>
/// <param name="AccountId">Its <c>metadata.sf_account_id</c>; null without one.</param>
public sealed record StripeCustomer(string Id, string? Name, string? Email, string? AccountId, ImmutableArray<StripeTaxId> TaxIds);

/// <param name="Type">As Stripe names it, such as <c>eu_vat</c>.</param>
public sealed record StripeTaxId(string Type, string Value);

public enum CustomerLikeness
{
    /// <summary>The same tax id of the same type.</summary>
    TaxId,

    /// <summary>The same name, and an e-mail address of the same company.</summary>
    NameAndDomain,
}

/// <summary>A customer that may be the account's: a person decides.</summary>
public sealed record SuggestedCustomer(string Id, CustomerLikeness Likeness);

/// <summary>Which existing Stripe customer an account is that neither names one nor was billed by the Hub before (ADR 0109).</summary>
/// <remarks>What says so by its metadata is the account's. What looks like it is only suggested; what is another account's never is.</remarks>
public static class CustomerMatching
{
    // Anybody can have an address here: such a domain is not a company's.
    private static readonly ImmutableHashSet<string> PublicDomains = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com", "gmx.de",
        "gmx.net", "gmx.com", "web.de", "t-online.de", "mail.com", "zoho.com", "yandex.com", "qq.com", "163.com");

    /// <summary>Customers whose metadata names the account, in the order given.</summary>
    public static IEnumerable<string> Linked(CustomerPlan account, IEnumerable<StripeCustomer> customers) =>
        customers.Where(customer => SalesforceId.TryParse(customer.AccountId, out SalesforceId named) && named == account.AccountId).Select(customer => customer.Id);

    /// <summary>Customers of nobody yet that look like the account, in the order given.</summary>
    public static ImmutableArray<SuggestedCustomer> Alike(CustomerPlan account, IEnumerable<StripeCustomer> customers) =>
    [
        .. customers.Where(customer => customer.AccountId is null)
            .Select(customer => (customer.Id, Likeness: Likeness(account, customer)))
            .Where(found => found.Likeness is not null)
            .Select(found => new SuggestedCustomer(found.Id, found.Likeness!.Value)),
    ];

    /// <summary>Domain of an address at a company; null for one at a public mail service, and for what is no address.</summary>
    public static string? CompanyDomain(string? email) => Domain(email) is { } domain && !PublicDomains.Contains(domain) ? domain : null;

    private static CustomerLikeness? Likeness(CustomerPlan account, StripeCustomer customer) =>
        account is { TaxId: { } value, TaxIdType: { } type } && customer.TaxIds.Any(id => id.Type == type && Bare(id.Value) == Bare(value)) ? CustomerLikeness.TaxId
        : account.Name is { } name && customer.Name is { } other && Bare(name) is { Length: > 0 } bare && bare == Bare(other) && SameSender(account.Email, customer.Email) ? CustomerLikeness.NameAndDomain
        : null;

    private static bool SameSender(string? left, string? right) => CompanyDomain(left) is { } domain
        ? string.Equals(domain, Domain(right), StringComparison.OrdinalIgnoreCase)
        : left is not null && string.Equals(left.Trim(), right?.Trim(), StringComparison.OrdinalIgnoreCase);

    private static string? Domain(string? email) => email?.Trim() is { } address && address.LastIndexOf('@') is var at and > 0 && at < address.Length - 1 ? address[(at + 1)..] : null;

    // "Acme Ltd." and "ACME  Ltd" are one name, "DE 123 456 789" and "DE123456789" one number.
    private static string Bare(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
