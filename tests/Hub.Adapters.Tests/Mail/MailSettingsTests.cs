using Hub.Mail;

namespace Hub.Adapters.Tests.Mail;

public sealed class MailSettingsTests
{
    [Fact]
    public void Outbox_needs_a_sender_only() => Assert.Empty(Defects(new() { From = "Acme <billing@acme.example>" }));

    [Fact]
    public void Smtp_needs_a_server_too() => Assert.Empty(Defects(new() { Provider = "Smtp", From = "billing@acme.example", SmtpHost = "mail.acme.example" }));

    [Fact]
    public void Every_defect_gets_a_line_of_its_own() => Assert.Equal(
        ["Mail:From", "Mail:SmtpHost", "Mail:SmtpPort", "Mail:SmtpUsername", "Mail:SmtpUseTls"],
        Defects(new() { Provider = "Smtp", From = "nobody", SmtpHost = "no host", SmtpPort = 0, SmtpUsername = "u", SmtpUseTls = false }).Select(line => line.Split(' ')[0]));

    [Fact]
    public void Unknown_provider_is_named() =>
        Assert.Equal("Mail:Provider 'Pigeon' is unknown: Outbox or Smtp.", Assert.Single(Defects(new() { Provider = "Pigeon", From = "a@b.example" })));

    [Fact]
    public void Password_is_never_quoted() => Assert.DoesNotContain(
        "hunter2", Assert.Single(Defects(new() { Provider = "Smtp", From = "a@b.example", SmtpHost = "h", SmtpPassword = "hunter2" })), StringComparison.Ordinal);

    private static string[] Defects(MailOptions options) => [.. new MailOptionsValidator().Validate(null, options).Failures ?? []];
}
