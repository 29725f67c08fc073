using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Internal;

/// <summary>Reads <c>{"odata.error":{"code":…,"message":{"value":…}}}</c>; a transaction's message starts with <c>INDEX:</c>.</summary>
internal sealed class ErrorDetails : RequestFailedDetailsParser
{
    public const string FailedEntity = "FailedEntity";

    public override bool TryParse(Response response, [NotNullWhen(true)] out ResponseError? error, [NotNullWhen(true)] out IDictionary<string, string>? data)
    {
        (error, data) = (null, null);
        (string Code, string Message)? found = Parse(response);
        if (found is not { } details)
        {
            return false;
        }

        data = new Dictionary<string, string>();
        string message = details.Message;
        if (IndexOf(message) is { } index)
        {
            data[FailedEntity] = index.ToString(CultureInfo.InvariantCulture);
            message += $"\nThe operation that failed is number {index} ({nameof(TableTransactionFailedException.FailedTransactionActionIndex)}).";
        }

        error = new ResponseError(details.Code, message);
        return true;
    }

    private static (string Code, string Message)? Parse(Response response)
    {
        if (response.ContentStream is null || response.Content.ToMemory() is not { IsEmpty: false } content)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("odata.error", out JsonElement error)
                ? (error.GetProperty("code").GetString() ?? string.Empty, error.GetProperty("message").GetProperty("value").GetString() ?? string.Empty)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not the service's error format (a proxy's page, XML): Azure.Core then shows the raw body.
            return null;
        }
    }

    private static int? IndexOf(string message) =>
        message.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
        && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? index
            : null;
}
