using System.Globalization;
using System.Text;
using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace Azure.Data.Tables.Internal;

/// <summary>The answer to one operation, taken out of a transaction's multipart answer.</summary>
internal sealed class BatchResponse : Response
{
    private readonly Dictionary<string, string> _headers;

    private BatchResponse(int status, string reason, Dictionary<string, string> headers, byte[] body)
    {
        (Status, ReasonPhrase, _headers) = (status, reason, headers);
        ContentStream = new MemoryStream(body, 0, body.Length, writable: false, publiclyVisible: true);
    }

    public override int Status { get; }

    public override string ReasonPhrase { get; }

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = string.Empty;

    /// <summary>The members in order; one only where the service refused the whole.</summary>
    public static IReadOnlyList<Response> Parse(Response answer)
    {
        var responses = new List<Response>();
        var lines = new Queue<string>(answer.Content.ToString().Split('\n').Select(line => line.TrimEnd('\r')));
        while (lines.TryDequeue(out string? line))
        {
            if (line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            {
                responses.Add(Member(line, lines));
            }
        }

        return responses.Count > 0 ? responses : throw new InvalidDataException("The answer to a transaction holds no HTTP response.");
    }

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => _headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => _headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = _headers.TryGetValue(name, out string? value) ? [value] : null;
        return values is not null;
    }

    private static BatchResponse Member(string statusLine, Queue<string> lines)
    {
        string[] status = statusLine.Split(' ', 3);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (lines.TryDequeue(out string? line) && line.Length > 0)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        var body = new List<string>();
        while (lines.TryPeek(out string? line) && !line.StartsWith("--", StringComparison.Ordinal))
        {
            body.Add(lines.Dequeue());
        }

        return new BatchResponse(
            int.Parse(status[1], NumberStyles.None, CultureInfo.InvariantCulture),
            status.ElementAtOrDefault(2) ?? string.Empty,
            headers,
            Encoding.UTF8.GetBytes(string.Join('\n', body).Trim()));
    }
}
