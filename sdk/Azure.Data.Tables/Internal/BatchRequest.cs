using System.Text;

namespace Azure.Data.Tables.Internal;

/// <summary>A transaction's body: one change set of HTTP requests inside a multipart message.</summary>
/// <remarks>
/// The service takes at most 100 operations and 4 MiB, of one partition, each entity once; it answers 400 beyond that.
/// Source: Table service REST reference, "Performing entity group transactions".
/// </remarks>
internal sealed class BatchRequest
{
    public BatchRequest(Uri endpoint, IReadOnlyList<TableOperation> operations)
    {
        string batch = $"batch_{Guid.NewGuid()}";
        string changes = $"changeset_{Guid.NewGuid()}";
        using var body = new MemoryStream();
        Line(body, $"--{batch}", $"Content-Type: multipart/mixed; boundary={changes}", string.Empty);
        foreach (TableOperation operation in operations)
        {
            Line(body, $"--{changes}", "Content-Type: application/http", "Content-Transfer-Encoding: binary", string.Empty);
            Line(body, $"{operation.Method.Method} {endpoint.AbsoluteUri.TrimEnd('/')}/{operation.Path} HTTP/1.1");
            Line(body, [.. operation.Headers.Select(header => $"{header.Name}: {header.Value}"), string.Empty]);
            body.Write(operation.Body.Span);
            Line(body, string.Empty);
        }

        Line(body, $"--{changes}--", $"--{batch}--");
        ContentType = $"multipart/mixed; boundary={batch}";
        Body = body.ToArray();
    }

    public string ContentType { get; }

    public ReadOnlyMemory<byte> Body { get; }

    private static void Line(MemoryStream body, params ReadOnlySpan<string> lines)
    {
        foreach (string line in lines)
        {
            body.Write(Encoding.UTF8.GetBytes(line));
            body.Write("\r\n"u8);
        }
    }
}
