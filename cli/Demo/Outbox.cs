using System.Collections.Immutable;

namespace Hub.Cli.Demo;

/// <summary>The messages that really left in the demo: one .eml file each, named <c>reminder-{invoice}-{step}</c>.</summary>
internal static class Outbox
{
    public static ImmutableSortedDictionary<string, int> RemindersByStep(string folder) => Directory.EnumerateFiles(folder, "*.eml")
        .Select(file => Path.GetFileNameWithoutExtension(file).Split('-', 3))
        .GroupBy(name => name.Length == 3 ? name[2] : "other")
        .ToImmutableSortedDictionary(step => step.Key, step => step.Count(), StringComparer.Ordinal);
}
