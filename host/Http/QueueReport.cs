namespace Hub.Host.Http;

/// <summary>What the host has to do and is doing; the answer of <c>GET /admin/queues</c>.</summary>
/// <param name="Queues">One entry per queue with a function that is switched on.</param>
/// <param name="Idle">Nothing waits, nothing runs and no timer is due.</param>
internal sealed record QueueReport(IReadOnlyList<QueueReport.Entry> Queues, bool Idle)
{
    /// <param name="Waiting">Messages stored and not being worked on here, invisible ones included.</param>
    /// <param name="Running">Messages being worked on by this host.</param>
    /// <param name="Poison">Messages in the poison queue.</param>
    internal sealed record Entry(string Name, long Waiting, long Running, long Poison);
}
