using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Hub.Mail;

namespace Hub.Adapters.Tests.Mail;

public sealed class MimeTests
{
    private static readonly Mailbox From = Mailbox.Read("\"Acme, Billing\" <billing@acme.example>")!;
    private static readonly Mailbox To = Mailbox.Read("ap@customer.example")!;

    [Fact]
    public void Message_has_the_headers_and_both_alternatives()
    {
        string text = MimeText.Write(
            "reminder-in_1-S7", From, To, new("Rechnung fällig", "Guten Tag\n.\nGrüße", "<p>Grüße</p>"), new(2026, 11, 5, 9, 8, 7, TimeSpan.Zero));

        string[] headers = text.Split("\r\n\r\n")[0].Split("\r\n");
        Assert.Equal(
            [
                "Date: Thu, 05 Nov 2026 09:08:07 +0000",
                "From: \"Acme, Billing\" <billing@acme.example>",
                "To: ap@customer.example",
                "Subject: =?utf-8?B?UmVjaG51bmcgZsOkbGxpZw==?=",
                "Message-ID: <reminder-in_1-S7@acme.example>",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
            ],
            headers[..7]);
        Assert.Equal("Guten Tag\n.\nGrüße", Decoded(text, "text/plain"));
        Assert.Equal("<p>Grüße</p>", Decoded(text, "text/html"));
        Assert.All(text.Split("\r\n"), line => Assert.True(line.Length <= 78 && line.All(char.IsAscii) && line != "."));
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Header_text_never_ends_its_line() => Prop.ForAll<string>(value =>
    {
        string encoded = HeaderText.Encode((value ?? "") + "\r\nBcc: a@b.example");
        return !encoded.Replace("\r\n ", "", StringComparison.Ordinal).Any(character => character is '\r' or '\n');
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Long_subject_is_cut_between_characters_into_words_of_at_most_75() => Assert.All(
        HeaderText.Encode(string.Concat(Enumerable.Repeat("\U0001F600é", 60))).Split("\r\n "),
        word =>
        {
            Assert.True(word.Length <= 75);
            Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Convert.FromBase64String(word["=?utf-8?B?".Length..^2])));
        });

    [Fact]
    public void Quoted_printable_loses_nothing() => Prop.ForAll<string>(value =>
    {
        string text = new([.. (value ?? "").Where(character => !char.IsSurrogate(character) && character is not ('\r' or '\u0085' or '\u2028' or '\u2029' or '\f' or '\v'))]);
        string encoded = QuotedPrintable.Encode(text + " = \n. ");
        return Unquote(encoded) == text + " = \n. " && encoded.Split("\r\n").All(line => line.Length <= 76);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a@b.example", "a@b.example")]
    [InlineData("Name <a+tag@b.example>", "a+tag@b.example")]
    [InlineData("a@bücher.example", "a@xn--bcher-kva.example")]
    [InlineData("a@b.example\r\nBcc: c@d.example", null)]
    [InlineData("a@b.example, c@d.example", null)]
    [InlineData("\"a b\"@c.example", null)]
    [InlineData("ä@b.example", null)]
    [InlineData("nobody", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Mailbox_is_one_plain_address(string? text, string? address) => Assert.Equal(address, Mailbox.Read(text)?.Address);

    [Theory]
    [InlineData("reminder-in_1-S7", "reminder-in_1-S7")]
    [InlineData("../../etc/passwd", null)]
    [InlineData("a b", null)]
    [InlineData("", null)]
    public void Operation_id_names_a_file_only_where_it_is_harmless(string id, string? name)
    {
        string actual = OperationName.Of(id);

        Assert.Matches(new Regex("^[A-Za-z0-9_-]+$"), actual);
        Assert.Equal(name ?? actual, actual);
        Assert.True(name is not null || actual.StartsWith("op-", StringComparison.Ordinal));
    }

    private static string Decoded(string message, string type)
    {
        string part = message.Split("\r\n--hub-").Single(candidate => candidate.Contains($"Content-Type: {type};", StringComparison.Ordinal));
        return Unquote(part.Split("\r\n\r\n", 2)[1]);
    }

    private static string Unquote(string text)
    {
        string joined = text.Replace("=\r\n", "", StringComparison.Ordinal).ReplaceLineEndings("\n");
        byte[] bytes = Encoding.Latin1.GetBytes(Regex.Replace(
            joined, "=([0-9A-F]{2})", match => ((char)int.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));
        return Encoding.UTF8.GetString(bytes);
    }
}
