using System.Net;
using Microsoft.Extensions.Options;

namespace Hub.Mail;

/// <summary>Finds every defect of the settings at once, one line each.</summary>
public sealed class MailOptionsValidator : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        string[] defects = [.. Sender(options), .. Provider(options)];
        return defects.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(defects);
    }

    private static IEnumerable<string> Sender(MailOptions options)
    {
        if (Mailbox.Read(options.From) is null)
        {
            yield return options.From.Length == 0
                ? "Mail:From is missing: the address reminders come from."
                : "Mail:From is no single mail address.";
        }
    }

    private static IEnumerable<string> Provider(MailOptions options) => options.Provider switch
    {
        nameof(MailProvider.Outbox) => options.OutboxPath.Length == 0 ? ["Mail:OutboxPath is missing: the folder messages are written to."] : [],
        nameof(MailProvider.Smtp) => Smtp(options),
        _ => [$"Mail:Provider '{options.Provider}' is unknown: Outbox or Smtp."],
    };

    private static IEnumerable<string> Smtp(MailOptions options)
    {
        if (Uri.CheckHostName(options.SmtpHost) == UriHostNameType.Unknown)
        {
            yield return options.SmtpHost.Length == 0 ? "Mail:SmtpHost is missing: the mail server." : $"Mail:SmtpHost '{options.SmtpHost}' is no host name.";
        }

        if (options.SmtpPort is < 1 or > 65535)
        {
            yield return $"Mail:SmtpPort {options.SmtpPort} must be 1 to 65535.";
        }

        if (options.SmtpUsername.Length > 0 != options.SmtpPassword.Length > 0)
        {
            yield return "Mail:SmtpUsername and Mail:SmtpPassword belong together: set both or neither.";
        }

        if (!options.SmtpUseTls && !IsLoopback(options.SmtpHost))
        {
            yield return "Mail:SmtpUseTls may be false for a server on loopback only: reminders name customers and amounts.";
        }
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
