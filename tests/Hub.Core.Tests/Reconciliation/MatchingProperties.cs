using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Hub.Core.Invoices;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

/// <summary>Random contracts, billed by the test's own arithmetic: whole cents per period, periods counted from the first day.</summary>
public class MatchingProperties
{
    private static readonly string[] Products = ["SEAT", "DATA"];

    [Fact]
    public void Matching_a_contract_against_its_own_billing_finds_nothing() => Prop
        .ForAll(Seeds(), seed =>
        {
            ContractVerdict verdict = ContractMatching.Match(Billed(new Random(seed), out LocalDate asOf), TestBooks.Terms(asOf));
            return (verdict.Rows.IsEmpty && verdict.FootOk && verdict.Expected == verdict.Billed)
                .Label(string.Join("; ", verdict.Rows.Select(row => $"{row.Kind} {row.Key} {row.Realised} {row.AtRisk} {row.Why}")));
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void The_foot_holds_whatever_is_wrong() => Prop
        .ForAll(Seeds(), seed =>
        {
            var random = new Random(seed);
            ContractBooks books = Billed(random, out LocalDate asOf);
            int mistakes = random.Next(1, 5);
            for (int mistake = 0; mistake < mistakes; mistake++)
            {
                books = Break(random, books);
            }

            ContractVerdict verdict = ContractMatching.Match(books, TestBooks.Terms(asOf));
            return verdict.FootOk.Label(
                $"billed {verdict.Billed}, expected {verdict.Expected}: {string.Join("; ", verdict.Rows.Select(row => $"{row.Kind} {row.Realised}"))}");
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Ids_are_stable_and_differ_by_contract_kind_and_key()
    {
        Assert.Equal(DiscrepancyRows.Id("c", "K", "k"), DiscrepancyRows.Id("c", "K", "k"));
        string[] others = [DiscrepancyRows.Id(null, "K", "k"), DiscrepancyRows.Id("d", "K", "k"), DiscrepancyRows.Id("c", "L", "k"), DiscrepancyRows.Id("c", "K", "l")];
        Assert.DoesNotContain(DiscrepancyRows.Id("c", "K", "k"), others);
        Assert.Equal(4, others.Distinct().Count());
    }

    [Theory]
    [InlineData(100, "jpy", 10_000)] // JPY 100 ranks like USD 100.00
    [InlineData(10_000, "kwd", 1_000)] // KWD 10.000 like USD 10.00
    [InlineData(-5_000, "usd", 5_000)]
    public void Impact_counts_major_units_alike_without_rates(long realised, string currency, long impact) =>
        Assert.Equal(impact, DiscrepancyRows.Impact(realised, 0, currency));

    [Theory]
    [InlineData(1_000_000, Severity.Critical)]
    [InlineData(999_999, Severity.High)]
    [InlineData(100_000, Severity.High)]
    [InlineData(99_999, Severity.Medium)]
    [InlineData(5_000, Severity.Medium)]
    [InlineData(4_999, Severity.Low)]
    public void Severity_follows_the_amount_bounds_included(long amount, Severity severity) => Assert.Equal(
        severity, Assert.Single(DiscrepancyRows.Of([new Finding(Kinds.UnbilledPeriod, "k", -amount, 0, "why")], "c", "usd", new ReconciliationOptions())).Severity);

    [Fact]
    public void At_risk_money_ranks_as_well() => Assert.Equal(
        Severity.Critical, Assert.Single(DiscrepancyRows.Of([new Finding(Kinds.TermMismatch, "k", 0, -1_000_000, "why")], "c", "usd", new ReconciliationOptions())).Severity);

    [Fact]
    public void Equal_kind_and_key_add_up_and_nothing_left_is_no_row()
    {
        Finding[] parts = [new Finding(Kinds.QuantityMismatch, "k", 5, 0, "why"), new Finding(Kinds.QuantityMismatch, "k", -5, 0, "why"), new Finding(Kinds.PriceMismatch, "k", 3, 4, "why"), new Finding(Kinds.PriceMismatch, "k", 1, 1, "why")];

        Discrepancy row = Assert.Single(DiscrepancyRows.Of(parts, "c", "usd", new ReconciliationOptions()));
        Assert.Equal(("PRICE_MISMATCH", 4L, 5L), (row.Kind, row.Realised, row.AtRisk));
    }

    private static Arbitrary<int> Seeds() => Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    private static ContractBooks Billed(Random random, out LocalDate asOf)
    {
        int[] rhythms = [1, 3, 12];
        int months = rhythms[random.Next(3)];
        int periods = random.Next(1, months == 12 ? 4 : 13);
        var start = new LocalDate(2027, random.Next(1, 13), random.Next(1, 32) is var day && day <= 28 ? day : 28);
        LocalDate end = start.PlusMonths(months * periods);
        asOf = start.PlusDays(random.Next(-40, 30 * months * periods));
        (string Product, int Quantity, int Cents, int Percent)[] sold =
            [.. Products.Take(random.Next(1, 3)).Select(product => (product, random.Next(1, 50), random.Next(1, 100_000), random.Next(3) == 0 ? random.Next(1, 60) : 0))];
        string name = months switch { 1 => "Monthly", 3 => "Quarterly", _ => "Annual" };
        SoldContract contract = TestBooks.Sold(
            deal => (deal["Hub_Contract_Start__c"], deal["Hub_Term_Months__c"], deal["Hub_Billing_Frequency__c"], deal["CloseDate"]) =
                (start.ToString("yyyy-MM-dd", null), months * periods, name, "2026-01-01"),
            [.. sold.Select(line => TestBooks.Line(
                line.Product, line.Quantity, line.Cents / 100m, "Period",
                change: json => (json["Discount"], json["Hub_Show_Discount__c"]) = (line.Percent, true)))]);
        LocalDate today = asOf;
        return new ContractBooks(
            TestBooks.Opportunity,
            contract,
            [
                TestBooks.Subscription(items: [.. sold.Select(line => TestBooks.Item(line.Product, line.Quantity, line.Cents, months, Percents(line.Percent)))]) with
                {
                    StartDate = TestBooks.At(start), CancelAt = TestBooks.At(end),
                },
            ],
            [
                .. Enumerable.Range(0, periods).Select(number => start.PlusMonths(number * months)).Where(date => date <= today)
                    .Select(date => TestBooks.InvoiceOn(date, [.. sold.Select(line => TestBooks.LineOn(date, line.Product, line.Quantity, line.Cents, Percents(line.Percent)))])),
            ],
            []);
    }

    private static decimal[] Percents(int percent) => percent == 0 ? [] : [percent];

    private static ContractBooks Break(Random random, ContractBooks books)
    {
        if (books.Invoices.IsEmpty)
        {
            return books with { Subscriptions = [] };
        }

        int index = random.Next(books.Invoices.Length);
        Invoice invoice = books.Invoices[index];
        InvoiceLine line = invoice.Lines[0];
        LocalDate period = line.PeriodStart.InUtc().Date;
        return random.Next(14) switch
        {
            0 => Replace(books, index, WithLine(invoice, line with { Quantity = line.Quantity + 1, Amount = line.Amount + (long)(line.UnitAmount ?? 0) })),
            1 => Replace(books, index, WithLine(invoice, line with { UnitAmount = line.UnitAmount + 7, Amount = line.Amount + (long)(7 * line.Quantity) })),
            2 => Replace(books, index, WithLine(invoice, line with { Discount = line.Amount / 3, PercentOff = [33] })),
            3 => Replace(books, index, WithLine(invoice, line with { Amount = line.Amount + random.Next(-3, 4) })),
            4 => books with { Invoices = books.Invoices.RemoveAt(index) },
            5 => books with { Invoices = books.Invoices.Add(invoice with { Id = $"in_dup_{books.Invoices.Length}" }) },
            6 => Replace(books, index, invoice with { Status = InvoiceStatus.Void }),
            7 => Replace(books, index, invoice with { Status = InvoiceStatus.Draft }),
            8 => Replace(books, index, WithLine(invoice, line, TestBooks.LineOn(period, "GIFT", 1, random.Next(1, 900)))),
            9 => books with { CreditNotes = books.CreditNotes.Add(TestBooks.CreditNote(invoice.Id, random.Next(1, 900), random.Next(2) == 0 ? "adj" : null) with { Id = $"cn_{books.CreditNotes.Length}" }) },
            10 => Replace(books, index, WithLine(invoice, line, TestBooks.LineOn(period.PlusDays(9), quantity: 1, unit: random.Next(1, 900)) with { Proration = random.Next(2) == 0 })),
            11 => books with { Invoices = books.Invoices.Add(TestBooks.InvoiceOn(period.PlusYears(6))) },
            12 => books with { Subscriptions = [.. books.Subscriptions.Select(subscription => subscription with { Status = "canceled" })] },
            _ => books with { Subscriptions = books.Subscriptions.Add(TestBooks.Subscription($"sub_x{books.Subscriptions.Length}")), Invoices = books.Invoices.Add(invoice with { Id = $"in_x_{books.Invoices.Length}", SubscriptionId = $"sub_x{books.Subscriptions.Length}" }) },
        };
    }

    private static ContractBooks Replace(ContractBooks books, int index, Invoice invoice) => books with { Invoices = books.Invoices.SetItem(index, invoice) };

    private static Invoice WithLine(Invoice invoice, params InvoiceLine[] first)
    {
        ImmutableArray<InvoiceLine> lines = [.. first, .. invoice.Lines.Skip(1)];
        return invoice with { Lines = lines, Net = lines.Sum(line => line.Amount - line.Discount) };
    }
}
