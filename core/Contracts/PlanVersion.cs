using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hub.Core.Contracts;

/// <summary>The hash that names a plan (ADR 0102).</summary>
public static class PlanVersion
{
    private const int UsualLength = 1024;

    /// <summary>Lower-case hex SHA-256 over everything of the contract that is sent to Stripe, as canonical JSON.</summary>
    /// <remarks>
    /// Left out on purpose: the processing date and what follows from it (invoices, the date of a standalone invoice), so that a replay on a later
    /// day has the same version; the customer's id and details, because the customer is created once per account under a key of its own; and
    /// stored price ids, because whether a price is reused or created changes nothing that is billed.
    /// </remarks>
    public static string Of(BillingPlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>(UsualLength);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("opportunity", plan.OpportunityId.Value);
            json.WriteString("account", plan.Customer.AccountId.Value);
            json.WriteString("currency", plan.Currency.StripeCode);
            Write(json, plan.Schedule);
            Write(json, plan.StandaloneInvoice);
            Write(json, plan.Adjustments);
            json.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter json, SchedulePlan? schedule)
    {
        if (schedule is null)
        {
            return;
        }

        json.WriteStartObject("schedule");
        Terms(json, schedule.CollectionMethod, schedule.DaysUntilDue, schedule.CustomFields, schedule.TaxRateId, schedule.AutomaticTax);
        json.WriteString("endBehavior", schedule.EndBehavior.ToString());
        json.WriteStartArray("phases");
        foreach (Phase phase in schedule.Phases)
        {
            json.WriteStartObject();
            json.WriteString("start", Problems.Text(phase.Start));
            json.WriteString("end", Problems.Text(phase.End));
            if (phase.DaysUntilDue is { } days)
            {
                json.WriteNumber("days", days);
            }

            json.WriteBoolean("trial", phase.TrialEnd is not null);
            json.WriteStartArray("items");
            foreach (PhaseItem item in phase.Items)
            {
                Write(json, item);
            }

            json.WriteEndArray();
            Write(json, phase.OneTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PhaseItem item)
    {
        json.WriteStartObject();
        json.WriteString("product", item.StripeProductId);
        json.WriteString("line", item.LineId.Value);
        json.WriteString("quantity", item.Quantity?.ToString(CultureInfo.InvariantCulture));
        json.WriteString("unitAmount", Text(item.SentUnitAmount));
        json.WriteString("interval", Text(item.Interval));
        json.WriteString("percentOff", Text(item.PercentOff));
        AmountOff(json, item.AmountOff);
        json.WriteString("meter", item.Usage ? item.MeterId ?? "" : null);
        if (item.Tiers is { } tiers)
        {
            json.WriteString("tiers", tiers.Tiers.Aggregate(
                new StringBuilder(tiers.Mode.ToString()),
                (text, tier) => text.Append(CultureInfo.InvariantCulture, $";{tier.UpTo}:{Text(tier.UnitAmount)}")).ToString());
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StandaloneInvoicePlan? invoice)
    {
        if (invoice is null)
        {
            return;
        }

        json.WriteStartObject("invoice");
        Terms(json, invoice.CollectionMethod, invoice.DaysUntilDue, invoice.CustomFields, invoice.TaxRateId, invoice.AutomaticTax);
        Write(json, invoice.Items);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<OneTimeItem> items)
    {
        json.WriteStartArray("oneTime");
        foreach (OneTimeItem item in items)
        {
            json.WriteStartObject();
            json.WriteString("product", item.StripeProductId);
            json.WriteString("line", item.LineId.Value);
            json.WriteString("quantity", Text(item.Quantity));
            json.WriteString("unitAmount", Text(item.UnitAmount));
            json.WriteString("percentOff", Text(item.PercentOff));
            AmountOff(json, item.AmountOff);
            json.WriteString("description", item.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<AdjustmentPlan> adjustments)
    {
        json.WriteStartArray("adjustments");
        foreach (AdjustmentPlan adjustment in adjustments)
        {
            json.WriteStartObject();
            json.WriteString("effective", Problems.Text(adjustment.Effective));
            json.WriteNumber("amount", adjustment.Invoice.Amount.MinorUnits);
            json.WriteBoolean("creditNote", adjustment.Invoice.CreditNote);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Terms(
        Utf8JsonWriter json, CollectionMethod collection, int? days, IEnumerable<CustomField> fields, string? taxRate, bool automaticTax)
    {
        json.WriteString("collection", collection.ToString());
        json.WriteString("days", days?.ToString(CultureInfo.InvariantCulture));
        json.WriteString("taxRate", taxRate);
        json.WriteBoolean("automaticTax", automaticTax);
        json.WriteStartArray("fields");
        foreach (CustomField field in fields)
        {
            json.WriteStringValue(field.Name);
            json.WriteStringValue(field.Value);
        }

        json.WriteEndArray();
    }

    // Plans without one keep the versions they had before there were any.
    private static void AmountOff(Utf8JsonWriter json, long? amount)
    {
        if (amount is { } off)
        {
            json.WriteNumber("amountOff", off);
        }
    }

    // As records print themselves, at a fraction of the cost.
    private static string Text(BillingInterval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{nameof(BillingInterval)} {{ {nameof(interval.Unit)} = {interval.Unit}, {nameof(interval.Count)} = {interval.Count} }}");

    private static string? Text(decimal? number) => number is { } value ? Problems.Text(value) : null;
}
