using System.IO.Enumeration;

namespace Hub.Sandbox.Kernel;

/// <summary>The faults waiting to happen, oldest first.</summary>
public sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Waiting> waiting = [];

    public void Add(Fault fault)
    {
        lock (gate)
        {
            waiting.Add(new Waiting(fault));
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            waiting.Clear();
        }
    }

    /// <summary>The fault that hits this request, used up by one; null when none does.</summary>
    public Fault? Take(string module, string method, string path)
    {
        lock (gate)
        {
            foreach (var entry in waiting.Where(entry => Matches(entry.Fault, module, method, path)))
            {
                if (entry.Skip > 0)
                {
                    entry.Skip--;
                    continue;
                }

                entry.Times--;
                if (entry.Times <= 0)
                {
                    waiting.Remove(entry);
                }

                return entry.Fault;
            }

            return null;
        }
    }

    private static bool Matches(Fault fault, string module, string method, string path) =>
        (fault.Module is null || fault.Module == module)
        && (fault.Method is null || string.Equals(fault.Method, method, StringComparison.OrdinalIgnoreCase))
        && (fault.Path is null || FileSystemName.MatchesSimpleExpression(fault.Path, path, ignoreCase: false));

    private sealed class Waiting(Fault fault)
    {
        public Fault Fault => fault;

        public int Skip { get; set; } = fault.Skip;

        public int Times { get; set; } = fault.Times;
    }
}
