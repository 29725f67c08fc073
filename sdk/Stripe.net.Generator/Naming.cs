using System.Globalization;

namespace Hub.Sdk.StripeGenerator;

/// <summary>From Stripe's names to the published package's.</summary>
internal static class Naming
{
    public static string Pascal(string snake) =>
        string.Concat(snake.Split('_', '.').Select(word => word.Length == 0 ? word : char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]));

    public static string Camel(string pascal) => char.ToLower(pascal[0], CultureInfo.InvariantCulture) + pascal[1..];

    public static string Property(string json, FieldDescription field) => field.Name ?? Pascal(json);

    /// <summary>The string enum of a parameter: its class without Create, Update and Options, then the parameter.</summary>
    public static string StringEnum(string optionsClass, string property)
    {
        var owner = optionsClass[..^"Options".Length];
        foreach (var verb in (string[])["Create", "Update"])
        {
            owner = owner.EndsWith(verb, StringComparison.Ordinal) ? owner[..^verb.Length] : owner;
        }

        return owner + property;
    }

    public static (string Namespace, string Class) Split(string name) => name.LastIndexOf('.') is >= 0 and var dot
        ? ("Stripe." + name[..dot], name[(dot + 1)..])
        : ("Stripe", name);
}
