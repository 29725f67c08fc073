using System.Net;
using System.Net.Sockets;
using System.Text;
using Hub.Core.Collections;
using Hub.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.Mail;

public sealed class SmtpTests
{
    [Fact]
    public async Task Message_is_handed_over_under_its_operation_id()
    {
        using SmtpServer server = new("250 ok");

        MailOutcome outcome = await Mailer(server.Port).Send(Reminders.Message(), CancellationToken.None);

        Assert.IsType<MailOutcome.Accepted>(outcome);
        string received = await server.Received;
        Assert.Contains("RCPT TO:<ap@customer.example>", received, StringComparison.Ordinal);
        Assert.Contains("Message-ID: <reminder-in_1-S7@acme.example>", received, StringComparison.Ordinal);
        Assert.Contains("multipart/alternative", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipient_the_server_does_not_know_is_refused_for_good()
    {
        using SmtpServer server = new("550 no such user");

        MailOutcome outcome = await Mailer(server.Port).Send(Reminders.Message(), CancellationToken.None);

        Assert.Equal("The mail server refused the message: MailboxUnavailable.", Assert.IsType<MailOutcome.Refused>(outcome).Reason);
    }

    [Fact]
    public async Task Busy_server_is_no_answer_about_the_message()
    {
        using SmtpServer server = new("451 try later");

        await Assert.ThrowsAsync<MailServerException>(() => Mailer(server.Port).Send(Reminders.Message(), CancellationToken.None));
    }

    [Fact]
    public async Task What_a_server_says_of_a_recipient_does_not_travel_with_the_failure()
    {
        using SmtpServer server = new("451 4.2.1 <ap@customer.example>: over quota");

        MailServerException failure = await Assert.ThrowsAsync<MailServerException>(
            () => Mailer(server.Port).Send(Reminders.Message(), CancellationToken.None));

        Assert.DoesNotContain("customer.example", failure.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("The mail server did not take message reminder-in_1-S7: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_can_tell_what_became_of_a_message() =>
        Assert.Equal(MailStatus.Unknown, await Mailer(25).StatusOf("reminder-in_1-S7", CancellationToken.None));

    private static IMailer Mailer(int port)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mail:Provider"] = "Smtp", ["Mail:From"] = "billing@acme.example", ["Mail:SmtpHost"] = "127.0.0.1",
            ["Mail:SmtpPort"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture), ["Mail:SmtpUseTls"] = "false",
        }).Build();
        return new ServiceCollection().AddLogging().AddHubMail(configuration).BuildServiceProvider().GetRequiredService<IMailer>();
    }

    /// <summary>Holds one conversation on loopback and keeps what it was told.</summary>
    private sealed class SmtpServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public SmtpServer(string answerToRecipient)
        {
            _listener.Start();
            Received = Serve(answerToRecipient);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public Task<string> Received { get; }

        public void Dispose() => _listener.Dispose();

        private async Task<string> Serve(string answerToRecipient)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync();
            await using NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var heard = new StringBuilder();
            await Say(stream, "220 test");
            for (string? line; (line = await reader.ReadLineAsync()) is not null;)
            {
                heard.AppendLine(line);
                await Say(stream, line.Split(' ', ':')[0].ToUpperInvariant() switch
                {
                    "RCPT" => answerToRecipient,
                    "DATA" => await ReadData(stream, reader, heard),
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                });
            }

            return heard.ToString();
        }

        private static async Task<string> ReadData(NetworkStream stream, StreamReader reader, StringBuilder heard)
        {
            await Say(stream, "354 go on");
            for (string? line; (line = await reader.ReadLineAsync()) is not null and not ".";)
            {
                heard.AppendLine(line);
            }

            return "250 queued";
        }

        private static async Task Say(NetworkStream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
    }
}
