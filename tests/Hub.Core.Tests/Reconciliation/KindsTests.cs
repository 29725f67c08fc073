using Hub.Core.Money;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

public class KindsTests
{
    [Fact]
    public void Every_kind_has_a_page_and_every_page_a_kind()
    {
        string[] pages = [.. Directory.GetFiles(Path.Combine(Root(), "docs", "discrepancies"), "*.md").Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(name => name != "README")];

        Assert.Equal(Kinds.All.Select(kind => kind.Code).Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Merging_two_sold_lines_into_one_item_leaves_their_rounding_as_a_rest()
    {
        // Sold twice 3 × 33.35 less 10 %: 90.04 each, 180.08. Billed once 6 × 33.35 less 10 %: 200.10 − 20.01 = 180.09.
        var sold = new LinePiece(3, 3_335, 10, 9_004);
        Finding[] rest = [.. LineWaterfall.Explain("c/SEAT", Currency.Usd, [sold, sold], [new LinePiece(6, 3_335, 10, 18_009)], new LocalDate(2027, 1, 1), 1).Where(finding => finding.Realised != 0)];

        Assert.Equal([("ROUNDING", 1L)], rest.Select(finding => (finding.Kind.Code, finding.Realised)));
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
