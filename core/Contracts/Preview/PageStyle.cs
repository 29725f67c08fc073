using System.Security.Cryptography;
using System.Text;

namespace Hub.Core.Contracts.Preview;

/// <summary>The page's one style sheet, and the policy that allows it and nothing else.</summary>
internal static class PageStyle
{
    // No character that XML would escape: the text must reach the browser as it is hashed here.
    public const string Text = """
        :root { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1rem 1.25rem 3rem; max-width: 66rem; font: 16px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: #16202e; background: #fff; overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; line-height: 1.2; margin: 1rem 0 .25rem; }
        h2 { font-size: 1.35rem; line-height: 1.25; margin: 2.5rem 0 .25rem; padding-top: 1.25rem; border-top: 3px solid #16202e; }
        h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
        p { margin: .4rem 0; }
        .note { background: #fff4d6; border-left: 4px solid #a86a00; padding: .5rem .75rem; font-weight: 600; }
        .outcome { padding: .5rem .75rem; border-left: 4px solid #24589f; background: #eaf1fb; }
        .outcome.rejected { border-color: #a3261d; background: #fcebe9; }
        .outcome.held { border-color: #a86a00; background: #fff4d6; }
        .muted { color: #4c5a6d; }
        dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .2rem 1rem; margin: .75rem 0; }
        dt { color: #4c5a6d; }
        dd { margin: 0; }
        ol.findings { padding-left: 1.4rem; }
        ol.findings li { margin: 0 0 .9rem; }
        .fix { font-weight: 600; }
        .scroll { overflow-x: auto; }
        .scroll:focus-visible { outline: 3px solid #24589f; outline-offset: 2px; }
        table { border-collapse: collapse; width: 100%; font-size: .925rem; }
        caption { text-align: left; color: #4c5a6d; padding: .2rem 0; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; }
        thead th { white-space: nowrap; border-bottom: 2px solid #16202e; }
        tbody tr:first-child td, tbody tr:first-child th, tfoot td, tfoot th { border-top: 1px solid #c3ccd8; }
        tbody.years tr td, tbody.years tr th { border-top: 1px solid #c3ccd8; }
        td p { margin: 0 0 .15rem; }
        .num { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding-left: .6rem; padding-right: 0; }
        .date { white-space: nowrap; font-variant-numeric: tabular-nums; font-weight: 600; }
        .code { min-width: 6rem; }
        .why { min-width: 14rem; }
        .credit { color: #a3261d; }
        figure { margin: 1rem 0; }
        figcaption { color: #4c5a6d; font-size: .9rem; }
        svg.timeline { display: block; width: 100%; min-width: 46rem; height: auto; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        details { margin-top: 1rem; border: 1px solid #c3ccd8; padding: .4rem .75rem; }
        summary { cursor: pointer; font-weight: 600; }
        pre { white-space: pre-wrap; background: #f3f5f8; padding: .6rem; font: .8rem/1.4 ui-monospace, Consolas, "DejaVu Sans Mono", monospace; }
        @media (max-width: 40rem) { body { padding: .75rem .75rem 2rem; font-size: 15px; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } }
        @media print { body { max-width: none; padding: 0; font-size: 10pt; } .scroll { overflow: visible; } svg.timeline { min-width: 0; } tbody, figure, li { break-inside: avoid; } h2 { break-before: page; } h2.first { break-before: auto; } details:not([open]) { display: none; } }
        """;

    /// <summary>What the page may load: its own style, no script, no picture, no form.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'; base-uri 'none'; form-action 'none'";
}
