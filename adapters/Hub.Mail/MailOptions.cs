namespace Hub.Mail;

/// <summary>How messages leave. Section <c>Mail</c>.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary><c>Outbox</c> writes files and sends nothing (default); <c>Smtp</c> hands messages to a server.</summary>
    public string Provider { get; set; } = nameof(MailProvider.Outbox);

    /// <summary>Sender, <c>billing@acme.example</c> or <c>Acme Billing &lt;billing@acme.example&gt;</c>; the name also signs the text.</summary>
    public string From { get; set; } = "";

    /// <summary>Folder of the outbox, created when missing. Default <c>outbox</c> in the working directory.</summary>
    public string OutboxPath { get; set; } = "outbox";

    public string SmtpHost { get; set; } = "";

    /// <summary>Default 587.</summary>
    public int SmtpPort { get; set; } = 587;

    /// <summary>Empty: no sign-in.</summary>
    public string SmtpUsername { get; set; } = "";

    public string SmtpPassword { get; set; } = "";

    /// <summary>STARTTLS before anything else. Default true; false only for a server on loopback.</summary>
    public bool SmtpUseTls { get; set; } = true;
}

public enum MailProvider
{
    Outbox,
    Smtp,
}
