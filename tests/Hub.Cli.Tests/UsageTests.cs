namespace Hub.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plan")]
    [InlineData("plan one two")]
    [InlineData("plan books.json --format xml")]
    [InlineData("plan books.json --unknown")]
    [InlineData("document books.json")]
    [InlineData("document books.json --opportunity 006000000000001AAA")]
    [InlineData("demo --days soon")]
    [InlineData("demo --days 0")]
    [InlineData("demo --kills -1")]
    [InlineData("demo --seed")]
    [InlineData("test --filter")]
    [InlineData("backfill")]
    [InlineData("backfill --since yesterday")]
    [InlineData("backfill --since 2026-02-30")]
    [InlineData("backfill --since 2026-01-01 --limit 0")]
    [InlineData("backfill --resume --dry-run")]
    [InlineData("backfill --since 2026-01-01 --format xml")]
    [InlineData("run --port first")]
    [InlineData("doctor now")]
    [InlineData("publish --hosting isolated")]
    [InlineData("publish --output")]
    [InlineData("bench twice")]
    [InlineData("bench --format json")]
    [InlineData("balance")]
    public async Task A_command_line_that_is_none_of_ours_ends_with_two(string line) =>
        Assert.Equal(2, await HubCommand.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("--help")]
    [InlineData("plan --help")]
    [InlineData("demo --help")]
    [InlineData("backfill --help")]
    public async Task Help_is_an_answer(string line) => Assert.Equal(0, await HubCommand.Run(line.Split(' ')));

    [Theory]
    [InlineData("")]
    [InlineData("no-such-file.json")]
    [InlineData("no\0file")]
    public async Task Books_that_cannot_be_opened_end_with_two(string path) => Assert.Equal(2, await HubCommand.Run(["plan", path]));
}
