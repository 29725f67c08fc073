namespace Hub.Sandbox.Stripe.Api;

/// <summary>A refusal, worded and coded as the service does. Thrown by handlers, turned into the error envelope by the module.</summary>
public sealed class ApiException(int status, string type, string message) : Exception(message)
{
    public int Status => status;

    public string Type => type;

    public string? Code { get; init; }

    public string? Param { get; init; }

    /// <summary>400 <c>invalid_request_error</c>.</summary>
    public static ApiException Invalid(string message, string? param = null, string? code = null) =>
        new(400, "invalid_request_error", message) { Param = param, Code = code };

    public static ApiException Missing(string param) =>
        Invalid($"Missing required param: {param}.", param, "parameter_missing");

    /// <summary>404 for an object named in the path, 400 for one named by a parameter.</summary>
    public static ApiException NoSuch(string kind, string id, string? param = null) =>
        new(param is null or "id" ? 404 : 400, "invalid_request_error", $"No such {kind.Replace('_', ' ')}: '{id}'")
        {
            Param = param ?? "id",
            Code = "resource_missing",
        };

    public static ApiException Coded(int status, string code, string message) =>
        new(status, "invalid_request_error", message) { Code = code };

    public static ApiException Idempotency(int status, string message, string? code = null) =>
        new(status, "idempotency_error", message) { Code = code };
}
