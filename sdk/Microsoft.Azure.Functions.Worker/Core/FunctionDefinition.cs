namespace Microsoft.Azure.Functions.Worker;

/// <summary>What is known of a function before it runs.</summary>
public abstract class FunctionDefinition
{
    /// <summary>Stable across invocations.</summary>
    public abstract string Id { get; }

    /// <summary>The name given in <see cref="FunctionAttribute"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Type and method, as <c>Namespace.Type.Method</c>.</summary>
    public abstract string EntryPoint { get; }
}
