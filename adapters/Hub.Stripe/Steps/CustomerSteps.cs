using Hub.Core.Contracts;
using Stripe;

namespace Hub.Stripe;

/// <summary>The customer an account becomes.</summary>
internal static class CustomerSteps
{
    public static CustomerCreateOptions Options(CustomerPlan customer)
    {
        // Clearable parameters are assigned only when they have a value: assigning null would send an empty one.
        var options = new CustomerCreateOptions
        {
            Name = customer.Name,
            Email = customer.Email,
            Phone = customer.Phone,
            PreferredLocales = customer.PreferredLocale is { } locale ? [locale] : null,
            TaxIdData = customer is { TaxIdType: { } type, TaxId: { } value } ? [new() { Type = type, Value = value }] : null,
            Metadata = new() { [MetadataKeys.Account] = customer.AccountId.Value },
        };
        if (customer.Address is { } address)
        {
            options.Address = Address(address);
        }

        if (customer.TaxExempt is { } exempt)
        {
            options.TaxExempt = exempt;
        }

        return options;
    }

    private static AddressOptions Address(PostalAddress address) => new()
    {
        Line1 = address.Line1,
        City = address.City,
        State = address.State,
        PostalCode = address.PostalCode,
        Country = address.Country,
    };
}
