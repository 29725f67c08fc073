using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Invocation;

/// <summary>What a trigger hands to a function.</summary>
internal abstract record InvocationInput
{
    private InvocationInput()
    {
    }

    /// <summary>The invocation's id where the Functions host has given one; a new one is made otherwise.</summary>
    public string? InvocationId { get; init; }

    /// <summary>A queue message's body, already out of its base64.</summary>
    public sealed record Message(BinaryData Body) : InvocationInput;

    public sealed record Tick(TimerInfo Timer) : InvocationInput;

    /// <summary>A request with its route values; the function's result is written to its response.</summary>
    public sealed record Request(HttpContext Context) : InvocationInput;
}
