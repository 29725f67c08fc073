using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text;
using Hub.Core.Collections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Message = Hub.Core.Collections.MailMessage;

namespace Hub.Mail;

/// <summary>Hands messages to an SMTP server, which keeps no record that could be asked later.</summary>
internal sealed class SmtpMailer(IOptions<MailOptions> options, TimeProvider time, ILogger<SmtpMailer> log) : IMailer
{
    private const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestConversation = TimeSpan.FromSeconds(60);

    public async Task<MailOutcome> Send(Message message, CancellationToken ct)
    {
        if (Mailbox.Read(message.To) is not { } to)
        {
            log.Refused(message.OperationId);
            return new MailOutcome.Refused("The address cannot receive mail.");
        }

        Mailbox from = Mailbox.Read(options.Value.From)!;
        RenderedMail mail = MailTemplates.Render(message.Template, message.Data, from.Name.Length > 0 ? from.Name : from.Address);
        using System.Net.Mail.MailMessage outgoing = Compose(message.OperationId, from, to, mail);
        try
        {
            await Deliver(outgoing, ct);
            log.Accepted(message.OperationId, message.Template);
            return new MailOutcome.Accepted();
        }
        catch (SmtpException refusal) when (IsFinal(refusal.StatusCode))
        {
            log.Refused(message.OperationId);
            return new MailOutcome.Refused($"The mail server refused the message: {refusal.StatusCode}.");
        }
        catch (SmtpException unsettled)
        {
            throw new MailServerException(unsettled.StatusCode, message.OperationId);
        }
    }

    public Task<MailStatus> StatusOf(string operationId, CancellationToken ct) => Task.FromResult(MailStatus.Unknown);

    /// <summary>Repeats only what certainly handed nothing over: the server could not even be reached.</summary>
    private async Task Deliver(System.Net.Mail.MailMessage outgoing, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
                limited.CancelAfter(LongestConversation);
                using SmtpClient client = Client();
                await client.SendMailAsync(outgoing, limited.Token);
                return;
            }
            catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException($"The mail server did not take the message within {LongestConversation.TotalSeconds:0} s.", error);
            }
            catch (SmtpException error) when (error.InnerException is SocketException && attempt < Attempts)
            {
                await Task.Delay(Pause, time, ct);
            }
        }
    }

    private SmtpClient Client() => new(options.Value.SmtpHost, options.Value.SmtpPort)
    {
        EnableSsl = options.Value.SmtpUseTls,
        Credentials = options.Value.SmtpUsername.Length > 0 ? new NetworkCredential(options.Value.SmtpUsername, options.Value.SmtpPassword) : null,
    };

    private static System.Net.Mail.MailMessage Compose(string operationId, Mailbox from, Mailbox to, RenderedMail mail)
    {
        var outgoing = new System.Net.Mail.MailMessage
        {
            From = new(from.Address, from.Name, Encoding.UTF8),
            Subject = new([.. mail.Subject.Select(character => char.IsControl(character) ? ' ' : character)]),
            SubjectEncoding = Encoding.UTF8,
        };
        outgoing.To.Add(new MailAddress(to.Address, to.Name, Encoding.UTF8));
        outgoing.Headers.Add("Message-ID", MimeText.MessageId(operationId, from));
        outgoing.Headers.Add("Auto-Submitted", "auto-generated");
        outgoing.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Text, Encoding.UTF8, MediaTypeNames.Text.Plain));
        outgoing.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        return outgoing;
    }

    private static bool IsFinal(SmtpStatusCode status) => status is SmtpStatusCode.MailboxUnavailable
        or SmtpStatusCode.MailboxNameNotAllowed
        or SmtpStatusCode.UserNotLocalTryAlternatePath
        or SmtpStatusCode.TransactionFailed;
}
