using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>Tables that are part of the program.</summary>
internal static class Resource
{
    public static JsonNode Read(string name)
    {
        using var stream = typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Resource {name} is missing.");
        return JsonNode.Parse(stream)!;
    }
}
