namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a method as a function; the name is what the host, its keys and its switches know it by.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
