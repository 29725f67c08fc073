using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Hub.Salesforce;

/// <summary>An answer, read to its end.</summary>
/// <param name="date">The server's clock; null when the header is missing.</param>
/// <param name="bytes">The body is a file's content; what it holds is nobody's business here.</param>
internal sealed class SalesforceReply(int status, string? mediaType, byte[] body, DateTimeOffset? date, bool bytes = false)
{
    private JsonElement? _json;

    public int Status => status;

    public DateTimeOffset? Date => date;

    /// <summary>The body as it came.</summary>
    public byte[] Bytes => body;

    /// <summary>Headers of the answer; null when it was made up.</summary>
    public HttpResponseHeaders? Headers { get; init; }

    /// <summary>CSV was asked for, not JSON.</summary>
    public bool WantsCsv { get; init; }

    public bool Succeeded => status is >= 200 and < 300;

    public bool IsJson => mediaType is not null
        && (mediaType.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>The body is complete JSON; a connection that broke off politely leaves half of it.</summary>
    public bool IsReadable => _json is not null || TryParse();

    public ReadOnlyMemory<byte> Body => body;

    // No file is served as a web page, but maintenance is.
    private bool IsPage => mediaType is not null && mediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same answer, its body taken for a file's content.</summary>
    public SalesforceReply AsBytes() => new(status, mediaType, body, date, bytes: true);

    public ImmutableArray<SalesforceError> Errors => SalesforceErrors.Read(status, body);

    /// <summary>The header's text; null when it is missing.</summary>
    public string? Header(string name) => Headers?.TryGetValues(name, out IEnumerable<string>? values) == true ? string.Join(',', values) : null;

    /// <summary>Success with a body that is not what was asked for comes from a proxy or a maintenance page, not from Salesforce.</summary>
    public FailureKind? Failure => !Succeeded ? FailureKinds.Of(status, Errors)
        : bytes && !IsPage ? null
        : body.Length == 0 || (WantsCsv ? mediaType == "text/csv" : IsJson && IsReadable) ? null
        : FailureKind.Transient;

    /// <exception cref="SalesforceException">Transient: there is no JSON.</exception>
    public JsonElement Json() => IsReadable
        ? _json!.Value
        : throw new SalesforceException(SalesforceFailure.Transient, $"HTTP_{status}", "Salesforce's answer is no complete JSON.");

    private bool TryParse()
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            _json = json.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            // Not an error yet: whoever needs the content decides.
            return false;
        }
    }
}
