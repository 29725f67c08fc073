using System.Net.Mail;

namespace Hub.Mail;

/// <summary>The mail server said nothing final about a message; whether it took it is not known.</summary>
/// <remarks>Takes the place of <see cref="SmtpException"/>, whose text quotes the server, and servers quote the recipient's address.</remarks>
internal sealed class MailServerException(SmtpStatusCode status, string operationId)
    : Exception($"The mail server did not take message {operationId}: {status}.");
