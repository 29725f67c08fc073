using System.Collections.Immutable;
using System.Text;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>The outcome of taking a file for text.</summary>
public abstract record DocumentTextOutcome
{
    private DocumentTextOutcome()
    {
    }

    public sealed record Read(string Text) : DocumentTextOutcome;

    /// <param name="Reason">A clause such as "is a PDF; extract its text first".</param>
    public sealed record Refused(string Reason) : DocumentTextOutcome;
}

/// <summary>Bytes of a file as text, or why they are none.</summary>
public static class DocumentText
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const int MostBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>UTF-8, UTF-16 with a byte order mark, or else one byte per character (Latin-1), as older tools write it.</summary>
    public static DocumentTextOutcome Of(ReadOnlySpan<byte> bytes)
    {
        string? reason = bytes.Length > MostBytes ? "is larger than 1 MB"
            : bytes.TrimStart(" \t\r\n\uFEFF"u8).StartsWith("%PDF-"u8) ? "is a PDF; extract its text first and give the .txt file"
            : bytes.StartsWith("PK\u0003\u0004"u8) ? "is a Word or zip file; save it as text first"
            : null;
        if (reason is not null)
        {
            return new DocumentTextOutcome.Refused(reason);
        }

        string text = Decoded(bytes);
        return text.Contains('\0', StringComparison.Ordinal) ? new DocumentTextOutcome.Refused("is no text")
            : string.IsNullOrWhiteSpace(text) ? new DocumentTextOutcome.Refused("is empty")
            : new DocumentTextOutcome.Read(text);
    }

    private static string Decoded(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return Encoding.Unicode.GetString(bytes[2..]);
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return Encoding.BigEndianUnicode.GetString(bytes[2..]);
        }

        try
        {
            return Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
