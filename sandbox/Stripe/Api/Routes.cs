using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>Which handler plays which operation.</summary>
public sealed class Routes
{
    private readonly IReadOnlyList<Operation> endpoints = Operation.ReadAll();
    private readonly Dictionary<string, (Func<Call, JsonObject> Play, string[] NotPlayed)> handlers = new(StringComparer.Ordinal);

    /// <summary>Names the handler of a declared operation, such as <c>POST /v1/customers</c>.</summary>
    /// <param name="operation">Method and path template.</param>
    /// <param name="handler">Plays it.</param>
    /// <param name="notPlayed">Declared parameters it would ignore, and which are refused for that.</param>
    public void On(string operation, Func<Call, JsonObject> handler, params string[] notPlayed)
    {
        if (endpoints.All(endpoint => endpoint.Key != operation))
        {
            throw new ArgumentException($"The API declares no {operation}.", nameof(operation));
        }

        handlers.Add(operation, (handler, notPlayed));
    }

    public IEnumerable<string> WithoutHandler => endpoints.Select(endpoint => endpoint.Key).Except(handlers.Keys);

    /// <exception cref="ApiException">404: there is no such operation.</exception>
    public (Operation Operation, string[] Ids) Find(string method, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.Method == method))
        {
            if (endpoint.Match(segments) is { } ids)
            {
                return (endpoint, ids);
            }
        }

        throw new ApiException(404, "invalid_request_error",
            $"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.");
    }

    public JsonObject Execute(Call call)
    {
        var (play, notPlayed) = handlers[call.Operation.Key];
        Refusals.NotPlayed(call.Parameters, notPlayed);
        return play(call);
    }
}
