using System.Globalization;
using System.Security.Cryptography;
using Hub.Core.Contracts;
using Hub.Core.Money;
using Microsoft.Extensions.Options;

namespace Hub.Salesforce;

/// <summary>Finds every defect of the settings at once, one line each; no line quotes a secret.</summary>
public sealed class SalesforceOptionsValidator : IValidateOptions<SalesforceOptions>
{
    private const decimal OldestVersion = 60.0m;
    private const int SmallestKeyBits = 2048;

    public ValidateOptionsResult Validate(string? name, SalesforceOptions options)
    {
        string[] defects =
        [
            .. LoginUrl(options), .. Credentials(options), .. Version(options), .. Org(options), .. Hosts(options), .. Currency(options),
        ];
        return defects.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(defects);
    }

    private static IEnumerable<string> LoginUrl(SalesforceOptions options)
    {
        if (options.LoginUrl.Length == 0)
        {
            yield return "Salesforce:LoginUrl is missing: the login host or My Domain, such as https://login.salesforce.com.";
        }
        else if (!Uri.TryCreate(options.LoginUrl, UriKind.Absolute, out Uri? url) || !IsSafeOrigin(url))
        {
            yield return $"Salesforce:LoginUrl '{options.LoginUrl}' must be an https origin without user, path or query (http only on loopback).";
        }
    }

    private static bool IsSafeOrigin(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.PathAndQuery == "/" && url.Fragment.Length == 0;

    private static IEnumerable<string> Credentials(SalesforceOptions options)
    {
        if (options.ClientId.Length == 0)
        {
            yield return "Salesforce:ClientId is missing: the consumer key of the external client app.";
        }

        switch (options.PrivateKeyPem.Length > 0, options.ClientSecret.Length > 0)
        {
            case (false, false):
                yield return "Salesforce:PrivateKeyPem or Salesforce:ClientSecret is missing: one of them signs the Hub in.";
                break;
            case (true, true):
                yield return "Salesforce:PrivateKeyPem and Salesforce:ClientSecret are both set: keep one.";
                break;
            case (true, false):
                foreach (string defect in Jwt(options))
                {
                    yield return defect;
                }

                break;
            case (false, true) when IsLoginHost(options.LoginUrl):
                yield return "Salesforce:LoginUrl must be the org's My Domain with Salesforce:ClientSecret: login hosts do not serve client credentials.";
                break;
        }
    }

    private static IEnumerable<string> Jwt(SalesforceOptions options)
    {
        if (options.Username.Length == 0)
        {
            yield return "Salesforce:Username is missing: the integration user the JWT is issued for.";
        }

        if (KeyDefect(options.NormalisedPrivateKey) is { } defect)
        {
            yield return defect;
        }
    }

    private static string? KeyDefect(string pem)
    {
        try
        {
            using RSA key = RSA.Create();
            key.ImportFromPem(pem);
            _ = key.ExportParameters(includePrivateParameters: true);
            return key.KeySize >= SmallestKeyBits
                ? null
                : $"Salesforce:PrivateKeyPem has {key.KeySize} bits; Salesforce accepts {SmallestKeyBits} or more.";
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            return "Salesforce:PrivateKeyPem is no readable RSA private key in PEM form (EC keys are not accepted by Salesforce).";
        }
    }

    private static IEnumerable<string> Version(SalesforceOptions options)
    {
        // As text "100.0" would sort below "67.0".
        if (!decimal.TryParse(options.ApiVersion, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal version)
            || version < OldestVersion
            || options.ApiVersion != version.ToString("0.0", CultureInfo.InvariantCulture))
        {
            yield return $"Salesforce:ApiVersion '{options.ApiVersion}' must be a version from 60.0 on, such as 67.0.";
        }
    }

    private static IEnumerable<string> Org(SalesforceOptions options)
    {
        if (options.OrgId.Length > 0 && !SalesforceId.TryParse(options.OrgId, out _))
        {
            yield return $"Salesforce:OrgId '{options.OrgId}' is no organisation id of 15 or 18 characters.";
        }
    }

    private static IEnumerable<string> Hosts(SalesforceOptions options) =>
        from host in InstanceHosts.Split(options.AllowedHosts)
        where Uri.CheckHostName(host.TrimStart('.')) == UriHostNameType.Unknown
        select $"Salesforce:AllowedHosts has '{host}', which is no host name.";

    private static IEnumerable<string> Currency(SalesforceOptions options)
    {
        if (options.DefaultCurrency.Length > 0 && !Core.Money.Currency.TryParse(options.DefaultCurrency, out _))
        {
            yield return $"Salesforce:DefaultCurrency '{options.DefaultCurrency}' is no three-letter currency code.";
        }
    }

    private static bool IsLoginHost(string loginUrl) =>
        Uri.TryCreate(loginUrl, UriKind.Absolute, out Uri? url) && InstanceHosts.IsGenericLogin(url.Host);
}
