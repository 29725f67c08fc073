using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Internal;

/// <summary>Signs each try with the account key: the date and the resource, nothing else.</summary>
/// <remarks>Source: "Authorize with Shared Key", Shared Key Lite and Table service format for 2009-09-19 and later.</remarks>
internal sealed class SharedKeyPolicy(TableSharedKeyCredential credential, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        string date = time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        string signature = credential.Sign($"{date}\n{Resource(credential.AccountName, message.Request.Uri.ToUri())}");
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", $"SharedKeyLite {credential.AccountName}:{signature}");
    }

    /// <summary>Account and path as encoded in the address; of the query only <c>comp</c> counts.</summary>
    internal static string Resource(string account, Uri address)
    {
        string? comp = address.Query.TrimStart('?').Split('&').FirstOrDefault(part => part.StartsWith("comp=", StringComparison.OrdinalIgnoreCase));
        return $"/{account}{address.AbsolutePath}{(comp is null ? string.Empty : "?" + comp)}";
    }
}
