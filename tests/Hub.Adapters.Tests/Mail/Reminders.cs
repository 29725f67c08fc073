using Hub.Core.Collections;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Adapters.Tests.Mail;

/// <summary>A valid reminder; tests state what differs.</summary>
internal static class Reminders
{
    public static MailMessage Message(
        string operationId = "reminder-in_1-S7",
        string to = "ap@customer.example",
        string template = "overdue",
        string? customer = "Customer Ltd",
        string number = "INV-0042",
        int daysOverdue = 7,
        string? url = "https://pay.example/in_1?a=1&b=2") => new(operationId, to, template, new ReminderContent(
            customer, number, new Amount(7250, Currency.Parse("KWD")), new LocalDate(2026, 11, 20), daysOverdue, url));
}
