namespace Hub.Sandbox.Salesforce.Schema;

/// <summary>Words the schema is written in.</summary>
internal static class Fields
{
    /// <summary>Currencies that are active in the org.</summary>
    public static readonly string[] Currencies =
        ["USD", "EUR", "GBP", "CHF", "CAD", "AUD", "SEK", "NOK", "DKK", "JPY", "KRW", "KWD", "BHD", "JOD", "OMR", "TND", "ISK", "UGX"];

    public static Field Text(string name, int length = 255) => new(name, FieldType.Text) { Length = length };

    public static Field TextArea(string name) => new(name, FieldType.TextArea) { Length = 255 };

    public static Field LongText(string name, int length = 32_768) => new(name, FieldType.LongTextArea) { Length = length };

    public static Field Email(string name) => new(name, FieldType.Email) { Length = 80 };

    public static Field Phone(string name) => new(name, FieldType.Phone) { Length = 40 };

    public static Field Url(string name) => new(name, FieldType.Url) { Length = 255 };

    /// <summary>A picklist that takes any value, as standard ones do.</summary>
    public static Field Pick(string name, params string[] values) => new(name, FieldType.Picklist) { Length = 255, Values = [.. values] };

    /// <summary>A picklist that refuses values it does not define.</summary>
    public static Field Restricted(string name, params string[] values) => Pick(name, values) with { Restricted = true };

    public static Field Bool(string name) => new(name, FieldType.Boolean) { Default = false };

    public static Field Number(string name, int precision = 18, int scale = 0) =>
        new(name, FieldType.Number) { Precision = precision, Scale = scale };

    public static Field Int(string name) => new(name, FieldType.Whole) { Precision = 9 };

    /// <summary>Three decimals, so that dinars fit.</summary>
    public static Field Money(string name, int scale = 3) => new(name, FieldType.Currency) { Precision = 18, Scale = scale };

    public static Field Percent(string name) => new(name, FieldType.Percent) { Precision = 5, Scale = 2 };

    public static Field Date(string name) => new(name, FieldType.Date);

    public static Field DateTime(string name) => new(name, FieldType.DateTime);

    public static Field Currency() => Restricted("CurrencyIsoCode", Currencies) with { Default = "USD" };

    /// <param name="children">Name of the rows seen from the parent; null: not reachable from there.</param>
    public static Field Lookup(string name, string target, string? children = null) => new(name, FieldType.Reference)
    {
        Length = 18,
        References = [target],
        Relationship = name.EndsWith("__c", StringComparison.Ordinal) ? name[..^1] + "r" : name[..^2],
        Children = children,
    };

    public static Field Required(this Field field) => field with { Required = true };

    public static Field ReadOnly(this Field field) => field with { Createable = false, Updateable = false };

    /// <summary>Settable on create and never again.</summary>
    public static Field CreateOnly(this Field field) => field with { Updateable = false };

    /// <summary>Unique, case-sensitive external id.</summary>
    public static Field Key(this Field field) => field with { Unique = true, ExternalId = true, CaseSensitive = true };
}
