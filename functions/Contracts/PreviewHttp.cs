using System.Globalization;
using Hub.Core.Contracts;
using Hub.Core.Contracts.Preview;
using Hub.Functions.Http;
using Hub.Salesforce;
using Hub.Stripe;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using NodaTime;

namespace Hub.Functions.Contracts;

/// <summary>Previews over HTTP: format, links, and the headers that keep a page of somebody else's words harmless.</summary>
internal sealed class PreviewHttp(PreviewContract preview, PreviewOptions options, TimeProvider time, ILogger log)
{
    private const int RetryAfterSeconds = 30;
    private const string HtmlType = "text/html";
    private const string JsonType = "application/json";

    private Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    /// <summary>200 as JSON or as a page, 400 for an id or a word that is none, 404 where Salesforce has no such opportunity, 503 where one of the systems cannot be read.</summary>
    public async Task<IResult> Preview(HttpRequest request, string text, CancellationToken ct)
    {
        if (!SalesforceId.TryParse(text, out SalesforceId id))
        {
            return OpportunityHttp.NoId(text);
        }

        string? format = request.Query["format"];
        if (format is not (null or "json" or "html"))
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, "The format is json or html.");
        }

        string? compare = request.Query["compare"];
        return compare is null or "stripe"
            ? await Answer(request, id, format is null ? PrefersPage(request) : format == "html", compare is not null, ct)
            : ApiProblem.Of(StatusCodes.Status400BadRequest, "A preview is compared with stripe or with nothing.");
    }

    /// <summary>200 with path and end of a link, 404 while links are switched off.</summary>
    public async Task<IResult> Link(HttpRequest request, string text, CancellationToken ct)
    {
        if (!SalesforceId.TryParse(text, out SalesforceId id))
        {
            return OpportunityHttp.NoId(text);
        }

        if (await RequestBody.RefuseAny(request, "A preview link", ct) is { } refused)
        {
            return refused;
        }

        if (options.LinkKey.Length == 0)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, "Preview links are switched off; the setting Preview:LinkKey switches them on.");
        }

        Instant expires = Instant.FromUnixTimeSeconds((Now + Duration.FromMinutes(options.LinkMinutes)).ToUnixTimeSeconds());
        Guard(request);
        return Json.Result(new { path = $"/api/previews/{PreviewLink.Token(id, expires, options.LinkKey)}", expires });
    }

    /// <summary>200 with the page, 404 for a link that is none or has expired: which of the two is nobody's business.</summary>
    public async Task<IResult> Open(HttpRequest request, string token, CancellationToken ct) =>
        options.LinkKey.Length > 0 && PreviewLink.Opens(token, Now, options.LinkKey) is { } id
            ? await Answer(request, id, page: true, compare: false, ct)
            : ApiProblem.Of(StatusCodes.Status404NotFound, "This link does not open a preview, or not any more. Ask for a new one on the opportunity.");

    // Nothing is guessed where one of the two systems cannot be read.
    private async Task<IResult> Answer(HttpRequest request, SalesforceId id, bool page, bool compare, CancellationToken ct)
    {
        try
        {
            return await Read(request, id, page, compare, ct);
        }
        catch (SalesforceException e)
        {
            return Unreadable(request, "Salesforce", e.Code, e);
        }
        catch (StripeCallException e)
        {
            return Unreadable(request, "Stripe", e.Code ?? e.Status?.ToString() ?? "no answer", e);
        }
    }

    private IResult Unreadable(HttpRequest request, string system, string code, Exception e)
    {
        log.PreviewUnreadable(system, code, e);
        request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return ApiProblem.Of(
            StatusCodes.Status503ServiceUnavailable, $"{system} cannot be read at the moment ({code}), so nothing can be said of this opportunity. Try again in a minute.");
    }

    private async Task<IResult> Read(HttpRequest request, SalesforceId id, bool page, bool compare, CancellationToken ct)
    {
        if (await preview.Handle(id, compare, ct) is not { } found)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, $"Salesforce shows no opportunity {id} to the Hub.");
        }

        Guard(request);
        return page ? Results.Text(PreviewPage.Write([found]), $"{HtmlType}; charset=utf-8") : Results.Text(PreviewJson.Text(found), $"{JsonType}; charset=utf-8");
    }

    // Names, addresses and prices: never stored on the way, never guessed at, never sent on, and framed by nobody who was not named.
    private void Guard(HttpRequest request)
    {
        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.Vary = "Accept";
        string ancestors = options.Ancestors.Any() ? string.Join(' ', options.Ancestors) : "'none'";
        headers.ContentSecurityPolicy = $"{PreviewPage.ContentPolicy}; frame-ancestors {ancestors}";
    }

    private static bool PrefersPage(HttpRequest request) => request.GetTypedHeaders().Accept
        .Where(accepted => accepted.Quality != 0)
        .OrderByDescending(accepted => accepted.Quality ?? 1)
        .Select(accepted => accepted.MediaType.Value)
        .FirstOrDefault(type => type is HtmlType or JsonType or "*/*") == HtmlType;
}
