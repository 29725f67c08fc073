using System.Text;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>Secret key as bearer token, or as the user name of basic authentication.</summary>
public static class Authentication
{
    /// <exception cref="ApiException">401: no key, or another one.</exception>
    public static void Check(string? header, string key)
    {
        var given = Given(header) ?? throw new ApiException(
            401, "invalid_request_error", "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        if (given != key)
        {
            throw new ApiException(401, "invalid_request_error", $"Invalid API Key provided: {Masked(given)}");
        }
    }

    private static string? Given(string? header)
    {
        if (header?.StartsWith("Bearer ", StringComparison.Ordinal) == true)
        {
            return header[7..].Trim();
        }

        if (header?.StartsWith("Basic ", StringComparison.Ordinal) != true)
        {
            return null;
        }

        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0]
            : null;
    }

    private static string Masked(string key) => key.Length <= 8 ? new string('*', key.Length) : $"{key[..4]}{new string('*', key.Length - 8)}{key[^4..]}";
}
