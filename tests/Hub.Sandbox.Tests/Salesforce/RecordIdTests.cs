using Hub.Sandbox.Salesforce;

namespace Hub.Sandbox.Tests.Salesforce;

public sealed class RecordIdTests
{
    [Theory]
    [InlineData("001D000000IRFma", "001D000000IRFmaIAH")]
    [InlineData("006R00000024gDt", "006R00000024gDtIAI")]
    [InlineData("00190000001pPvH", "00190000001pPvHAAU")]
    public void Published_ids_get_their_published_checksum(string fifteen, string eighteen)
    {
        Assert.Equal(eighteen, RecordIds.WithChecksum(fifteen));
        Assert.Equal(eighteen, RecordIds.Normalise(fifteen));
        Assert.Equal(eighteen, RecordIds.Normalise(eighteen));
    }

    [Theory]
    [InlineData("001D000000IRFmaIAI")]
    [InlineData("001D000000IRFm")]
    [InlineData("001D000000IRF/a")]
    [InlineData("")]
    [InlineData(null)]
    public void Wrong_checksum_length_or_character_is_no_id(string? text) => Assert.Null(RecordIds.Normalise(text));

    [Fact]
    public void Running_numbers_give_distinct_valid_ids()
    {
        var ids = Enumerable.Range(0, 200).Select(number => RecordIds.Create("006", number)).ToList();

        Assert.Equal(200, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ids, id => Assert.Equal(id, RecordIds.Normalise(id)));
    }
}
