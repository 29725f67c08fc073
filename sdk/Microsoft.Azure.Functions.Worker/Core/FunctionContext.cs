namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>Unique to the invocation.</summary>
    public abstract string InvocationId { get; }

    /// <summary>Unique to the function and stable across invocations.</summary>
    public abstract string FunctionId { get; }

    /// <summary>The services of this invocation's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Values shared within this invocation only.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Signalled when the host wants the invocation to end.</summary>
    public virtual CancellationToken CancellationToken { get; } = CancellationToken.None;
}
