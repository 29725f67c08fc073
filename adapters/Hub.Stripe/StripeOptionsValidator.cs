using Microsoft.Extensions.Options;

namespace Hub.Stripe;

/// <summary>Finds every defect of the settings at once, one line each; no line quotes a secret.</summary>
public sealed class StripeOptionsValidator : IValidateOptions<StripeOptions>
{
    private const int MostRequestsPerSecond = 100;
    private const int MostToleranceSeconds = 3600;

    public ValidateOptionsResult Validate(string? name, StripeOptions options)
    {
        string[] defects = [.. Defects(options)];
        return defects.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(defects);
    }

    private static IEnumerable<string> Defects(StripeOptions options)
    {
        if (SecretDefect("Stripe:ApiKey", options.ApiKey, "a secret or restricted key of the account") is { } key)
        {
            yield return key;
        }

        if (SecretDefect("Stripe:WebhookSecret", options.WebhookSecret, "the signing secret of the webhook endpoint") is { } secret)
        {
            yield return secret;
        }

        if (options.ApiBase.Length > 0 && (!Uri.TryCreate(options.ApiBase, UriKind.Absolute, out Uri? url) || !IsSafeOrigin(url)))
        {
            yield return $"Stripe:ApiBase '{options.ApiBase}' must be an https origin without user, path or query (http only on loopback).";
        }

        if (options.RequestsPerSecond is < 1 or > MostRequestsPerSecond)
        {
            yield return $"Stripe:RequestsPerSecond {options.RequestsPerSecond} must lie between 1 and {MostRequestsPerSecond}.";
        }

        if (options.WebhookToleranceSeconds is < 1 or > MostToleranceSeconds)
        {
            yield return $"Stripe:WebhookToleranceSeconds {options.WebhookToleranceSeconds} must lie between 1 and {MostToleranceSeconds}.";
        }
    }

    private static string? SecretDefect(string setting, string value, string meaning) => value.Length == 0
        ? $"{setting} is missing: {meaning}."
        : value.Any(char.IsWhiteSpace) ? $"{setting} contains white space." : null;

    private static bool IsSafeOrigin(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.PathAndQuery == "/" && url.Fragment.Length == 0;
}
