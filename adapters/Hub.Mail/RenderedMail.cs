namespace Hub.Mail;

/// <summary>Subject and the two forms of the text.</summary>
internal sealed record RenderedMail(string Subject, string Text, string Html)
{
    /// <summary>Never the text: it names a customer and what they owe.</summary>
    public override string ToString() => nameof(RenderedMail);
}
