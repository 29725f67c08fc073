using System.Text.Json;
using Hub.Sdk.StripeWire;

namespace Stripe;

/// <summary>An object of Stripe's API, or a part of one.</summary>
public abstract class StripeEntity : IStripeEntity
{
    /// <summary>The JSON it was read from, fields without a property included; null when it was not read.</summary>
    public JsonElement? RawJsonElement { get; internal set; }

    /// <summary>The response that carried it; null for parts of an object and for events delivered to a webhook.</summary>
    public StripeResponse StripeResponse { get; set; }

    /// <summary>Reads an object of the type that its <c>object</c> field names; null for a type unknown here.</summary>
    public static IHasObject FromJson(string value) => (IHasObject)EntityReader.Parse(value, typeof(IHasObject));

    public static T FromJson<T>(string value)
        where T : IStripeEntity => (T)EntityReader.Parse(value, typeof(T));

    public string ToJson() => EntityWriter.ToIndentedJson(this);

    public override string ToString() => $"<{GetType().FullName} id={(this as IHasId)?.Id}> JSON: {ToJson()}";

    protected static ExpandableField<T> SetExpandableFieldId<T>(string id, ExpandableField<T> expandable)
        where T : IHasId => expandable?.Id == id && expandable != null ? expandable : new ExpandableField<T> { Id = id };

    protected static ExpandableField<T> SetExpandableFieldObject<T>(T obj, ExpandableField<T> expandable)
        where T : IHasId => new() { Id = obj is null ? expandable?.Id : obj.Id, ExpandedObject = obj };

    protected static List<ExpandableField<T>> SetExpandableArrayIds<T>(List<string> ids)
        where T : IHasId => ids?.ConvertAll(id => new ExpandableField<T> { Id = id });

    protected static List<ExpandableField<T>> SetExpandableArrayObjects<T>(List<T> objects)
        where T : IHasId => objects?.ConvertAll(obj => new ExpandableField<T> { Id = obj.Id, ExpandedObject = obj });
}

/// <inheritdoc cref="StripeEntity"/>
public abstract class StripeEntity<T> : StripeEntity
    where T : StripeEntity<T>
{
    public static new T FromJson(string value) => StripeEntity.FromJson<T>(value);
}
