using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Internal;

/// <summary>Appends a shared access signature to the address of each try; a renewed signature replaces the old one.</summary>
internal sealed class SasPolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    private const string Applied = "Azure.Data.Tables.Sas";

    public override void OnSendingRequest(HttpMessage message)
    {
        string signature = credential.Signature.TrimStart('?');
        string query = message.Request.Uri.Query.TrimStart('?');
        if (message.TryGetProperty(Applied, out object? earlier) && earlier is string old && query.EndsWith(old, StringComparison.Ordinal))
        {
            query = query[..^old.Length].TrimEnd('&');
        }

        message.Request.Uri.Query = query.Length == 0 ? $"?{signature}" : $"?{query}&{signature}";
        message.SetProperty(Applied, signature);
    }
}
