using System.Text.Json.Serialization;
using Hub.Sdk.StripeWire;

namespace Stripe;

/// <summary>A parameter that takes one of several types.</summary>
public interface IAnyOf
{
    object Value { get; }

    Type Type { get; }
}

/// <inheritdoc cref="IAnyOf"/>
public abstract class AnyOf : IAnyOf
{
    public abstract object Value { get; }

    public abstract Type Type { get; }

    public override string ToString() => Value is { } value ? value.ToString() : "AnyOf(null)";
}

/// <summary>A <typeparamref name="T1"/> or a <typeparamref name="T2"/>; converts from and to both.</summary>
/// <remarks>Converting to the type it does not hold yields that type's default. A null converts to a null <c>AnyOf</c>, which is not sent.</remarks>
[JsonConverter(typeof(AnyOfConverterFactory))]
public class AnyOf<T1, T2> : AnyOf
{
    private readonly T1 first;
    private readonly T2 second;
    private readonly bool holdsFirst;

    public AnyOf(T1 value)
    {
        first = value;
        holdsFirst = true;
    }

    public AnyOf(T2 value) => second = value;

    public override object Value => holdsFirst ? first : second;

    public override Type Type => holdsFirst ? typeof(T1) : typeof(T2);

    public static implicit operator AnyOf<T1, T2>(T1 value) => value is null ? null : new AnyOf<T1, T2>(value);

    public static implicit operator AnyOf<T1, T2>(T2 value) => value is null ? null : new AnyOf<T1, T2>(value);

    public static implicit operator T1(AnyOf<T1, T2> anyOf) => anyOf.first;

    public static implicit operator T2(AnyOf<T1, T2> anyOf) => anyOf.second;
}
