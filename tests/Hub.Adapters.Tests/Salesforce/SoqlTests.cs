using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hub.Core.Contracts;
using Hub.Salesforce;
using NodaTime;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class SoqlTests
{
    [Theory]
    [InlineData("O'Brien", @"'O\'Brien'")]
    [InlineData(@"\' OR Name != '", @"'\\\' OR Name != \''")]
    [InlineData("a\"b\n\r\t\b\f", @"'a\""b\n\r\t\b\f'")]
    public void Text_cannot_break_out_of_its_quotes(string value, string literal) => Assert.Equal(literal, Soql.Text(value));

    [Fact]
    public void No_text_leaves_an_unescaped_quote_behind() => Prop.ForAll<string>(value =>
    {
        string text = new([.. (value ?? "").Where(character => !char.IsControl(character))]);
        string inner = Soql.Text(text)[1..^1].Replace(@"\\", "", StringComparison.Ordinal).Replace(@"\'", "", StringComparison.Ordinal);
        return !inner.Contains('\'', StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u001bb")]
    public void Other_control_characters_are_refused(string value) => Assert.Throws<ArgumentException>(() => Soql.Text(value));

    [Fact]
    public void Instants_end_in_Z_and_keep_milliseconds_only_where_there_are_some()
    {
        var whole = Instant.FromUtc(2026, 11, 20, 10, 43, 17);

        Assert.Equal("2026-11-20T10:43:17Z", Soql.DateTime(whole));
        Assert.Equal("2026-11-20T10:43:17.250Z", Soql.DateTime(whole + Duration.FromMilliseconds(250)));
        Assert.Equal("2026-11-20T10:43:17.250Z", Soql.DateTime(whole + Duration.FromNanoseconds(250_900_000)));
    }

    [Fact]
    public void Two_hundred_ids_with_every_opportunity_field_stay_below_eight_kilobytes()
    {
        IEnumerable<SalesforceId> ids = Enumerable.Range(0, 200).Select(number => SalesforceId.Parse(Ids.Opportunity(number)));
        string statement = Soql.Select(RecordFields.Wanted["Opportunity"], "Opportunity", Soql.In("Id", ids), "Id");

        Assert.True(Soql.Encode(statement).Length < 8_000, $"{Soql.Encode(statement).Length}");
    }

    [Fact]
    public void Plus_and_percent_are_encoded_and_space_is_a_plus() => Assert.Equal("a+%2B+%25+'x'", Soql.Encode("a + % 'x'"));

    [Theory]
    [InlineData("2026-11-20T10:43:17.000+0000")]
    [InlineData("2026-11-20T10:43:17+00:00")]
    [InlineData("2026-11-20T10:43:17Z")]
    [InlineData("2026-11-20T11:43:17.000+0100")]
    public void Date_times_are_read_in_every_form_Salesforce_writes(string text)
    {
        Assert.True(SalesforceJson.TryInstant(text, out Instant instant));
        Assert.Equal(Instant.FromUtc(2026, 11, 20, 10, 43, 17), instant);
    }

    [Theory]
    [InlineData("2026-11-20")]
    [InlineData("soon")]
    [InlineData(null)]
    public void Anything_else_is_no_date_time(string? text) => Assert.False(SalesforceJson.TryInstant(text, out _));

    [Fact]
    public void Half_pairs_and_NUL_characters_are_taken_out_of_texts()
    {
        JsonElement json = JsonSerializer.Deserialize<JsonElement>("""{"Name":"a\ud800b\u0000c \\ud800 \ud83d\ude00 \"q\" \/","Quantity":1.2345678E7}""");

        SalesforceRecord record = SalesforceJson.Record("Account", json);

        Assert.Equal("a\uFFFDbc \\ud800 \U0001F600 \"q\" /", record.Text("Name"));
        Assert.Equal(12345678m, record.Fields["Quantity"].GetDecimal());
    }

    [Theory]
    [InlineData("https://evil.example/services/data/v67.0/query/1")]
    [InlineData("//evil.example/services/data/x")]
    [InlineData("/services/data/../../oauth2/token")]
    [InlineData("/services/data@evil.example/")]
    [InlineData("@evil.example/services/data/")]
    [InlineData(".evil.example/services/data/")]
    [InlineData("/services/database")]
    [InlineData("")]
    public void Path_that_leaves_the_data_api_is_not_followed(string path)
    {
        SalesforceException error = Assert.Throws<SalesforceException>(() => DataPath.Resolve(new("https://acme.my.salesforce.com"), path));

        Assert.Equal("UNSAFE_PATH", error.Code);
    }

    [Fact]
    public void Next_page_is_resolved_against_the_instance() => Assert.Equal(
        new Uri("https://acme.my.salesforce.com/services/data/v67.0/query/0r8xx-2000"),
        DataPath.Resolve(new("https://acme.my.salesforce.com"), "/services/data/v67.0/query/0r8xx-2000"));
}
