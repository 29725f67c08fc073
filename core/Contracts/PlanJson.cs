using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>One entry of the output of <c>hub plan</c>; also what the Hub stores and shows of a plan.</summary>
public static class PlanJson
{
    /// <summary>Text is for people and pipes, never for HTML, so nothing but JSON's own characters is escaped.</summary>
    public static JsonWriterOptions Format { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entry as one line of JSON.</summary>
    public static string Text(string opportunityId, PlanOutcome outcome, ImmutableArray<PlannedStep> steps)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            Write(json, opportunityId, outcome, null, steps);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <param name="opportunityId">As the source gave it.</param>
    /// <param name="currency">Shown where there is no plan; lower case, null when unknown.</param>
    /// <param name="steps">Ignored unless the outcome is planned.</param>
    public static void Write(Utf8JsonWriter json, string opportunityId, PlanOutcome outcome, string? currency, ImmutableArray<PlannedStep> steps)
    {
        BillingPlan? plan = PlanOf(outcome);
        json.WriteStartObject();
        json.WriteString("opportunityId", opportunityId);
        json.WriteString("outcome", outcome switch
        {
            PlanOutcome.Planned => "planned",
            PlanOutcome.Unchanged => "unchanged",
            PlanOutcome.Held or PlanOutcome.AwaitsApproval => "held",
            _ => "rejected",
        });
        Findings(json, outcome switch
        {
            PlanOutcome.Rejected(var problems) => problems,
            PlanOutcome.AwaitsApproval(_, var reasons) => reasons,
            _ => [],
        });
        Customer(json, plan?.Customer);
        Schedule(json, plan);
        Invoices(json, plan?.Invoices ?? []);
        json.WriteNumber("total", plan?.Total.MinorUnits ?? 0);
        json.WriteString("currency", plan?.Currency.StripeCode ?? currency);
        Steps(json, outcome is PlanOutcome.Planned ? steps : []);
        json.WriteEndObject();
    }

    /// <summary>The plan of an outcome that has one.</summary>
    public static BillingPlan? PlanOf(PlanOutcome outcome) => outcome switch
    {
        PlanOutcome.Planned(var plan) => plan,
        PlanOutcome.Unchanged(var plan) => plan,
        PlanOutcome.AwaitsApproval(var plan, _) => plan,
        _ => null,
    };

    /// <summary>Findings as <c>"findings": […]</c>.</summary>
    public static void Findings(Utf8JsonWriter json, ImmutableArray<Problem> problems)
    {
        json.WriteStartArray("findings");
        foreach (Problem problem in problems)
        {
            json.WriteStartObject();
            json.WriteString("code", problem.Code);
            json.WriteString("object", problem.Object);
            json.WriteString("recordId", problem.RecordId);
            json.WriteString("field", problem.Field);
            json.WriteString("value", problem.Value);
            json.WriteString("message", problem.Message);
            json.WriteString("fix", problem.Fix);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Customer(Utf8JsonWriter json, CustomerPlan? customer)
    {
        if (customer is null)
        {
            json.WriteNull("customer");
            return;
        }

        json.WriteStartObject("customer");
        json.WriteString("action", customer.Id is null ? "create" : "reuse");
        json.WriteString("id", customer.Id);
        json.WriteEndObject();
    }

    private static void Schedule(Utf8JsonWriter json, BillingPlan? plan)
    {
        if (plan?.Schedule is not { } schedule)
        {
            json.WriteNull("schedule");
            return;
        }

        json.WriteStartObject("schedule");
        json.WriteString("action", plan is { Change: null, Extension: null } ? "create" : "update");
        json.WriteString("endBehavior", schedule.EndBehavior == EndBehavior.Cancel ? "cancel" : "release");
        json.WriteStartArray("phases");
        foreach (Phase phase in schedule.Phases)
        {
            WritePhase(json, phase, plan.Currency.StripeCode);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePhase(Utf8JsonWriter json, Phase phase, string currency)
    {
        json.WriteStartObject();
        json.WriteString("start", Problems.Text(phase.Start));
        json.WriteString("end", Problems.Text(phase.End));
        json.WriteStartArray("items");
        foreach (PhaseItem item in phase.Items)
        {
            Item(json, item, currency);
        }

        json.WriteEndArray();
        json.WriteStartArray("oneTime");
        foreach (OneTimeItem item in phase.OneTime)
        {
            json.WriteStartObject();
            json.WriteString("product", item.ProductCode);
            Number(json, "quantity", item.Quantity);
            json.WriteString("unitAmount", Problems.Text(item.UnitAmount));
            if (item.PercentOff is { } percent)
            {
                json.WriteString("percentOff", Problems.Text(percent));
            }

            AmountOff(json, item.AmountOff);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Date(json, "trialEnd", phase.TrialEnd);
        json.WriteEndObject();
    }

    private static void Item(Utf8JsonWriter json, PhaseItem item, string currency)
    {
        json.WriteStartObject();
        json.WriteString("product", item.ProductCode);
        Number(json, "quantity", item.Quantity);
        json.WriteString("unitAmount", item.UnitAmount is { } unit ? Problems.Text(unit) : null);
        json.WriteString("currency", currency);
        json.WriteString("interval", item.Interval.Unit.ToString().ToLowerInvariant());
        json.WriteNumber("intervalCount", item.Interval.Count);
        json.WriteString("percentOff", item.PercentOff is { } percent ? Problems.Text(percent) : null);
        AmountOff(json, item.AmountOff);
        json.WriteBoolean("usage", item.Usage);
        if (item.Tiers is { } tiers)
        {
            json.WriteString("tiersMode", tiers.Mode.ToString().ToLowerInvariant());
            json.WriteStartArray("tiers");
            foreach (Tier tier in tiers.Tiers)
            {
                json.WriteStartObject();
                Number(json, "upTo", tier.UpTo);
                json.WriteString("unitAmount", Problems.Text(tier.UnitAmount));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void AmountOff(Utf8JsonWriter json, long? amount)
    {
        if (amount is { } off)
        {
            json.WriteNumber("amountOff", off);
        }
    }

    private static void Invoices(Utf8JsonWriter json, ImmutableArray<PlannedInvoice> invoices)
    {
        json.WriteStartArray("invoices");
        foreach (PlannedInvoice invoice in invoices)
        {
            json.WriteStartObject();
            json.WriteString("date", Problems.Text(invoice.Date));
            json.WriteNumber("amount", invoice.Amount.MinorUnits);
            Date(json, "due", invoice.Due);
            if (invoice.CreditNote)
            {
                json.WriteBoolean("creditNote", true);
            }

            json.WriteStartArray("lines");
            foreach (PlannedInvoiceLine line in invoice.Lines)
            {
                json.WriteStartObject();
                json.WriteString("product", line.ProductCode);
                Number(json, "quantity", line.Quantity);
                json.WriteString("unitAmount", line.UnitAmount is { } unit ? Problems.Text(unit) : null);
                Number(json, "amount", line.Amount?.MinorUnits);
                json.WriteString("why", line.Why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Steps(Utf8JsonWriter json, ImmutableArray<PlannedStep> steps)
    {
        json.WriteStartArray("steps");
        foreach (PlannedStep step in steps)
        {
            json.WriteStartObject();
            json.WriteString("operation", step.Operation);
            if (step.Id is { } id)
            {
                json.WriteString("id", id);
            }

            json.WriteString("idempotencyKey", step.IdempotencyKey);
            json.WritePropertyName("params");
            step.Params.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Numbers are written as decimals without trailing zeros: 40, not 40.0.
    private static void Number(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.ToString("0.############################", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Date(Utf8JsonWriter json, string name, LocalDate? date) => json.WriteString(name, date is { } day ? Problems.Text(day) : null);
}
