namespace Hub.Core.Collections;

/// <summary>Hands messages to a mail provider. Implemented by Hub.Mail.</summary>
public interface IMailer
{
    /// <summary>Sends the message under its operation id; a provider that keeps operation ids never sends the same one twice.</summary>
    Task<MailOutcome> Send(MailMessage message, CancellationToken ct);

    /// <summary>What the provider knows of an earlier attempt under the operation id.</summary>
    Task<MailStatus> StatusOf(string operationId, CancellationToken ct);
}

/// <param name="OperationId">Deterministic: the same reminder has the same id in every attempt.</param>
/// <param name="Template">Name of the template; its text and subject belong to the mail adapter.</param>
/// <param name="Data">Values for the template.</param>
public sealed record MailMessage(string OperationId, string To, string Template, ReminderContent Data);

/// <param name="CustomerName">Null when unknown.</param>
/// <param name="DaysOverdue">Negative before the due date.</param>
public sealed record ReminderContent(
    string? CustomerName,
    string InvoiceNumber,
    Money.Amount Amount,
    NodaTime.LocalDate DueDate,
    int DaysOverdue,
    string? PaymentUrl);

public enum MailStatus
{
    /// <summary>The provider has no record of the operation: it was not sent.</summary>
    NotSent,
    Sent,

    /// <summary>The provider keeps no record that could tell.</summary>
    Unknown,
}

public abstract record MailOutcome
{
    private MailOutcome()
    {
    }

    public sealed record Accepted : MailOutcome;

    /// <summary>The provider refused the address or the message for good.</summary>
    public sealed record Refused(string Reason) : MailOutcome;
}
