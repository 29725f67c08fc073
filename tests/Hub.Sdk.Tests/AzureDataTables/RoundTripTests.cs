using System.Text;
using Azure.Data.Tables;
using FsCheck;
using FsCheck.Fluent;
using Hub.Testing;

namespace Hub.Sdk.Tests.AzureDataTables;

public class RoundTripTests
{
    // Dates of the service: 1601-01-01 to 9999-12-31, in ticks.
    private static readonly long FirstTick = new DateTime(1601, 1, 1).Ticks;

    private static Gen<object> Values => Gen.OneOf(
        ArbMap.Default.GeneratorFor<int>().Select(value => (object)value),
        ArbMap.Default.GeneratorFor<long>().Select(value => (object)value),
        ArbMap.Default.GeneratorFor<NormalFloat>().Select(value => (object)value.Get),
        ArbMap.Default.GeneratorFor<bool>().Select(value => (object)value),
        ArbMap.Default.GeneratorFor<Guid>().Select(value => (object)value),
        ArbMap.Default.GeneratorFor<byte[]>().Select(value => (object)value),
        ArbMap.Default.GeneratorFor<UnicodeString>().Select(value => (object)Valid(value.Get ?? "")),
        Gen.Choose(0, int.MaxValue).Two().Select(pair => (object)new DateTimeOffset(FirstTick + ((((long)pair.Item1 << 31) | (long)pair.Item2) % (DateTime.MaxValue.Ticks - FirstTick)), TimeSpan.Zero)));

    // Half a surrogate pair is no text: UTF-8 cannot carry it.
    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task Every_entity_reads_back_as_it_was_written()
    {
        Azurite azurite = await Azurite.SharedAsync();
        TableClient table = new TableServiceClient(azurite.ConnectionString).GetTableClient($"T{Guid.NewGuid():N}");
        await table.CreateIfNotExistsAsync(CancellationToken.None);
        int row = 0;

        Prop.ForAll(Values.ListOf().ToArbitrary(), values =>
        {
            var entity = new TableEntity("p", $"{Interlocked.Increment(ref row):D6}");
            foreach ((int index, object value) in values.Index())
            {
                entity[$"V{index}"] = value;
            }

            table.AddEntityAsync(entity, CancellationToken.None).GetAwaiter().GetResult();
            TableEntity read = table.GetEntityAsync<TableEntity>("p", entity.RowKey, cancellationToken: CancellationToken.None).GetAwaiter().GetResult().Value;
            Assert.Equal(values, [.. values.Index().Select(value => read[$"V{value.Index}"])]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(5.0)]
    [InlineData(0.1)]
    [InlineData(double.MaxValue)]
    public async Task A_double_stays_a_double(double value)
    {
        Azurite azurite = await Azurite.SharedAsync();
        TableClient table = new TableServiceClient(azurite.ConnectionString).GetTableClient($"T{Guid.NewGuid():N}");
        await table.CreateIfNotExistsAsync(CancellationToken.None);

        await table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = value }, CancellationToken.None);

        Assert.Equal(value, (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: CancellationToken.None)).Value.GetDouble("V"));
    }
}
