using System.Collections.Immutable;

namespace Hub.Sandbox.Salesforce.Schema;

public enum FieldType
{
    Id,
    Reference,
    Text,
    TextArea,
    LongTextArea,
    Picklist,
    Boolean,
    Whole,
    Number,
    Currency,
    Percent,
    Date,
    DateTime,
    Email,
    Phone,
    Url,

    /// <summary>Bytes: base64 when written, an address to read them from when read.</summary>
    Base64,
}

/// <summary>One field of an object, with what the API enforces about it.</summary>
public sealed record Field(string Name, FieldType Type)
{
    /// <summary>Greatest number of characters; 0 where the type has none.</summary>
    public int Length { get; init; }

    /// <summary>Digits in all and after the point, of numbers.</summary>
    public int Precision { get; init; }

    public int Scale { get; init; }

    /// <summary>Must have a value on create and may not be cleared.</summary>
    public bool Required { get; init; }

    public bool Createable { get; init; } = true;

    public bool Updateable { get; init; } = true;

    public bool Unique { get; init; }

    public bool ExternalId { get; init; }

    /// <summary>Distinguishes case in comparisons and uniqueness; ids always do.</summary>
    public bool CaseSensitive { get; init; }

    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>Whether the API refuses picklist values that are not defined.</summary>
    public bool Restricted { get; init; }

    /// <summary>Objects a reference may point to; several for a polymorphic one.</summary>
    public ImmutableArray<string> References { get; init; } = [];

    /// <summary>Name of the parent in SOQL, such as <c>Account</c> or <c>Hub_Opportunity__r</c>.</summary>
    public string? Relationship { get; init; }

    /// <summary>Name of the children in SOQL, seen from the parent.</summary>
    public string? Children { get; init; }

    /// <summary>Value a new record gets when none is given.</summary>
    public object? Default { get; init; }

    public bool Custom => Name.EndsWith("__c", StringComparison.Ordinal);

    public bool Filterable => Type is not (FieldType.LongTextArea or FieldType.Base64);

    public bool IsNumber => Type is FieldType.Whole or FieldType.Number or FieldType.Currency or FieldType.Percent;

    public bool IsText => Type is FieldType.Text or FieldType.TextArea or FieldType.LongTextArea or FieldType.Picklist
        or FieldType.Email or FieldType.Phone or FieldType.Url;

    /// <summary>The type's name in describe and in messages.</summary>
    public string TypeName => Type switch
    {
        FieldType.LongTextArea => "textarea",
        FieldType.Text => "string",
        FieldType.Whole => "int",
        FieldType.Number => "double",
        FieldType.DateTime => "datetime",
        _ => Type.ToString().ToLowerInvariant(),
    };

    /// <summary>How SOQL names the type in a message about a filter.</summary>
    public string SoqlTypeName => Type == FieldType.DateTime ? "dateTime" : IsText ? "string" : TypeName;

    /// <summary>The label people see and messages begin with.</summary>
    public string Label => (Custom ? Name[..^3].Replace('_', ' ') : Name).Trim();
}
