using System.Runtime.CompilerServices;

namespace Hub.Sdk.StripeWire;

/// <summary>Remembers which properties were assigned, so that null can mean "clear" instead of "leave out".</summary>
internal sealed class SetTracker
{
    private readonly HashSet<string> assigned = [];

    public void Track([CallerMemberName] string propertyName = null) => assigned.Add(propertyName);

    public bool IsSet(string propertyName) => assigned.Contains(propertyName);
}

/// <summary>Options with properties that can be cleared.</summary>
internal interface IHasSetTracking
{
    bool IsPropertySet(string propertyName);
}
