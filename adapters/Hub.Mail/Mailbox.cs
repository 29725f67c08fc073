using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Hub.Mail;

/// <summary>One mail address with an optional name, safe to stand in a header.</summary>
/// <param name="Address">ASCII; the domain is punycode where it has to be.</param>
/// <param name="Name">Empty when there is none.</param>
internal sealed record Mailbox(string Address, string Name)
{
    public string Domain => Address[(Address.LastIndexOf('@') + 1)..];

    /// <summary>Null unless the text is exactly one address that every server can take.</summary>
    public static Mailbox? Read(string? text)
    {
        // MailAddress takes "a@x, b@y" for the address b@y with a name; a second @ is always a second address or a trick.
        if (string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl) || text.Count(character => character == '@') != 1 || !MailAddress.TryCreate(text.Trim(), out MailAddress? parsed))
        {
            return null;
        }

        // Quoted local parts and comments are legal and almost always an accident or an attack.
        bool plain = parsed.User.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+/=?^_`{|}~.-".Contains(character, StringComparison.Ordinal));
        return plain && Ascii(parsed.Host) is { } host ? new($"{parsed.User}@{host}", parsed.DisplayName) : null;
    }

    /// <summary>As it stands in a header.</summary>
    public string ToHeader() => Name.Length == 0 ? Address : $"{HeaderText.Encode(Name, phrase: true)} <{Address}>";

    /// <summary>Never the address: records print their members, and addresses stay out of logs.</summary>
    public override string ToString() => nameof(Mailbox);

    private static string? Ascii(string host)
    {
        try
        {
            string ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(host);
            return ascii.Length <= 253 && Encoding.ASCII.GetByteCount(ascii) == ascii.Length ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
