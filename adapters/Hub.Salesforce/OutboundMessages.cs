using Hub.Core.Contracts;
using Microsoft.Extensions.Options;

namespace Hub.Salesforce;

/// <summary>Checks outbound messages against the configured org, else against the org the Hub is signed in to.</summary>
internal sealed class OutboundMessages(TokenSource tokens, IOptions<SalesforceOptions> options) : IOutboundMessages
{
    public string Acknowledgement => OutboundMessage.Acknowledgement;

    public async Task<OutboundMessageOutcome> Read(ReadOnlyMemory<byte> body, CancellationToken ct) => OutboundMessage.Parse(
        body.ToArray(),
        options.Value.OrgId.Length > 0 ? SalesforceId.Parse(options.Value.OrgId) : (await tokens.Get(ct)).OrgId);
}
