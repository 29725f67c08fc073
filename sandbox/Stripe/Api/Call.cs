using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>A request that passed every check before execution.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Ids">Ids in the path, in order.</param>
/// <param name="Parameters">Typed parameters.</param>
/// <param name="Path">The path as requested.</param>
public sealed record Call(Operation Operation, string[] Ids, JsonObject Parameters, string Path)
{
    public string Id => Ids[0];

    public IEnumerable<string> Expand => Parameters.Texts("expand");
}
