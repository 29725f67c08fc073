namespace Stripe;

/// <summary>Options of a request whose path and body the caller writes.</summary>
public class RawRequestOptions : RequestOptions
{
    public Dictionary<string, string> AdditionalHeaders { get; set; } = [];

    public string BaseUrl { get; set; }
}
