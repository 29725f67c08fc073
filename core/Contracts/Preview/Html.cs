using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Hub.Core.Contracts.Preview;

/// <summary>Elements of a page that is well-formed XML and HTML at once; every value goes through here and comes out encoded.</summary>
internal static class Html
{
    private const char Replacement = '\uFFFD';

    private static readonly XNamespace Page = "http://www.w3.org/1999/xhtml";
    private static readonly XNamespace Picture = "http://www.w3.org/2000/svg";
    private static readonly string[] Void = ["meta", "br"];

    /// <summary>An HTML element; texts in <paramref name="content"/> are encoded, nulls left out.</summary>
    public static XElement E(string name, params object?[] content) => Filled(new XElement(Page + name, Clean(content)));

    /// <summary>An SVG element.</summary>
    public static XElement S(string name, params object?[] content) => new(Picture + name, Clean(content));

    public static XAttribute A(string name, string value) => new(name, Clean(value));

    public static XAttribute A(string name, decimal value) => new(name, value.ToString("0.##", CultureInfo.InvariantCulture));

    /// <summary>A value from outside, kept apart from the text around it whichever way its letters run.</summary>
    public static XElement Value(string text) => E("bdi", text);

    /// <summary>The whole document.</summary>
    public static string Document(XElement root)
    {
        var text = new StringBuilder("<!DOCTYPE html>\n");

        // Line ends stay as they are: the policy names the style by its hash.
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None, Indent = false };
        using (var writer = XmlWriter.Create(text, settings))
        {
            root.WriteTo(writer);
        }

        return text.Append('\n').ToString();
    }

    /// <summary>Text without characters that XML, and with it the page, cannot hold.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (at + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[at + 1], text[at]))
            {
                clean.Append(text[at]).Append(text[++at]);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[at]) && text[at] != '\r' ? text[at] : Replacement);
            }
        }

        return clean.ToString();
    }

    private static object?[] Clean(object?[] content) => [.. content.Select(part => part is string text ? Clean(text) : part)];

    // Browsers take <td/> for an opening tag; only elements that never have content may close themselves.
    private static XElement Filled(XElement element)
    {
        if (element.IsEmpty && !Void.Contains(element.Name.LocalName))
        {
            element.Value = "";
        }

        return element;
    }
}
