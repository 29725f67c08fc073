using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Hub.Core.Collections;
using HandlebarsDotNet;
using NodaTime.Text;

namespace Hub.Mail;

/// <summary>The texts of the reminders, embedded in this library: one HTML and one plain text for each name.</summary>
public sealed class MailTemplates
{
    private const string Layout = "layout";
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("d MMMM uuuu");
    private static readonly IHandlebars Html = Handlebars.Create();
    private static readonly IHandlebars Plain = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
    private static readonly HandlebarsTemplate<object, object> HtmlLayout = Html.Compile(Source($"{Layout}.html.hbs"));
    private static readonly string[] Known = ["before-due", "overdue", "second-reminder", "final-notice"];
    private static readonly FrozenDictionary<string, Compiled> Templates = Known.ToFrozenDictionary(name => name, Compile);

    /// <summary>Templates a dunning step may name.</summary>
    public static IReadOnlyList<string> Names => Known;

    /// <param name="sender">Name the message is signed with.</param>
    /// <exception cref="InvalidOperationException">No such template: the policy names one this version does not have.</exception>
    internal static RenderedMail Render(string template, ReminderContent content, string sender)
    {
        Compiled compiled = Templates.TryGetValue(template, out Compiled? found)
            ? found
            : throw new InvalidOperationException($"There is no mail template '{template}'; known are {string.Join(", ", Known)}.");
        Dictionary<string, object?> values = Values(content, sender);
        string subject = compiled.Subject(values).Trim();
        var framed = new Dictionary<string, object?>(values) { ["Subject"] = subject, ["Body"] = compiled.Html(values) };
        return new(subject, compiled.Text(values), HtmlLayout(framed));
    }

    /// <summary>Everything already worded: templates choose where a value stands, not how it is written.</summary>
    private static Dictionary<string, object?> Values(ReminderContent content, string sender) => new()
    {
        ["Greeting"] = OneLine(content.CustomerName) is { Length: > 0 } name ? $"Dear {name}" : "Hello",
        ["InvoiceNumber"] = OneLine(content.InvoiceNumber),
        ["Amount"] = content.Amount.ToString(),
        ["DueDate"] = Day.Format(content.DueDate),
        ["Days"] = Days(Math.Abs(content.DaysOverdue)),
        ["DueToday"] = content.DaysOverdue == 0,
        ["PaymentUrl"] = SafeLink(content.PaymentUrl),
        ["Sender"] = OneLine(sender),
    };

    private static string Days(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "day" : "days")}");

    /// <summary>Names come from customers' records: control characters and line ends would let them write lines of their own.</summary>
    private static string OneLine(string? value) => new string([.. (value ?? "").Select(character => char.IsControl(character) ? ' ' : character)]).Trim();

    /// <summary>A link only to the web, never <c>javascript:</c> and the like; null leaves the sentence out.</summary>
    private static string? SafeLink(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? link) && link.Scheme is "https" or "http" ? link.AbsoluteUri : null;

    private static Compiled Compile(string name)
    {
        (string subject, string text) = Source($"{name}.txt.hbs").Split('\n', 2) is [var first, var rest] ? (first, rest.TrimStart('\n')) : throw new InvalidOperationException(name);
        return new(Plain.Compile(subject["Subject: ".Length..]), Plain.Compile(text), Html.Compile(Source($"{name}.html.hbs")));
    }

    private static string Source(string file)
    {
        using Stream stream = typeof(MailTemplates).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The template {file} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private sealed record Compiled(
        HandlebarsTemplate<object, object> Subject, HandlebarsTemplate<object, object> Text, HandlebarsTemplate<object, object> Html);
}
