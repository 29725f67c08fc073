using Hub.Core.Invoices;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Tests.Invoices;

internal static class TestInvoice
{
    /// <summary>An open USD invoice of 100.00, finalised 2027-01-01, due 2027-01-31 (a Sunday).</summary>
    public static Invoice Open(string id = "in_1") => new(
        id, "H-0001", "cus_1", "pay@example.com", "Example Ltd", "sub_1", "006000000000001AAA", InvoiceStatus.Open, true, true, Currency.Usd,
        10_000, 10_000, 10_000, 0, 10_000, 0, 0,
        Instant.FromUtc(2027, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 1, 0), null, Instant.FromUtc(2027, 1, 31, 0, 0), "https://pay.example/1",
        [Line()]);

    public static InvoiceLine Line() => new(
        "il_1", "prod_1", 1, 10_000, 10_000, 0, [], Instant.FromUtc(2027, 1, 1, 0, 0), Instant.FromUtc(2027, 2, 1, 0, 0), false);
}
