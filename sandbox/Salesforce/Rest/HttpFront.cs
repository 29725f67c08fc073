using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hub.Sandbox.Kernel;
using Hub.Sandbox.Salesforce.Auth;
using Hub.Sandbox.Salesforce.Outbound;
using Microsoft.AspNetCore.Http.Features;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>HTTP around the API: sessions, the allowance, headers and compression.</summary>
public sealed class HttpFront(Router router, TokenEndpoint endpoint, Tokens tokens, Usage usage, Outbox outbox, SandboxClock clock)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/services/oauth2/token", Token);
        routes.MapPost("/services/oauth2/revoke", Revoke);
        routes.MapGet("/services/data", context => Send(context, ApiReply.Ok(ApiVersions.List())));
        routes.Map("/services/{**rest}", Api);
    }

    private async Task Token(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        var fields = form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        await Send(context, endpoint.Answer(fields, context.Request.Headers.Authorization, Origin(context)));
    }

    private async Task Revoke(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        tokens.Revoke(form["token"].ToString());
        await Send(context, new ApiReply(200));
    }

    private async Task Api(HttpContext context)
    {
        var text = await Body(context);
        var reply = Answer(context, text);
        await Send(context, reply);
        outbox.Kick();
    }

    private ApiReply Answer(HttpContext context, string text)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (ApiRequest.Split(target) is not { } split)
        {
            return ApiReply.Refused(new SalesforceError("NOT_FOUND", "The requested resource does not exist") { Status = 404 });
        }

        if (!tokens.Admits(context.Request.Headers.Authorization))
        {
            return ApiReply.Refused(new SalesforceError("INVALID_SESSION_ID", "Session expired or invalid") { Status = 401 });
        }

        if (!usage.Take())
        {
            return ApiReply.Refused(new SalesforceError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.") { Status = 403 });
        }

        context.Response.Headers["Sforce-Limit-Info"] = usage.Header();
        return router.Handle(new ApiRequest(context.Request.Method, split.Version, split.Segments, split.Query, name => Header(context, name), text));
    }

    private static string? Header(HttpContext context, string name) =>
        context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    private static async Task<string> Body(HttpContext context)
    {
        var zipped = context.Request.Headers.ContentEncoding.ToString().Equals("gzip", StringComparison.OrdinalIgnoreCase);
        await using var content = zipped ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(context.RequestAborted);
    }

    private async Task Send(HttpContext context, ApiReply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.Headers.Date = clock.Now.ToString("r", null);
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        if (reply.Body is null && reply.Text is null && reply.Bytes is null)
        {
            return;
        }

        response.ContentType = reply.Bytes is null ? reply.ContentType : "application/octetstream";
        var bytes = reply.Bytes ?? (reply.Text is { } text ? Encoding.UTF8.GetBytes(text) : JsonSerializer.SerializeToUtf8Bytes(reply.Body, Json));
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var zip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await zip.WriteAsync(bytes, context.RequestAborted);
    }

    private static string Origin(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";
}
