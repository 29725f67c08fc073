using Hub.Core.Collections;
using Hub.Mail;

namespace Hub.Adapters.Tests.Mail;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("before-due", -3, "Invoice INV-0042 is due on 20 November 2026", "is due in 3 days.")]
    [InlineData("before-due", 0, "Invoice INV-0042 is due on 20 November 2026", "is due today.")]
    [InlineData("overdue", 1, "Reminder: invoice INV-0042 is overdue", "was due 1 day ago.")]
    [InlineData("second-reminder", 14, "Second reminder: invoice INV-0042 is 14 days overdue", "14 days after its due date")]
    [InlineData("final-notice", 30, "Final reminder: invoice INV-0042 is 30 days overdue", "This is our last reminder.")]
    public void Each_step_has_its_own_words_in_both_forms(string template, int daysOverdue, string subject, string sentence)
    {
        RenderedMail mail = Render(Reminders.Message(template: template, daysOverdue: daysOverdue));

        Assert.Equal(subject, mail.Subject);
        Assert.Contains(sentence, mail.Text, StringComparison.Ordinal);
        Assert.Contains(sentence, mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_template_names_invoice_amount_due_date_link_and_sender() => Assert.All(MailTemplates.Names, template =>
    {
        RenderedMail mail = Render(Reminders.Message(template: template));

        foreach (string fact in (string[])["Dear Customer Ltd", "INV-0042", "KWD 7.250", "20 November 2026", "Acme Billing"])
        {
            Assert.Contains(fact, mail.Text, StringComparison.Ordinal);
            Assert.Contains(fact, mail.Html, StringComparison.Ordinal);
        }

        Assert.Contains("https://pay.example/in_1?a=1&b=2", mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://pay.example/in_1?a", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", mail.Text + mail.Html + mail.Subject, StringComparison.Ordinal);
    });

    [Fact]
    public void Customers_text_is_escaped_in_html_and_plain_in_text()
    {
        RenderedMail mail = Render(Reminders.Message(customer: "<script>alert('x')</script> & Söhne"));

        Assert.DoesNotContain("<script", mail.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;script", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<script>alert('x')</script> & Söhne", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/relative")]
    [InlineData(null)]
    public void Link_that_is_not_to_the_web_is_left_out(string? url)
    {
        RenderedMail mail = Render(Reminders.Message(url: url));

        Assert.DoesNotContain("View and pay", mail.Text + mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript", mail.Text + mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Quote_in_a_link_cannot_leave_its_attribute() => Assert.DoesNotContain(
        "onmouseover=\"", Render(Reminders.Message(url: "https://pay.example/\" onmouseover=\"x")).Html, StringComparison.Ordinal);

    [Fact]
    public void Unknown_customer_is_greeted_without_a_name() =>
        Assert.StartsWith("Hello,", Render(Reminders.Message(customer: null)).Text, StringComparison.Ordinal);

    [Fact]
    public void Line_ends_in_a_name_write_no_lines_of_their_own() =>
        Assert.StartsWith("Dear Evil  Pay to IBAN X,", Render(Reminders.Message(customer: "Evil\r\nPay to IBAN X")).Text, StringComparison.Ordinal);

    [Fact]
    public void Unknown_template_is_a_mistake_in_the_policy() =>
        Assert.Contains("overdue", Assert.Throws<InvalidOperationException>(() => Render(Reminders.Message(template: "no-such"))).Message, StringComparison.Ordinal);

    private static RenderedMail Render(MailMessage message) => MailTemplates.Render(message.Template, message.Data, "Acme Billing");
}
