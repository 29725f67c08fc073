using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>Reads what an opportunity sold, straight from its fields.</summary>
/// <remarks>Shares nothing with the planning of contracts on purpose: two readings of the same deal check each other.</remarks>
public static class DealReading
{
    public static SoldContract Read(ContractedDeal contracted, DateTimeZone zone)
    {
        (DealSnapshot deal, bool deleted) = contracted;
        SalesforceRecord opportunity = deal.Opportunity;
        string id = SalesforceFields.Id18(opportunity.Id) ?? "";
        string? currency = Currency.TryParse(opportunity.Text("CurrencyIsoCode"), out Currency parsed) ? parsed.StripeCode : null;
        bool won = opportunity.IsTrue("IsWon") && !deleted;
        (LocalDate? start, LocalDate? end) = Term(deal);
        ImmutableArray<SoldLine> lines = currency is null ? [] : [.. deal.Lines.Select(line => Line(deal, line, parsed)).OfType<SoldLine>()];
        var contract = new SoldContract(
            RootOf(opportunity, id), id, won, deleted, IsAmendment(opportunity), opportunity.IsTrue("Hub_Hold_Billing__c"), currency,
            opportunity.Date("CloseDate"), won ? null : ReversedOn(opportunity, deleted, zone), start, end, opportunity.IsTrue("Hub_Auto_Renew__c"),
            opportunity.Whole("Hub_Free_Months__c") ?? 0, opportunity.Text("Hub_Proration_Policy__c") == "Day",
            opportunity.Text("Hub_Stripe_Subscription_Id__c"), opportunity.Text("Hub_Stripe_Schedule_Id__c"), lines, []);
        return contract with { Unreadable = [.. Unreadable(deal, contract)] };
    }

    private static IEnumerable<string> Unreadable(DealSnapshot deal, SoldContract contract)
    {
        bool recurs = contract.Lines.Any(line => line.Charge != SoldCharge.Once);
        if (contract.Currency is null)
        {
            yield return "the opportunity has no currency";
        }

        if (deal.Lines.IsEmpty)
        {
            yield return "the opportunity has no lines";
        }
        else if (contract.Currency is not null && contract.Lines.Length < deal.Lines.Length)
        {
            yield return "a line has no price, price basis, charge type or billing frequency that could be read";
        }

        if (recurs && contract.Start is null)
        {
            yield return "the contract has no start date";
        }

        if (recurs && contract.End is null && !contract.AutoRenew)
        {
            yield return "the contract has no term";
        }

        if (recurs && contract is { Start: { } start, End: { } end } && end <= start)
        {
            yield return "the contract ends before it begins";
        }
    }

    // The Contract record wins over the opportunity's own fields; end dates are inclusive in Salesforce.
    private static (LocalDate? Start, LocalDate? End) Term(DealSnapshot deal)
    {
        LocalDate? start = deal.Contract?.Date("StartDate") ?? deal.Opportunity.Date("Hub_Contract_Start__c");
        int? months = deal.Contract?.Whole("ContractTerm") ?? deal.Opportunity.Whole("Hub_Term_Months__c");
        LocalDate? recorded = (deal.Contract?.Date("EndDate") ?? deal.Opportunity.Date("Hub_Contract_End__c"))?.PlusDays(1);
        return (start, months is { } term && start is { } first ? first.PlusMonths(term) : recorded);
    }

    private static SoldLine? Line(DealSnapshot deal, SalesforceRecord line, Currency currency)
    {
        SalesforceRecord? product = Product(deal, line);
        bool tiered = line.Text("Hub_Price_Tiers__c") is not null;
        SoldCharge? charge = tiered ? SoldCharge.NotCompared : Charge(line.Text("Hub_Charge_Type__c") ?? product?.Text("Hub_Charge_Type__c"));
        PriceBasis? basis = charge == SoldCharge.NotCompared ? PriceBasis.Period : Basis(line.Text("Hub_Price_Basis__c"));
        string? frequency = line.Text("Hub_Billing_Frequency__c") ?? deal.Opportunity.Text("Hub_Billing_Frequency__c");
        int? months = charge == SoldCharge.Recurring ? PeriodMonths(frequency) : 0;
        bool mixed = charge == SoldCharge.Recurring && basis == PriceBasis.Once;
        if (charge is null || basis is null || months is null || mixed || line.Number("UnitPrice") is not { } price || line.Number("Quantity") is not { } quantity)
        {
            return null;
        }

        string code = line.Text("ProductCode") ?? product?.Text("ProductCode") ?? line.Text("Product2Id") ?? line.Id;
        string key = product?.Text("Hub_Stripe_Product_Id__c") ?? $"sf:{line.Text("Product2Id") ?? line.Id}";
        return new SoldLine(
            key, code, charge.Value, quantity, MinorUnits(price, currency), basis.Value, months.Value, line.Number("Discount") ?? 0,
            line.IsTrue("Hub_Show_Discount__c"), line.Whole("Hub_Discount_Months__c"), line.Date("Hub_Line_Start__c"), line.Date("Hub_Line_End__c")?.PlusDays(1))
        {
            AmountOff = (line.Number("Hub_Discount_Amount__c") ?? 0) * currency.MinorUnitsPerUnit,
        };
    }

    // Three-decimal currencies: what Stripe can bill ends in 0, so that is what the price is read as.
    private static decimal MinorUnits(decimal price, Currency currency)
    {
        decimal exact = price * currency.MinorUnitsPerUnit;
        return currency.Digits == 3 ? Math.Round(exact / 10, MidpointRounding.AwayFromZero) * 10 : exact;
    }

    private static SalesforceRecord? Product(DealSnapshot deal, SalesforceRecord line)
    {
        string? wanted = SalesforceFields.Id18(line.Text("Product2Id"));
        return deal.Products.FirstOrDefault(product => wanted is not null && SalesforceFields.Id18(product.Id) == wanted);
    }

    private static LocalDate? ReversedOn(SalesforceRecord opportunity, bool deleted, DateTimeZone zone) => deleted
        ? opportunity.DateOfInstant("SystemModstamp", zone)
        : opportunity.DateOfInstant("LastStageChangeDate", zone);

    private static bool IsAmendment(SalesforceRecord opportunity) =>
        opportunity.Text("Hub_Amends_Contract__c") is not null
        || (opportunity.Text("Hub_Deal_Type__c") ?? opportunity.Text("Type")) is
            "Upsell" or "Downsell" or "Renewal" or "Termination" or "Existing Customer - Upgrade" or "Existing Customer - Downgrade";

    private static string RootOf(SalesforceRecord opportunity, string id) =>
        SalesforceId.TryParse(opportunity.Text("Hub_Amends_Contract__c"), out SalesforceId root) && root.Value.StartsWith("006", StringComparison.Ordinal)
            ? root.Value
            : id;

    private static SoldCharge? Charge(string? text) => text switch
    {
        "Recurring" => SoldCharge.Recurring,
        "OneTime" or "One-time" => SoldCharge.Once,
        "Usage" => SoldCharge.NotCompared,
        _ => null,
    };

    private static PriceBasis? Basis(string? text) =>
        Enum.TryParse(text, out PriceBasis basis) && Enum.IsDefined(basis) && !char.IsAsciiDigit(text![0]) ? basis : null;

    private static int? PeriodMonths(string? frequency) => frequency switch
    {
        "Monthly" => 1,
        "Quarterly" => 3,
        "Semiannual" => 6,
        "Annual" => 12,
        "Upfront" => 0,
        _ => null,
    };
}
