using System.Collections.Immutable;
using System.Xml.Linq;
using static Hub.Core.Contracts.Preview.Html;

namespace Hub.Core.Contracts.Preview;

/// <summary>Previews as one HTML page: no scripts, nothing loaded from anywhere, every value encoded, well-formed as XML.</summary>
public static class PreviewPage
{
    /// <summary>Stands at the top of every page.</summary>
    public const string Note = "Preview — nothing was written";

    /// <summary>Content security policy of the page; whoever serves it adds <c>frame-ancestors</c>, which a page cannot say of itself.</summary>
    public static string ContentPolicy => PageStyle.Policy;

    /// <summary>The page; the same previews give the same text.</summary>
    public static string Write(ImmutableArray<ContractPreview> previews)
    {
        ImmutableArray<DealSection> deals = [.. previews.Select((preview, at) => new DealSection(preview, $"deal{at + 1}"))];
        string title = deals is [var only] ? $"Billing preview: {only.Name}" : "Billing preview";
        return Document(E(
            "html",
            A("lang", "en"),
            E(
                "head",
                E("meta", A("charset", "utf-8")),
                E("meta", A("http-equiv", "Content-Security-Policy"), A("content", PageStyle.Policy)),
                E("meta", A("name", "viewport"), A("content", "width=device-width, initial-scale=1")),
                E("meta", A("name", "referrer"), A("content", "no-referrer")),
                E("title", title),
                E("style", PageStyle.Text)),
            E(
                "body",
                E("main", E("h1", "Billing preview"), E("p", A("class", "note"), Note), deals.Length > 1 ? Contents(deals) : null, deals.Select((deal, at) => deal.Section(at == 0))))));
    }

    private static XElement Contents(ImmutableArray<DealSection> deals) => E(
        "nav",
        A("aria-label", "Opportunities"),
        E("ol", deals.Select(deal => E("li", E("a", A("href", $"#{deal.Id}"), Value(deal.Name))))));
}
