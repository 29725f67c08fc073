using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>One operation of the API with the parameters it declares.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Template such as <c>/v1/invoices/{id}/pay</c>.</param>
/// <param name="ObjectName">The <c>object</c> value of the resource.</param>
/// <param name="Parameters">Declared parameters; anything else is refused.</param>
public sealed record Operation(string Method, string Path, string ObjectName, IReadOnlyDictionary<string, ParameterField> Parameters)
{
    private readonly string[] segments = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public string Key => $"{Method} {Path}";

    /// <summary>Literal segments, so that <c>/customers/search</c> beats <c>/customers/{id}</c>.</summary>
    public int Literals => segments.Count(segment => segment[0] != '{');

    /// <summary>The ids in the path, or null when it is another path.</summary>
    public string[]? Match(string[] path)
    {
        if (path.Length != segments.Length)
        {
            return null;
        }

        var ids = new List<string>();
        foreach (var (declared, actual) in segments.Zip(path))
        {
            if (declared[0] == '{')
            {
                ids.Add(Uri.UnescapeDataString(actual));
            }
            else if (declared != actual)
            {
                return null;
            }
        }

        return [.. ids];
    }

    /// <summary>Every operation the simulator plays, from the table extracted of the API's description.</summary>
    public static IReadOnlyList<Operation> ReadAll() =>
        [.. ((JsonArray)Resource.Read("stripe-parameters.json")).OfType<JsonObject>()
            .Select(json => new Operation(json.Text("http")!, json.Text("path")!, json.Text("object")!, ParameterField.Read(json.Obj("params"))))
            .OrderByDescending(endpoint => endpoint.Literals)];
}
