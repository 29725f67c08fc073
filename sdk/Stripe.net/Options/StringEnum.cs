namespace Stripe;

/// <summary>A named value of a parameter that also takes another type, such as <c>now</c> in place of a time.</summary>
public abstract class StringEnum
{
    protected StringEnum(string value) => Value = value;

    public string Value { get; protected set; }

    public override string ToString() => Value;
}
