using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>Bracketed form parameters as a tree: <c>a[0][b]=c</c> becomes <c>{"a":[{"b":"c"}]}</c>, all values texts.</summary>
internal static class FormTree
{
    public static JsonObject Of(string form)
    {
        var root = new JsonObject();
        foreach ((string name, StringValues values) in QueryHelpers.ParseQuery(form))
        {
            foreach (string? value in values)
            {
                string[] path = name.Split(['[', ']'], StringSplitOptions.RemoveEmptyEntries);
                Set(root, name.EndsWith("[]", StringComparison.Ordinal) ? [.. path, root.Count.ToString(CultureInfo.InvariantCulture)] : path, value ?? "");
            }
        }

        return (JsonObject)Arrays(root);
    }

    private static void Set(JsonObject holder, string[] path, string value)
    {
        if (path is [var name])
        {
            holder[name] = value;
            return;
        }

        Set(holder[path[0]] as JsonObject ?? (JsonObject)(holder[path[0]] = new JsonObject()), path[1..], value);
    }

    private static JsonNode Arrays(JsonNode node)
    {
        if (node is not JsonObject holder)
        {
            return node.DeepClone();
        }

        (string Key, JsonNode Value)[] members = [.. holder.Select(member => (member.Key, Arrays(member.Value!)))];
        bool isList = members.Length > 0 && members.All(member => int.TryParse(member.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        return isList
            ? new JsonArray([.. members.OrderBy(member => int.Parse(member.Key, CultureInfo.InvariantCulture)).Select(member => member.Value)])
            : new JsonObject(members.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Key, member.Value)));
    }
}
