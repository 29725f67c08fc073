namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>PO numbers are the same whatever their case, blanks and hyphens, and with or without the letters PO in front.</summary>
internal sealed class PoComparer : IEqualityComparer<string>
{
    public static PoComparer Instance { get; } = new();

    public static string Bare(string text)
    {
        string bare = string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return bare.StartsWith("PO", StringComparison.Ordinal) && bare.Length > 2 && char.IsAsciiDigit(bare[2]) ? bare[2..] : bare;
    }

    /// <summary>With the letters that scanners take for digits, and the other way round, made one.</summary>
    public static string Misread(string text) => Bare(text).Replace('O', '0').Replace('I', '1').Replace('L', '1').Replace('S', '5').Replace('B', '8');

    public bool Equals(string? left, string? right) => left is null ? right is null : right is not null && Bare(left) == Bare(right);

    public int GetHashCode(string value) => Bare(value).GetHashCode(StringComparison.Ordinal);
}
