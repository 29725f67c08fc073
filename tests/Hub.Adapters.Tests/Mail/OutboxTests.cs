using Hub.Core.Collections;
using Hub.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hub.Adapters.Tests.Mail;

public sealed class OutboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-outbox-").FullName;
    private readonly LogLines _log = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _log.Dispose();
    }

    [Fact]
    public async Task Message_becomes_one_file_named_by_its_operation()
    {
        IMailer mailer = Mailer();
        Assert.Equal(MailStatus.NotSent, await mailer.StatusOf("reminder-in_1-S7", CancellationToken.None));

        Assert.IsType<MailOutcome.Accepted>(await mailer.Send(Reminders.Message(), CancellationToken.None));

        Assert.Equal(MailStatus.Sent, await mailer.StatusOf("reminder-in_1-S7", CancellationToken.None));
        string file = Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal("reminder-in_1-S7.eml", Path.GetFileName(file));
        Assert.Contains("To: ap@customer.example\r\n", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Same_operation_again_leaves_the_first_message_alone()
    {
        IMailer mailer = Mailer();
        await mailer.Send(Reminders.Message(), CancellationToken.None);
        string before = await File.ReadAllTextAsync(Directory.GetFiles(_folder).Single());

        Assert.IsType<MailOutcome.Accepted>(await mailer.Send(Reminders.Message(template: "final-notice"), CancellationToken.None));

        Assert.Equal(before, await File.ReadAllTextAsync(Directory.GetFiles(_folder).Single()));
    }

    [Fact]
    public async Task Twenty_hosts_at_once_write_one_whole_file()
    {
        IMailer[] mailers = [.. Enumerable.Range(0, 20).Select(_ => Mailer())];

        MailOutcome[] outcomes = await Task.WhenAll(mailers.Select(mailer => Task.Run(() => mailer.Send(Reminders.Message(), CancellationToken.None))));

        Assert.All(outcomes, outcome => Assert.IsType<MailOutcome.Accepted>(outcome));
        Assert.EndsWith("--\r\n", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_folder))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_that_is_none_is_refused_without_a_file()
    {
        MailOutcome outcome = await Mailer().Send(Reminders.Message(to: "x@y.example\r\nBcc: victim@z.example"), CancellationToken.None);

        Assert.DoesNotContain("victim", Assert.IsType<MailOutcome.Refused>(outcome).Reason, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Log_has_the_operation_and_never_an_address_or_a_name()
    {
        await Mailer().Send(Reminders.Message(), CancellationToken.None);
        await Mailer().Send(Reminders.Message(to: "ap@customer"), CancellationToken.None);

        Assert.Contains(_log.Lines, line => line.Contains("reminder-in_1-S7", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.Contains('@', StringComparison.Ordinal) || line.Contains("Customer", StringComparison.Ordinal));
    }

    private IMailer Mailer()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mail:Provider"] = "Outbox", ["Mail:From"] = "Acme Billing <billing@acme.example>", ["Mail:OutboxPath"] = _folder,
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log));
        return services.AddHubMail(configuration).BuildServiceProvider().GetRequiredService<IMailer>();
    }
}
