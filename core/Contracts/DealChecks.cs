using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Money;
using Hub.Core.Time;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>The checks of one deal against itself, its customer and Stripe's limits; all run, none stops another.</summary>
internal sealed class DealChecks(DealFacts facts, BillingSnapshot billing, LocalDate processingDate, ContractsOptions options, Problems problems)
{
    private const int LongestName = 150;
    private const int LongestCustomField = 140;
    private const int LongestEmail = 512;
    private const int LongestDescription = 500;
    private const int LongestUnitLabel = 12;
    private const int NettedDecimals = 12;

    private readonly HashSet<LineFacts> _mixed = [];

    public void Run()
    {
        Lines();
        Account();
        Customer();
        CustomerSuggestion();
        TaxRate();
        Backdating();
        CustomerCurrency();
        Email();
        Lengths();
        foreach (LineFacts line in facts.Lines)
        {
            Currencies(line);
            Product(line);
            WholeQuantity(line);
            LineTotal(line);
            AmountOff(line);
            Representable(line);
        }

        OpportunityAmount();
        new QuoteChecks(facts, problems).Run();
        Intervals();
        new LineDayChecks(facts, problems).Run();
        new MeterChecks(facts, problems).Run();
    }

    private void Lines()
    {
        if (facts.Type == DealType.Termination)
        {
            Termination();
        }
        else if (facts.Lines.IsEmpty && !IsMove)
        {
            problems.Add(
                ProblemCodes.LinesMissing, facts.Deal.Opportunity, F.Opportunity.Amount,
                "The opportunity has no products, so there is nothing to bill.", "Add the products that were sold.");
        }
    }

    // An amendment may change nothing but the days.
    private bool IsMove => facts.Amended is { } contract && facts.Type != DealType.Renewal && facts.Term is { } term && term.End != contract.Term!.End;

    private void Termination()
    {
        if (facts.Lines is [var line, ..])
        {
            problems.Add(
                ProblemCodes.TerminationHasLines, line.Record, F.Line.Quantity,
                $"The opportunity ends the whole contract, but has a line of product {line.Product.Code}.",
                "Remove the lines; to end a part of the contract only, use an opportunity of type Downsell.");
        }
    }

    private void Account()
    {
        string? named = facts.Deal.Opportunity.Text(F.Opportunity.AccountId);
        if (named is null || (facts.Deal.Account is null && !facts.Deal.NotExported.Contains(F.Objects.Account)))
        {
            problems.Add(
                ProblemCodes.AccountMissing, facts.Deal.Opportunity, F.Opportunity.AccountId,
                named is null ? "The opportunity belongs to no account, so nobody can be billed." : $"The account {named} cannot be read.",
                "Choose the account that is billed.");
        }

        if (facts.Deal.Account is { } account && BillTo.BillsParent(account))
        {
            problems.Add(
                ProblemCodes.ValueInvalid, account, F.Account.BillParent,
                account.Text(F.Account.ParentId) is null ? "The account is billed to its parent account, but has none." : $"More than {BillTo.MostSteps} accounts in a row are billed to the next one above.",
                "Enter the parent account, or clear Hub_Bill_Parent__c on the account that pays.");
        }
    }

    private void Customer()
    {
        if (billing.MissingCustomer is not { } missing)
        {
            return;
        }

        if (billing.BilledThere)
        {
            problems.Add(
                ProblemCodes.CustomerMissing, facts.Deal.Opportunity, F.Opportunity.HoldBilling,
                $"This contract was billed under Stripe customer {missing}, which has been deleted in Stripe; its subscription ended with it.",
                "Bill what is left of the term by hand under another customer in Stripe, and set Hub_Hold_Billing__c on this opportunity: the Hub does not bill it a second time.");
        }
        else if (billing.Customer is null && facts.Deal.Account is { } account)
        {
            problems.Add(
                ProblemCodes.CustomerMissing, account, F.Account.StripeCustomerId,
                $"Stripe customer {missing}, under which this account is billed, is not in Stripe (any more); the Hub creates no second one by itself.",
                "Create the customer in Stripe, or choose an existing one, and enter its id (cus_…) in Hub_Stripe_Customer_Id__c.");
        }
    }

