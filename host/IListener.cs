namespace Hub.Host;

/// <summary>Something that starts functions by itself: a queue or a timer.</summary>
internal interface IListener
{
    /// <summary>The function it starts.</summary>
    string Function { get; }

    /// <summary>Runs until told to stop and everything begun has ended.</summary>
    /// <param name="abort">Cancels what is running; the bound of a graceful stop.</param>
    /// <param name="stop">Begin nothing new.</param>
    Task Run(CancellationToken abort, CancellationToken stop);
}
