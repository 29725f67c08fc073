using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hub.Mail;

/// <summary>Writes a message as RFC 5322 text with a plain and an HTML alternative.</summary>
internal static class MimeText
{
    /// <summary>The message id: the operation id at the sender's domain, so that every attempt carries the same one.</summary>
    public static string MessageId(string operationId, Mailbox from) => $"<{OperationName.Of(operationId)}@{from.Domain}>";

    public static string Write(string operationId, Mailbox from, Mailbox to, RenderedMail mail, DateTimeOffset date)
    {
        string boundary = "hub-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(operationId)))[..24];
        string[] lines =
        [
            $"Date: {date.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)}",
            $"From: {from.ToHeader()}",
            $"To: {to.ToHeader()}",
            $"Subject: {HeaderText.Encode(mail.Subject)}",
            $"Message-ID: {MessageId(operationId, from)}",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            $"Content-Type: multipart/alternative; boundary=\"{boundary}\"",
            "",
            .. Part(boundary, "text/plain", mail.Text),
            .. Part(boundary, "text/html", mail.Html),
            $"--{boundary}--",
            "",
        ];
        return string.Join("\r\n", lines);
    }

    private static string[] Part(string boundary, string type, string text) =>
    [
        $"--{boundary}",
        $"Content-Type: {type}; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        QuotedPrintable.Encode(text),
    ];
}
