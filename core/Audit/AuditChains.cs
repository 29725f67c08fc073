using System.Collections.Immutable;
using System.Globalization;

namespace Hub.Core.Audit;

/// <summary>The sixteen chains of the audit trail; a subject always lands in the same one.</summary>
public static class AuditChains
{
    /// <summary><c>00</c> to <c>0f</c>.</summary>
    public static ImmutableArray<string> All { get; } =
        [.. Enumerable.Range(0, 16).Select(number => number.ToString("x2", CultureInfo.InvariantCulture))];

    /// <summary>The chain of a subject: 0 and the first hex digit of the subject's SHA-256.</summary>
    public static string ChainOf(string subject) => "0" + AuditHash.OfPayload(subject)[0];
}
