using System.Text;
using Hub.Core.Collections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hub.Mail;

/// <summary>Writes each message as an .eml file named by its operation id; a file that exists was sent.</summary>
/// <remarks>The file appears whole or not at all: it is written aside and moved, and the move never replaces one that another process wrote.</remarks>
internal sealed class OutboxMailer(IOptions<MailOptions> options, TimeProvider time, ILogger<OutboxMailer> log) : IMailer
{
    public async Task<MailOutcome> Send(MailMessage message, CancellationToken ct)
    {
        if (Mailbox.Read(message.To) is not { } to)
        {
            log.Refused(message.OperationId);
            return new MailOutcome.Refused("The address cannot receive mail.");
        }

        Mailbox from = Mailbox.Read(options.Value.From)!;
        string file = FileOf(message.OperationId);
        RenderedMail mail = MailTemplates.Render(message.Template, message.Data, from.Name.Length > 0 ? from.Name : from.Address);
        if (!File.Exists(file))
        {
            await Place(file, MimeText.Write(message.OperationId, from, to, mail, time.GetUtcNow()), ct);
        }

        log.Accepted(message.OperationId, message.Template);
        return new MailOutcome.Accepted();
    }

    public Task<MailStatus> StatusOf(string operationId, CancellationToken ct) =>
        Task.FromResult(File.Exists(FileOf(operationId)) ? MailStatus.Sent : MailStatus.NotSent);

    private string FileOf(string operationId) => Path.Combine(Path.GetFullPath(options.Value.OutboxPath), OperationName.Of(operationId) + ".eml");

    private static async Task Place(string file, string text, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string aside = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (FileStream stream = new(aside, FileMode.CreateNew, FileAccess.Write))
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(text), ct);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another attempt of the same operation was first; its message stands.
        }
        finally
        {
            File.Delete(aside);
        }
    }
}
