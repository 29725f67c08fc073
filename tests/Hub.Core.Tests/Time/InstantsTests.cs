using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Tests.Time;

public sealed class InstantsTests
{
    private static readonly Instant HalfPastFour = Instant.FromUtc(2027, 3, 9, 4, 30);

    // All name the same moment: 06:30 at +02:00, 10:00 at +05:30, 23:30 of the day before at -05:00.
    [Theory]
    [InlineData("2027-03-09T04:30:00Z")]
    [InlineData("2027-03-09T04:30:00.000+0000")]
    [InlineData("2027-03-09T06:30:00+02:00")]
    [InlineData("2027-03-09T06:30:00.0000000+02")]
    [InlineData("2027-03-09T10:00:00+05:30")]
    [InlineData("2027-03-08T23:30:00-0500")]
    public void An_instant_may_have_any_offset(string text)
    {
        Assert.Equal(HalfPastFour, Instants.Parse(text));
        Assert.Equal(
            new ContractChanged("006000000000001AAA", "poll", HalfPastFour),
            JsonSerializer.Deserialize<ContractChanged>($$"""{"OpportunityId":"006000000000001AAA","Source":"poll","ObservedAt":"{{text}}"}"""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2027-03-09")]
    [InlineData("2027-03-09T04:30:00")]
    public void A_date_or_a_local_time_is_no_instant(string? text)
    {
        Assert.Null(Instants.Parse(text));
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<ContractChanged>(
            JsonSerializer.Serialize(new { OpportunityId = "006000000000001AAA", Source = "poll", ObservedAt = text })));
    }
}