    private void CustomerSuggestion()
    {
        if (billing.Suggested is [var first, ..] suggested && facts.Deal.Account is { } account)
        {
            string likeness = first.Likeness == CustomerLikeness.TaxId ? "the same tax id" : "the same name and an e-mail address of the same company";
            string others = suggested.Length == 1 ? "" : $" So may be {string.Join(", ", suggested.Skip(1).Select(other => other.Id))}.";
            problems.Add(
                ProblemCodes.CustomerSuggested, account, F.Account.StripeCustomerId,
                $"Stripe has a customer {first.Id} already that may be this account: it has {likeness}.{others}",
                $"If it is this account, enter {first.Id} in Hub_Stripe_Customer_Id__c; if a new customer is right, tick Hub_New_Stripe_Customer__c on the account.");
        }
    }

    private void TaxRate()
    {
        if (billing.TaxRateRefused && facts.Deal.Account is { } account)
        {
            problems.Add(
                ProblemCodes.ValueInvalid, account, F.Account.TaxRateId,
                $"Stripe has no active tax rate '{account.Text(F.Account.TaxRateId)}'.", "Enter the id of an active Stripe tax rate (txr_…), or empty the field.");
        }
    }

    // A contract that Stripe bills already was processed when it was created there; its age is no problem any more.
    private void Backdating()
    {
        if (billing.Contract is null && facts.Amended is null && facts.Start is { } start && facts.Lines.Any(line => line.Runs)
            && Months.Days(start, processingDate) is var days && days > options.BackdateLimitDays)
        {
            (SalesforceRecord record, string field) = facts.StartSource;
            problems.Add(
                ProblemCodes.BackdatedTooFar, record, field,
                string.Create(CultureInfo.InvariantCulture, $"The contract starts on {Problems.Text(start)}, {days} days before it is processed on {Problems.Text(processingDate)}; the limit is {options.BackdateLimitDays} days."),
                $"Enter a later start, or have the limit (Contracts:BackdateLimitDays) raised if {Problems.Text(start)} is right.");
        }
    }

    private void CustomerCurrency()
    {
        if (facts is { Currency: { } sold, Amended: { } contract } && sold != contract.Currency)
        {
            AmendedCurrency(sold, contract.Currency);
            return;
        }

        if (facts.Currency is not { } currency || billing.Customer is not { } customer)
        {
            return;
        }

        RunningBilling[] others = [.. billing.Running.Where(running => !IsThisDeal(running))];
        RunningBilling? conflict = others
            .Where(running => !Same(running.Currency, currency))
            .OrderByDescending(running => running.EndsOn ?? LocalDate.MaxIsoValue).ThenBy(running => running.Id, StringComparer.Ordinal)
            .FirstOrDefault();
        bool billedInAnother = others.Length == 0 && customer.Currency is { } used && !Same(used, currency) && !billing.Running.Any(IsThisDeal);
        if (conflict is null && !billedInAnother)
        {
            return;
        }

        string active = (conflict?.Currency ?? customer.Currency!).ToUpperInvariant();
        problems.Add(
            ProblemCodes.CustomerCurrencyConflict, facts.Deal.Opportunity, F.CurrencyIsoCode,
            conflict is null
                ? $"The opportunity is in {currency}, but Stripe customer {customer.Id} is billed in {active}."
                : $"The opportunity is in {currency}, but Stripe customer {customer.Id} is billed in {active}: {conflict.Id} runs "
                    + (conflict.EndsOn is { } end ? $"until {Problems.Text(end)}." : "without an end date."),
            $"Sell in {active}, or link a separate Stripe customer for {currency} (Contracts:CustomerPerCurrency).");
    }

    private void AmendedCurrency(Currency sold, Currency billed)
    {
        string running = billing.Contract is { } held && (held.SubscriptionId ?? held.ScheduleId) is { } id ? $" ({id})" : "";
        problems.Add(
            ProblemCodes.CustomerCurrencyConflict, facts.Deal.Opportunity, F.CurrencyIsoCode,
            $"The opportunity is in {sold}, but the contract it amends{running} is billed in {billed}"
                + (facts.Amended!.Term?.End is { } end ? $" until {Problems.Text(end)}." : " without an end date."),
            $"Sell in {billed}, or close a new deal in {sold} with a separate Stripe customer (Contracts:CustomerPerCurrency).");
    }

