using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for an HTTP request to its route.</summary>
/// <remarks>
/// The published forms without a level are left out: between their versions the first text is now a method, now the name of
/// a setting with the level, and a function's level must not hang on that.
/// </remarks>
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>All methods, function key required.</summary>
    public HttpTriggerAttribute() => AuthLevel = AuthorizationLevel.Function;

    /// <summary>All methods, the stated level.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

    /// <summary>The named methods at the stated level.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>ASP.NET Core route template without the host's prefix; null means the function's name.</summary>
    public string? Route { get; set; }

    /// <summary>HTTP methods; null or empty means all.</summary>
    public string[]? Methods { get; }

    public AuthorizationLevel AuthLevel { get; }
}
