using System.Linq.Expressions;
using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Hub.Sdk.Tests.AzureDataTables;

public class FilterTests
{
    private static readonly DateTimeOffset Instant = new(2026, 3, 9, 4, 30, 0, TimeSpan.FromHours(1));

    public static TheoryData<string, string> Interpolated => new()
    {
        { TableClient.CreateQueryFilter($"PartitionKey eq {"o'neil"} and RowKey ge {'x'}"), "PartitionKey eq 'o''neil' and RowKey ge 'x'" },
        { TableClient.CreateQueryFilter($"A eq {1} and B eq {2L} and C eq {true} and D eq {1.5}"), "A eq 1 and B eq 2L and C eq true and D eq 1.5" },
        { TableClient.CreateQueryFilter($"A eq {Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e")}"), "A eq guid'0f8fad5b-d9cb-469f-a165-70867728950e'" },
        { TableClient.CreateQueryFilter($"A lt {Instant}"), "A lt datetime'2026-03-09T03:30:00Z'" },
        { TableClient.CreateQueryFilter($"A gt {Instant.UtcDateTime}"), "A gt datetime'2026-03-09T03:30:00Z'" },
        { TableClient.CreateQueryFilter($"A eq {(byte[])[1, 0xAB]} or B eq {null}"), "A eq X'01AB' or B eq null" },
    };

    [Theory]
    [MemberData(nameof(Interpolated))]
    public void An_interpolated_value_is_quoted_and_escaped_by_its_type(string filter, string expected) => Assert.Equal(expected, filter);

    [Fact]
    public void A_value_without_literal_is_refused() =>
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {new object()}"));

    [Fact]
    public void Comparisons_of_keys_are_written_with_the_services_operators()
    {
        string from = "r'1";
        Check(x => x.PartitionKey == "p" && x.RowKey != from, "(PartitionKey eq 'p') and (RowKey ne 'r''1')");
        Check(x => x.RowKey.CompareTo(from) > 0, "RowKey gt 'r''1'");
        Check(x => string.Compare(x.RowKey, from) <= 0, "RowKey le 'r''1'");
        Check(x => 0 > string.CompareOrdinal(x.RowKey, from), "RowKey lt 'r''1'");
        Check(x => x.RowKey.Equals(from) || string.Equals(x.PartitionKey, "p"), "(RowKey eq 'r''1') or (PartitionKey eq 'p')");
    }

    [Fact]
    public void Each_property_type_has_its_literal()
    {
        int two = 2;
        Check(x => x.Count >= 7, "Count ge 7");
        Check(x => x.Total < 7, "Total lt 7L");
        Check(x => x.Total == 7 + two, "Total eq 9L");
        Check(x => x.Ratio > 2, "Ratio gt 2.0");
        Check(x => x.At >= Instant, "At ge datetime'2026-03-09T03:30:00Z'");
        Check(x => x.At!.Value < Instant, "At lt datetime'2026-03-09T03:30:00Z'");
        Check(x => x.Open, "Open eq true");
        Check(x => !x.Open && x.Count == 1, "(not (Open eq true)) and (Count eq 1)");
        Check(x => x.Renamed == "a", "stored_name eq 'a'");
    }

    [Fact]
    public void A_free_entity_is_filtered_by_its_getters_and_indexer()
    {
        Assert.Equal("Total gt 5L", TableClient.CreateQueryFilter<TableEntity>(e => e.GetInt64("Total") > 5));
        Assert.Equal("Kind eq 'a'", TableClient.CreateQueryFilter<TableEntity>(e => e["Kind"] == (object)"a"));
        Assert.Equal("PartitionKey eq 'p'", TableClient.CreateQueryFilter<TableEntity>(e => e.PartitionKey == "p"));
    }

    [Fact]
    public void A_table_is_filtered_by_its_stored_name() =>
        Assert.Equal("TableName eq 'Hub'", TableServiceClient.CreateQueryFilter(table => table.Name == "Hub"));

    [Fact]
    public void A_predicate_that_is_always_true_is_no_filter() => Assert.Null(TableClient.CreateQueryFilter<Row>(_ => true));

    [Fact]
    public void What_the_service_cannot_filter_is_refused()
    {
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter<Row>(x => x.RowKey.Contains('a')));
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter<Row>(x => x.RowKey.Equals("a", StringComparison.OrdinalIgnoreCase)));
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter<Row>(x => x.Count + 1 == 2));
    }

    private static void Check(Expression<Func<Row, bool>> predicate, string expected) => Assert.Equal(expected, TableClient.CreateQueryFilter(predicate));

    private sealed class Row : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int Count { get; set; }

        public long Total { get; set; }

        public double Ratio { get; set; }

        public bool Open { get; set; }

        public DateTimeOffset? At { get; set; }

        [DataMember(Name = "stored_name")]
        public string? Renamed { get; set; }
    }
}
