using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>Refusals of the simulator's own.</summary>
public static class Refusals
{
    /// <summary>Refuses parameters the service has and the simulator does not play: better loud than silently ignored.</summary>
    /// <exception cref="ApiException">One of them was sent.</exception>
    public static void NotPlayed(JsonObject parameters, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var switchedOff = parameters.Obj(name) is { } part && part.ContainsKey("enabled") && !part.Flag("enabled");
            if (parameters.ContainsKey(name) && !parameters.Clears(name) && !switchedOff)
            {
                throw ApiException.Invalid($"The sandbox does not play the parameter {name}.", name);
            }
        }
    }
}
