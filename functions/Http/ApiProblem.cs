using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Hub.Functions.Http;

/// <summary>How the API says no: <c>application/problem+json</c> with type, title, status and detail (RFC 9457).</summary>
/// <remarks>The one place for it; the host answers through it too. The type is always <c>about:blank</c>, so that the title is the status in words.</remarks>
public static class ApiProblem
{
    public const string ContentType = "application/problem+json";

    // Read in terminals, never as part of a page.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="status">400–599.</param>
    /// <param name="detail">What is wrong and the way out, in plain words: no secret, nothing of a body, at most an id of the address.</param>
    public static IResult Of(int status, string detail) =>
        Results.Json(new { type = "about:blank", title = ReasonPhrases.GetReasonPhrase(status), status, detail }, Options, ContentType, status);

    /// <summary>413: more than <see cref="RequestBody.LimitBytes"/>.</summary>
    public static IResult TooLarge() =>
        Of(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {RequestBody.LimitBytes} bytes (1 MiB); nothing of it was taken.");

    /// <summary>The answer to a status that nobody has said anything about yet.</summary>
    /// <param name="status">400–499.</param>
    public static IResult Plain(int status) => Of(status, status switch
    {
        StatusCodes.Status401Unauthorized => "This address needs a key that allows it. Send it in the header x-functions-key.",
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take this method; the header Allow names those it takes.",
        StatusCodes.Status413PayloadTooLarge => "The body is too large; nothing of it was taken.",
        _ => "The request cannot be understood as it is.",
    });
}
