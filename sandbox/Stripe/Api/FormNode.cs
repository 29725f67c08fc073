namespace Hub.Sandbox.Stripe.Api;

/// <summary>One level of bracketed form parameters: <c>a[b][0]=x</c> is a → b → 0 with the text x.</summary>
public sealed class FormNode
{
    public string? Text { get; private set; }

    public Dictionary<string, FormNode> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads decoded name and value pairs in the order sent.</summary>
    /// <exception cref="ApiException">A name's brackets do not match.</exception>
    public static FormNode Parse(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var root = new FormNode();
        foreach (var (name, value) in pairs)
        {
            root.Place(Segments(name), value);
        }

        return root;
    }

    private static List<string> Segments(string name)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
        {
            return [name];
        }

        var inner = name[bracket..];
        return bracket > 0 && inner[^1] == ']'
            ? [name[..bracket], .. inner[1..^1].Split("][")]
            : throw ApiException.Invalid($"Invalid parameter name: {name}", name);
    }

    private void Place(List<string> segments, string value)
    {
        var node = this;
        for (var depth = 0; depth < segments.Count; depth++)
        {
            node = segments[depth].Length == 0 ? node.Appended(segments[(depth + 1)..]) : node.Child(segments[depth]);
        }

        node.Text = value;
    }

    private FormNode Child(string key)
    {
        if (!Children.TryGetValue(key, out var child))
        {
            Children[key] = child = new FormNode();
        }

        return child;
    }

    // `items[][price]=a&items[][quantity]=1&items[][price]=b`: a name seen before starts the next element.
    private FormNode Appended(List<string> rest)
    {
        if (rest.Count > 0 && Children.Count > 0 && Children.Values.Last() is { } last && !last.Children.ContainsKey(rest[0]))
        {
            return last;
        }

        return Child(Children.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
