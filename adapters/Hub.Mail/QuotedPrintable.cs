using System.Globalization;
using System.Text;

namespace Hub.Mail;

/// <summary>Keeps a text readable in 7-bit lines of at most 76 characters. Source: RFC 2045, section 6.7.</summary>
internal static class QuotedPrintable
{
    private const int LongestLine = 76;

    public static string Encode(string text) =>
        string.Join("\r\n", text.ReplaceLineEndings("\n").Split('\n').Select(line => Line(Encoding.UTF8.GetBytes(line))));

    private static string Line(byte[] line)
    {
        var encoded = new StringBuilder(line.Length * 2);
        int column = 0;
        for (int at = 0; at < line.Length; at++)
        {
            string piece = Piece(line[at], at == line.Length - 1);

            // One column is kept for the "=" of a soft line break.
            if (column + piece.Length >= LongestLine)
            {
                encoded.Append("=\r\n");
                column = 0;
            }

            // A dot alone would end an SMTP conversation; one that opens a line is never left bare.
            piece = column == 0 && piece == "." ? "=2E" : piece;
            encoded.Append(piece);
            column += piece.Length;
        }

        return encoded.ToString();
    }

    private static string Piece(byte value, bool last) => value is >= 33 and <= 126 and not (byte)'=' || (value is (byte)' ' or (byte)'\t' && !last)
        ? ((char)value).ToString()
        : "=" + value.ToString("X2", CultureInfo.InvariantCulture);
}
