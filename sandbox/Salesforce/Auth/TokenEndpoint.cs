using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Rest;

namespace Hub.Sandbox.Salesforce.Auth;

/// <summary>The OAuth token endpoint: JWT bearer and client credentials. The password grant is blocked, as in newer orgs.</summary>
public sealed class TokenEndpoint(Tokens tokens, Assertions assertions, SalesforceSettings settings, Org org)
{
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <param name="form">Fields of the form body.</param>
    /// <param name="authorization">The <c>Authorization</c> header; client credentials may come in it.</param>
    /// <param name="origin">Address of this server.</param>
    public ApiReply Answer(IReadOnlyDictionary<string, string> form, string? authorization, string origin) =>
        Problem(form, authorization, origin) is var (error, description)
            ? new ApiReply(400, new JsonObject { ["error"] = error, ["error_description"] = description })
            : Granted(origin, form);

    private (string Error, string Description)? Problem(IReadOnlyDictionary<string, string> form, string? authorization, string origin) =>
        form.GetValueOrDefault("grant_type") switch
        {
            JwtBearer => assertions.Problem(form.GetValueOrDefault("assertion") ?? "", origin),
            "client_credentials" => Secret(form, authorization),
            "password" => ("invalid_grant", "authentication failure"),
            _ => ("unsupported_grant_type", "grant type not supported"),
        };

    private ApiReply Granted(string origin, IReadOnlyDictionary<string, string> form)
    {
        var reply = new JsonObject
        {
            ["access_token"] = tokens.Issue(),
            ["scope"] = "api",
            ["instance_url"] = origin,
            ["id"] = $"https://login.salesforce.com/id/{settings.OrgId}/{Org.IntegrationUser}",
            ["token_type"] = "Bearer",
        };
        if (form["grant_type"] != JwtBearer)
        {
            reply["issued_at"] = org.Now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        }

        return ApiReply.Ok(reply);
    }

    private (string, string)? Secret(IReadOnlyDictionary<string, string> form, string? authorization)
    {
        var (id, secret) = Basic(authorization) ?? (form.GetValueOrDefault("client_id"), form.GetValueOrDefault("client_secret"));
        if (string.IsNullOrEmpty(id) || (settings.ClientId is { } expected && id != expected))
        {
            return ("invalid_client_id", "client identifier invalid");
        }

        return string.IsNullOrEmpty(secret) || (settings.ClientSecret is { } known && secret != known)
            ? ("invalid_client", "invalid client credentials")
            : null;
    }

    private static (string? Id, string? Secret)? Basic(string? authorization)
    {
        if (authorization?.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) is not true)
        {
            return null;
        }

        var bytes = new byte[authorization.Length];
        return Convert.TryFromBase64String(authorization["Basic ".Length..], bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var id, var secret]
                ? (Uri.UnescapeDataString(id), Uri.UnescapeDataString(secret))
                : ("", "");
    }
}
