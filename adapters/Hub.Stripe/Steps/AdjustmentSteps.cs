using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Contracts;
using NodaTime;
using Stripe;

namespace Hub.Stripe;

/// <summary>The calls that issue one proration or credit: an invoice of its own, or a credit note on the invoice that billed the period.</summary>
/// <remarks>
/// The invoice stays a draft that Stripe does not touch until all items are on it, like that of a one-time-only deal. An invoice with a negative total is
/// finalized as paid and its amount goes to the customer's balance. Source: Stripe API, invoices and credit notes; conventions C7 and C19.
/// </remarks>
internal sealed class AdjustmentSteps(SalesforceId contract, SalesforceId account, Adjustment adjustment)
{
    private readonly StepList _steps = new(contract, adjustment.Key);

    /// <summary>What is claimed last: where it has a result, the adjustment has been issued.</summary>
    public string LastClaim => _steps.Key(adjustment.CreditNote ? StripeOperations.CreateCreditNote : StripeOperations.FinalizeInvoice);

    public ImmutableArray<StripeStep> Invoice(string customer)
    {
        string draft = _steps.Add(StripeOperations.CreateInvoice, _steps.Key(StripeOperations.CreateInvoice), Draft(customer));
        foreach ((AdjustmentLine line, int number) in adjustment.Lines.Select((line, index) => (line, index + 1)))
        {
            _steps.Add(
                StripeOperations.CreateInvoiceItem,
                _steps.Key(StripeOperations.CreateInvoiceItem, number.ToString(CultureInfo.InvariantCulture)),
                Item(line, number, customer, draft));
        }

        _steps.Add(
            StripeOperations.FinalizeInvoice, _steps.Key(StripeOperations.FinalizeInvoice), new InvoiceFinalizeOptions { AutoAdvance = true }, id: draft);
        return _steps.ToImmutableArray();
    }

    /// <param name="invoice">The invoice that billed the period, finalised.</param>
    public ImmutableArray<StripeStep> CreditNote(Invoice invoice)
    {
        long credited = -adjustment.Amount;
        long open = invoice.Status is "open" or "uncollectible" ? Math.Min(credited, invoice.AmountRemaining) : 0;
        var options = new CreditNoteCreateOptions
        {
            Invoice = invoice.Id,
            Reason = "order_change",
            Metadata = Metadata(),

            // What is paid already goes to the customer's balance, never back (C19).
            CreditAmount = credited > open ? credited - open : null,
        };
        if (adjustment.Lines.All(line => line.Amount < 0))
        {
            options.Lines = [.. adjustment.Lines.Select(CreditLine)];
        }
        else
        {
            options.Amount = credited;
        }

        _steps.Add(StripeOperations.CreateCreditNote, LastClaim, options);
        return _steps.ToImmutableArray();
    }

    private InvoiceCreateOptions Draft(string customer)
    {
        var options = new InvoiceCreateOptions
        {
            AutoAdvance = false,
            AutomaticTax = adjustment.AutomaticTax ? new() { Enabled = true } : null,
            CollectionMethod = adjustment.CollectionMethod.StripeName(),
            Currency = adjustment.Currency.StripeCode,
            Customer = customer,
            DaysUntilDue = adjustment.DaysUntilDue,
            DefaultTaxRates = adjustment.TaxRateId is { } rate ? [rate] : null,
            Metadata = Metadata(),
            PendingInvoiceItemsBehavior = "exclude",
        };
        if (adjustment.CustomFields is { Length: > 0 } fields)
        {
            options.CustomFields = [.. fields.Select(field => new InvoiceCustomFieldOptions { Name = field.Name, Value = field.Value })];
        }

        return options;
    }

    private InvoiceItemCreateOptions Item(AdjustmentLine line, int number, string customer, string invoice)
    {
        Dictionary<string, string> metadata = Metadata();
        metadata[MetadataKeys.ProductCode] = line.ProductCode;
        metadata[MetadataKeys.LineNumber] = number.ToString(CultureInfo.InvariantCulture);
        var options = new InvoiceItemCreateOptions
        {
            Customer = customer,
            Description = line.Description,
            Invoice = invoice,
            Metadata = metadata,
            Period = new() { Start = ScheduleSteps.Midnight(line.From), End = ScheduleSteps.Midnight(line.Until) },
        };

        // A price cannot be negative: what is given back goes as a bare amount.
        if (line.Amount < 0)
        {
            (options.Amount, options.Currency) = (line.Amount, adjustment.Currency.StripeCode);
        }
        else
        {
            options.PriceData = new() { Currency = adjustment.Currency.StripeCode, Product = line.StripeProductId, UnitAmount = line.Amount };
            options.Quantity = 1;
        }

        return options;
    }

    private CreditNoteLineOptions CreditLine(AdjustmentLine line)
    {
        var options = new CreditNoteLineOptions
        {
            Type = "custom_line_item",
            Description = line.Description,
            Quantity = 1,
            UnitAmount = -line.Amount,
            Metadata = new() { [MetadataKeys.ProductCode] = line.ProductCode },
        };
        if (adjustment.TaxRateId is { } rate)
        {
            options.TaxRates = [rate];
        }

        return options;
    }

    private Dictionary<string, string> Metadata() => new()
    {
        [MetadataKeys.Opportunity] = contract.Value,
        [MetadataKeys.Account] = account.Value,
        [MetadataKeys.Proration] = adjustment.Key,
    };
}
