using System.Net;
using System.Text.Json.Nodes;

namespace Hub.Adapters.Tests.Stripe;

/// <summary>Reads bracketed form parameters into nested objects; list positions become member names.</summary>
internal static class Form
{
    public static JsonObject Parse(string form)
    {
        JsonObject root = [];
        foreach (string pair in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            string[] path = [.. WebUtility.UrlDecode(parts[0]).Split('[').Select(part => part.TrimEnd(']'))];
            JsonObject holder = root;
            foreach (string step in path[..^1])
            {
                holder[step] ??= new JsonObject();
                holder = holder[step]!.AsObject();
            }

            holder[path[^1]] = WebUtility.UrlDecode(parts[1]);
        }

        return root;
    }
}
