using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

public sealed class ProblemPageTests
{
    [Fact]
    public void Every_code_has_a_page_and_every_page_a_code() => Assert.Equal(
        ProblemCodes.All,
        Directory.EnumerateFiles(Folder(), "*.md").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Fact]
    public void A_page_names_cause_person_and_way_out() => Assert.All(ProblemCodes.All, code =>
    {
        string page = File.ReadAllText(Path.Combine(Folder(), code + ".md"));
        Assert.StartsWith($"# {code}\n", page, StringComparison.Ordinal);
        Assert.All(["**Cause.** ", "**Who mends it.** ", "**How.** "], part => Assert.Contains(part, page, StringComparison.Ordinal));
    });

    private static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
            {
                return Path.Combine(folder.FullName, "docs", "problems");
            }
        }

        throw new InvalidOperationException("No Hub.sln above the tests.");
    }
}