    private bool IsThisDeal(RunningBilling running) =>
        running.OpportunityId is { } id && SalesforceId.OfExport(id) == (facts.Amended?.OpportunityId ?? SalesforceId.OfExport(facts.Deal.Opportunity.Id));

    private static bool Same(string stripeCode, Currency currency) => string.Equals(stripeCode, currency.StripeCode, StringComparison.OrdinalIgnoreCase);

    private void Email()
    {
        if (facts.CollectionMethod != CollectionMethod.SendInvoice)
        {
            return;
        }

        string? named = facts.Deal.Opportunity.Text(F.Opportunity.BillingContact);
        if (named is null && facts.Amended is not null)
        {
            return;
        }

        if (BillingContact(facts.Deal) is { } contact)
        {
            if (contact.Text(F.Contact.Email) is null)
            {
                problems.Add(
                    ProblemCodes.BillingEmailMissing, contact, F.Contact.Email,
                    "Invoices are sent by e-mail, but the billing contact has no e-mail address.", "Enter the e-mail address invoices go to on the contact.");
            }
        }
        else if (named is null || !facts.Deal.NotExported.Contains(F.Objects.Contact))
        {
            problems.Add(
                ProblemCodes.BillingEmailMissing, facts.Deal.Opportunity, F.Opportunity.BillingContact,
                named is null
                    ? "Invoices are sent by e-mail, but the opportunity names no billing contact."
                    : $"Invoices are sent by e-mail, but the billing contact {named} cannot be read.",
                "Choose a billing contact that has an e-mail address.");
        }
    }

    /// <summary>The contact the opportunity names; null when there is none or it was not read.</summary>
    public static SalesforceRecord? BillingContact(DealSnapshot deal) => deal.Opportunity.Text(F.Opportunity.BillingContact) is { } id
        ? deal.Contacts.FirstOrDefault(contact => SalesforceId.OfExport(contact.Id) == SalesforceId.OfExport(id))
        : null;

    private void Lengths()
    {
        Length(facts.Deal.Opportunity, F.Opportunity.PoNumber, LongestCustomField);
        Length(facts.Deal.Account, F.Account.Name, LongestName);
        Length(BillingContact(facts.Deal), F.Contact.Email, LongestEmail);
        foreach (LineFacts line in facts.Lines.Where(line => line.Charge == ChargeType.OneTime))
        {
            Length(line.Record, F.Line.Description, LongestDescription);
        }
    }

    private void Length(SalesforceRecord? record, string field, int longest)
    {
        if (record?.Text(field) is { } text && text.Length > longest)
        {
            problems.Add(
                ProblemCodes.ValueTooLong, record, field,
                string.Create(CultureInfo.InvariantCulture, $"{field} has {text.Length} characters; Stripe takes at most {longest}."),
                string.Create(CultureInfo.InvariantCulture, $"Shorten {field} to at most {longest} characters."));
        }
    }

    private void Currencies(LineFacts line)
    {
        if (facts.Currency is not { } currency)
        {
            return;
        }

        string?[] stated = [line.Record.Text(F.CurrencyIsoCode), line.PricebookEntry?.Text(F.CurrencyIsoCode)];
        if (stated.Any(code => code is not null && !string.Equals(code, currency.Code, StringComparison.OrdinalIgnoreCase)))
        {
            _mixed.Add(line);
            problems.Add(
                ProblemCodes.CurrencyMixed, line.Record, F.CurrencyIsoCode,
                $"The opportunity is in {currency}, the line of product {line.Product.Code} in {stated[0] ?? "no stated currency"}, its price book entry in {stated[1] ?? "no stated currency"}.",
                $"Sell everything on one opportunity in one currency: choose price book entries in {currency}.");
        }
    }

    private bool IsMixed(LineFacts line) => _mixed.Contains(line);

