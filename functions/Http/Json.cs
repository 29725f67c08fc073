using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hub.Core.Time;
using Microsoft.AspNetCore.Http;

namespace Hub.Functions.Http;

/// <summary>How the API writes JSON: camelCase, instants as ISO 8601 with Z, enumerations by name.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // Answers are JSON by their content type and never part of a page; people read them in a terminal, apostrophes and umlauts included.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantJsonConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static IResult Result<T>(T value, int status = StatusCodes.Status200OK) => Results.Json(value, Options, statusCode: status);
}
