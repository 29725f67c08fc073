using Hub.Core.Contracts;
using Hub.Host.Backfill;
using NodaTime;

namespace Hub.Host.Tests.Backfill;

public sealed class BackfillOutputTests
{
    [Fact]
    public void Arguments_are_read_as_the_command_passes_them_on() => Assert.Equal(
        new BackfillArguments(new LocalDate(2026, 1, 1), true, 5, "csv"),
        BackfillArguments.Read(["--since", "2026-01-01", "--dry-run", "--limit", "5", "--format", "csv"]));

    [Fact]
    public void Without_a_date_the_last_one_goes_on() => Assert.Equal(new BackfillArguments(null, false, null, "json"), BackfillArguments.Read(["--resume"]));

    [Theory]
    [InlineData("--since")]
    [InlineData("--since 01/02/2026")]
    [InlineData("--limit 0")]
    [InlineData("--limit -1")]
    [InlineData("--format xml")]
    [InlineData("2026-01-01")]
    public void What_is_none_of_them_is_refused(string line) => Assert.Null(BackfillArguments.Read(line.Split(' ')));

    [Fact]
    public void A_terminal_shows_a_bar_that_redraws_itself_and_ends_on_a_line_of_its_own()
    {
        var output = new StringWriter();
        var line = new ProgressLine(output, terminal: true);

        line.Report(new("Putting opportunities on the queue", 1_000, 4_000));
        line.Report(new("Putting opportunities on the queue", 1_000, 4_000));
        line.End();
        line.End();

        Assert.Equal("\r[#######.......................] Putting opportunities on the queue: 1,000 of 4,000\u001b[K" + Environment.NewLine, output.ToString());
    }

    [Fact]
    public void Elsewhere_a_line_appears_now_and_then()
    {
        var output = new StringWriter();
        var line = new ProgressLine(output, terminal: false);

        line.Report(new("Salesforce lists the opportunities", 0, null));
        for (int done = 0; done <= 1_000; done += 10)
        {
            line.Report(new("Planning", done, 1_000));
        }

        line.End();
        string[] lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 11, lines.Length);
        Assert.Equal("Planning: 1,000 of 1,000", lines[^1]);
        Assert.DoesNotContain('\u001b', output.ToString());
    }
}