    private void Product(LineFacts line)
    {
        if (facts.Deal.NotExported.Contains(F.Objects.Product) || !FirstOfItsProduct(line))
        {
            return;
        }

        SalesforceRecord record = line.ProductRecord
            ?? new(F.Objects.Product, line.Record.Fields.Clear().Add(F.Id, System.Text.Json.JsonSerializer.SerializeToElement(line.Product.Key)));
        if (string.Equals(record.Text(F.Product.IsActive), "false", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add(
                ProblemCodes.ProductInactive, record, F.Product.IsActive,
                $"Product {line.Product.Code} is inactive.", "Activate the product, or sell the one that replaced it.");
        }

        bool isCreated = options.CreateMissingProducts && line.ProductRecord is not null;
        if (isCreated)
        {
            Length(record, F.Product.UnitOfMeasure, LongestUnitLabel);
        }
        else if (record.Text(F.Product.StripeProductId) is null)
        {
            problems.Add(
                ProblemCodes.ProductUnmapped, record, F.Product.StripeProductId,
                $"Product {line.Product.Code} has no Stripe product.", "Enter the id of its Stripe product (prod_…) on the product.");
        }

        if (line.Charge == ChargeType.Usage && record.Text(F.Product.MeterId) is null)
        {
            problems.Add(
                ProblemCodes.MeterMissing, record, F.Product.MeterId,
                $"Product {line.Product.Code} is sold by usage but names no meter.", "Enter the id of the Stripe meter that counts its usage on the product.");
        }
    }

    private bool FirstOfItsProduct(LineFacts line) => ReferenceEquals(
        line, facts.Lines.First(other => other.Product.Key == line.Product.Key && (other.Charge == ChargeType.Usage) == (line.Charge == ChargeType.Usage)))
        && (line.Charge == ChargeType.Usage || !facts.Lines.Any(other => other.Product.Key == line.Product.Key && other.Charge == ChargeType.Usage));

    private void WholeQuantity(LineFacts line)
    {
        if (line is { Charge: ChargeType.Recurring, Quantity: { } quantity } && !decimal.IsInteger(quantity))
        {
            problems.Add(
                ProblemCodes.QuantityNotWhole, line.Record, F.Line.Quantity,
                $"Product {line.Product.Code} recurs with quantity {Problems.Text(quantity)}; Stripe takes whole quantities only.",
                "Enter a whole quantity, or express the part in the price.");
        }
    }

    // Salesforce rounds totals to the currency's decimals, so both the exact and the rounded product are right.
    private void LineTotal(LineFacts line)
    {
        if (line.Charge == ChargeType.Usage || IsMixed(line) || Computed(line) is not { } computed
            || line.Reading.Number(F.Line.TotalPrice).Value is not { } total || Agrees(total, computed))
        {
            return;
        }

        Currency currency = facts.Currency!.Value;
        string right = Problems.Price(Shown(computed), currency);
        problems.Add(
            ProblemCodes.LineTotalContradiction, line.Record, F.Line.TotalPrice,
            $"The total of product {line.Product.Code} is {Problems.Price(total, currency)}, but {Problems.Text(line.Quantity!.Value)} × "
                + $"{Problems.Price(line.UnitPrice!.Value, currency)} less {Problems.Text(line.DiscountPercent!.Value)} % is {right}.",
            "Correct quantity, sales price or discount so that they give the agreed total.");
    }

    private Rational? Computed(LineFacts line) => facts.Currency is null ? null : line.Total;

    private bool Agrees(decimal recorded, Rational computed) => recorded == computed || recorded == Shown(computed);

    private decimal Shown(Rational amount) => amount.ToDecimal(facts.Currency!.Value.Digits);

    private void OpportunityAmount()
    {
        bool known = facts.Currency is not null && !facts.Deal.NotExported.Contains(F.Objects.Line)
            && facts.Lines.All(line => line.Charge is not null && !IsMixed(line) && (line.Charge == ChargeType.Usage || Computed(line) is not null) && TotalAgrees(line));
        if (!known || !facts.Deal.Opportunity.Fields.ContainsKey(F.Opportunity.Amount))
        {
            return;
        }

        Field<decimal> recorded = facts.Opportunity.Number(F.Opportunity.Amount);
        LineFacts[] counted = [.. facts.Lines.Where(line => line.Charge != ChargeType.Usage)];
        Rational exact = counted.Aggregate(Rational.Zero, (sum, line) => sum + Computed(line)!.Value);
        decimal sum = counted.Sum(line => line.Reading.Number(F.Line.TotalPrice).Value ?? Shown(Computed(line)!.Value));
        if (recorded.Bad || (recorded.Value ?? 0) == sum || Agrees(recorded.Value ?? 0, exact))
        {
            return;
        }

        Currency currency = facts.Currency!.Value;
        decimal amount = recorded.Value ?? 0;
        problems.Add(
            ProblemCodes.AmountContradiction, facts.Deal.Opportunity, F.Opportunity.Amount,
            $"The opportunity's amount is {Problems.Price(amount, currency)}, but its lines sum to {Problems.Price(sum, currency)}; the difference is {Problems.Price(amount - sum, currency)}.",
            "Correct the amount or the lines so that they agree.");
    }

    private bool TotalAgrees(LineFacts line) => line.Charge == ChargeType.Usage
        || line.Reading.Number(F.Line.TotalPrice).Value is not { } total || Agrees(total, Computed(line)!.Value);

    private void AmountOff(LineFacts line)
    {
        if (facts.Currency is not { } currency || line is not { UnitPrice: { } price, DiscountPercent: { } percent, DiscountAmount: > 0 and { } off, TiersBad: false } || IsMixed(line))
        {
            return;
        }

        decimal lowest = line.Tiers?.Bands.Min(band => band.UnitPrice) ?? price;
        Rational left = lowest * LinePricing.Left(percent);
        if (off > left)
        {
            string most = Problems.Price(left.ToDecimal(NettedDecimals), currency);
            string after = percent == 0 ? "" : $" ({Problems.Price(lowest, currency)} less {Problems.Text(percent)} %)";
            problems.Add(
                ProblemCodes.DiscountTooLarge, line.Record, F.Line.DiscountAmount,
                $"Product {line.Product.Code}: {Problems.Price(off, currency)} are taken off each unit, but its {(line.Tiers is null ? "price" : "lowest tier price")} is {most}{after}.",
                $"Enter at most {most} in Hub_Discount_Amount__c, or correct the price.");
        }

        if (line.ShowDiscount && (line.Tiers is not null || line.Charge == ChargeType.Usage))
        {
            problems.Add(
                ProblemCodes.DiscountNotShowable, line.Record, F.Line.ShowDiscount,
                $"Product {line.Product.Code} is {(line.Charge == ChargeType.Usage ? "metered" : "priced in tiers")}: a coupon takes a fixed amount off an invoice line, not {Problems.Price(off, currency)} off each unit of it.",
                "Clear Hub_Show_Discount__c, so that the amount is taken off every price; or give the discount as a percentage, which can be shown.");
        }
    }

    private void Representable(LineFacts line)
    {
        bool known = line is { Charge: not null and not ChargeType.Usage, Quantity: not null, UnitPrice: not null, DiscountPercent: not null, Basis: not null, TiersBad: false }
            && line.DiscountAmount is not null && facts.Currency is not null && !IsMixed(line) && (line.Charge == ChargeType.OneTime || line.HasPeriod)
            && (line.Charge == ChargeType.OneTime || decimal.IsInteger(line.Quantity.Value));
        if (!known)
        {
            return;
        }

        Currency currency = facts.Currency!.Value;
        Rational? periods = line.Charge == ChargeType.OneTime ? Rational.One : LinePricing.PeriodsPerBasis(line.Basis!.Value, line.PeriodMonths, line.TermLength);
        (decimal Percent, decimal Off) discounted = (line.DiscountPercent!.Value, line.DiscountAmount!.Value);
        (decimal Percent, decimal Off)[] discounts = line.DiscountMonths.Value is null ? [discounted] : [discounted, (0, 0)];
        foreach ((decimal percent, decimal off) in discounts)
        {
            if (periods is { } scale && !TryRepresent(line, scale * currency.MinorUnitsPerUnit, percent, off, currency))
            {
                return;
            }
        }
    }

    // Where the discounts are in the price, only what is left matters; a coupon is an amount of its own.
    private bool TryRepresent(LineFacts line, Rational scale, decimal percent, decimal off, Currency currency)
    {
        Rational quantity = Math.Abs(line.Quantity!.Value);
        Rational sold = line.Tiers is { } tiers ? tiers.Total(quantity) : quantity * line.UnitPrice!.Value;
        Rational taken = quantity * off * scale;
        bool netted = off > 0 && !line.ShowDiscount && Rounding.IsExact((sold * scale * LinePricing.Left(percent)) - taken, currency);
        return netted || (TryRepresentPrice(line, scale * LinePricing.Left(percent), percent, currency) & TryRepresentOff(line, taken, scale, off, currency));
    }

    private bool TryRepresentOff(LineFacts line, Rational taken, Rational scale, decimal off, Currency currency)
    {
        if (Rounding.IsExact(taken, currency))
        {
            return true;
        }

        decimal quantity = Math.Abs(line.Quantity!.Value);
        NearestPrices near = NearestPrices.Of(off, quantity * scale, currency);
        problems.Add(
            ProblemCodes.AmountNotRepresentable, line.Record, F.Line.DiscountAmount,
            $"Product {line.Product.Code}: {Problems.Text(quantity)} × {Problems.Price(off, currency)} off per {line.Basis} is {Problems.Text(Readable(taken))} minor units of {currency} "
                + $"per billing period; {currency} can be billed in {Step(currency)} only.",
            $"The nearest amounts off that work are {Problems.Price(near.Below!.Value, currency)} and {Problems.Price(near.Above, currency)}.");
        return false;
    }

    private static string Step(Currency currency) =>
        currency.Granularity == 1 ? "whole minor units" : string.Create(CultureInfo.InvariantCulture, $"multiples of {currency.Granularity} minor units");

    private bool TryRepresentPrice(LineFacts line, Rational scale, decimal discount, Currency currency)
    {
        decimal quantity = line.Quantity!.Value;
        Rational amount = (line.Tiers is { } tiers ? tiers.Total(Math.Abs(quantity)) : (Rational)quantity * line.UnitPrice!.Value) * scale;
        if (Rounding.IsExact(amount, currency))
        {
            return true;
        }

        string sold = $"{Problems.Text(quantity)} × {Problems.Price(line.UnitPrice!.Value, currency)} per {line.Basis}"
            + (discount == 0 ? "" : $" less {Problems.Text(discount)} %");
        problems.Add(
            ProblemCodes.AmountNotRepresentable, line.Record, F.Line.UnitPrice,
            $"Product {line.Product.Code}: {sold} is {Problems.Text(Readable(amount))} minor units of {currency} per billing period; {currency} can be billed in {Step(currency)} only.",
            line.Tiers is null
                ? Nearest(NearestPrices.Of(line.UnitPrice!.Value, Math.Abs(quantity) * scale, currency), currency)
                : "Change the tier prices so that the amount of one billing period is one the currency can represent.");
        return false;
    }

    // Six decimals are plenty, unless they would show a number that is not whole as if it were.
    private static decimal Readable(Rational amount) => amount.ToDecimal(6) is var shown && decimal.IsInteger(shown) ? amount.ToDecimal(12) : shown;

    private static string Nearest(NearestPrices near, Currency currency) => near.Below is { } below
        ? $"The nearest unit prices that work are {Problems.Price(below, currency)} and {Problems.Price(near.Above, currency)}."
        : $"The nearest unit price that works is {Problems.Price(near.Above, currency)}.";

    // Stripe bills several intervals on one subscription only if each is a multiple of the shortest (pitfall 4).
    private void Intervals()
    {
        LineFacts[] lines = [.. facts.Lines.Where(line => line is { Runs: true, HasPeriod: true, PeriodMonths: not null })];
        if (lines.Length == 0)
        {
            return;
        }

        int shortest = lines.Min(line => line.PeriodMonths!.Value);
        foreach (LineFacts line in lines.Where(line => line.PeriodMonths % shortest != 0))
        {
            problems.Add(
                ProblemCodes.IntervalUnsupported, line.Record, F.Line.BillingFrequency,
                string.Create(CultureInfo.InvariantCulture, $"Product {line.Product.Code} is billed every {line.PeriodMonths} months and another line every {shortest} months; {line.PeriodMonths} is no multiple of {shortest}."),
                "Choose frequencies of which each is a multiple of the shortest, or sell on two opportunities.");
        }
    }
}
