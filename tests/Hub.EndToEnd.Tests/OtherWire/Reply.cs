using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>Answers in chunks, without Content-Length, and with the world's time in the Date header.</summary>
internal static class Reply
{
    public static Task Json(HttpContext context, int status, JsonNode body, string type = "application/json;charset=UTF-8") =>
        Text(context, status, body.ToJsonString(), type);

    public static Task Html503(HttpContext context) =>
        Text(context, StatusCodes.Status503ServiceUnavailable, "<html><body><h1>Down for maintenance</h1></body></html>", "text/html");

    private static async Task Text(HttpContext context, int status, string text, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.StartAsync(context.RequestAborted);
        int half = text.Length / 2;
        await context.Response.WriteAsync(text[..half], context.RequestAborted);
        await context.Response.WriteAsync(text[half..], context.RequestAborted);
    }
}
