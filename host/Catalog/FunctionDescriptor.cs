using System.Reflection;

namespace Hub.Host.Catalog;

/// <summary>One function: its name, the method behind it and what starts it.</summary>
/// <param name="Disabled">Switched off by setting <c>AzureWebJobs:&lt;Name&gt;:Disabled</c>; known once the catalog is resolved.</param>
internal sealed record FunctionDescriptor(string Name, MethodInfo Method, FunctionTrigger Trigger, bool Disabled = false)
{
    /// <summary>A queue function that takes its message as bytes rather than text.</summary>
    public bool TakesBytes => Trigger is FunctionTrigger.Queue
        && Method.GetParameters().Any(parameter => parameter.ParameterType == typeof(byte[]) || parameter.ParameterType == typeof(BinaryData));

    public string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";
}
