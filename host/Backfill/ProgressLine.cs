using System.Globalization;
using Hub.Core.Contracts;

namespace Hub.Host.Backfill;

/// <summary>Progress for people: a bar that redraws itself on a terminal, else a line now and then.</summary>
internal sealed class ProgressLine(TextWriter output, bool terminal) : IProgress<BackfillAdvance>
{
    private const int Width = 30;
    private const long LinesPerTotal = 10;
    private readonly Lock _gate = new();
    private string _shown = "";
    private bool _open;

    public void Report(BackfillAdvance value)
    {
        lock (_gate)
        {
            string line = terminal ? Bar(value) : Plain(value);
            string mark = terminal ? line : $"{value.Doing} {(value.Total is > 0 and var total ? value.Done * LinesPerTotal / total : 0)}";
            if (mark == _shown)
            {
                return;
            }

            _shown = mark;
            _open = terminal;
            output.Write(terminal ? $"\r{line}\u001b[K" : line + Environment.NewLine);
            output.Flush();
        }
    }

    /// <summary>Leaves the bar as it is and goes to the next line.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_open)
            {
                output.WriteLine();
            }

            _open = false;
        }
    }

    private static string Plain(BackfillAdvance at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.Doing}{(at.Total is { } total ? $": {at.Done:N0} of {total:N0}" : "")}");

    private static string Bar(BackfillAdvance at)
    {
        int filled = at.Total is > 0 and var total ? (int)Math.Clamp(at.Done * Width / total, 0, Width) : 0;
        return $"[{new string('#', filled)}{new string('.', Width - filled)}] {Plain(at)}";
    }
}
