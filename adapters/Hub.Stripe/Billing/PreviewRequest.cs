using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Core.Contracts;

namespace Hub.Stripe;

/// <summary>The question to Stripe: what would the first invoice of these steps come to.</summary>
/// <remarks>
/// Made from the very steps a sync would run, so that both speak of the same thing. What the parameters of a preview do not know is left out:
/// custom fields, metadata of the schedule. Source: Stripe API, invoices.create_preview.
/// </remarks>
internal abstract record PreviewRequest
{
    private PreviewRequest()
    {
    }

    public static PreviewRequest For(BillingPlan plan, ImmutableArray<PlannedStep> steps)
    {
        if (plan.Schedule is { Phases: [{ TrialEnd: not null, OneTime.IsEmpty: true }, ..] })
        {
            return new Impossible("The contract begins with free months; Stripe would price an invoice of nothing.");
        }

        if (steps.IsEmpty || steps.Any(step => step.Operation == StripeOperations.CreatePrice))
        {
            return new Impossible("Stripe prices tiers and metered usage only by a price that exists; a preview creates none.");
        }

        JsonObject parameters = Customer(plan);
        if (steps.FirstOrDefault(step => step.Operation == StripeOperations.CreateSchedule) is { } schedule)
        {
            parameters["schedule_details"] = Schedule(schedule.Params);
        }
        else if (plan.StandaloneInvoice is { } invoice)
        {
            parameters["currency"] = plan.Currency.StripeCode;
            parameters["invoice_items"] = Items(plan, invoice);
        }
        else
        {
            return new Impossible("The plan changes what Stripe bills already.");
        }

        NameCoupons(parameters, steps);
        return new Possible(JsonSerializer.SerializeToElement(parameters));
    }

    // A customer that does not exist yet is described; one that exists brings its own balance, pending items and exemption.
    private static JsonObject Customer(BillingPlan plan)
    {
        if (plan.Customer.Id is { } id)
        {
            return new JsonObject { ["customer"] = id };
        }

        JsonObject details = new() { ["tax_exempt"] = plan.Customer.TaxExempt ?? "none" };
        if (plan.Customer.Address is { } address)
        {
            var known = new JsonObject();
            foreach ((string name, string? value) in (ReadOnlySpan<(string, string?)>)
                [("line1", address.Line1), ("city", address.City), ("state", address.State), ("postal_code", address.PostalCode), ("country", address.Country)])
            {
                if (value is not null)
                {
                    known[name] = value;
                }
            }

            details["address"] = known;
        }

        return new JsonObject { ["customer_details"] = details };
    }

    // The defaults of a schedule are no parameters of a preview; each phase states them. Only the first phase names its start.
    private static JsonObject Schedule(JsonElement step)
    {
        JsonObject given = JsonNode.Parse(step.GetRawText())!.AsObject();
        JsonArray phases = given["phases"]!.DeepClone().AsArray();
        phases[0]!["start_date"] = given["start_date"]!.DeepClone();
        JsonNode? settings = given["default_settings"];
        foreach (JsonNode? phase in phases)
        {
            phase!["collection_method"] = settings?["collection_method"]?.DeepClone();
            if (settings?["invoice_settings"]?["days_until_due"] is { } days)
            {
                phase["invoice_settings"] = new JsonObject { ["days_until_due"] = days.DeepClone() };
            }

            if (settings?["automatic_tax"] is { } tax)
            {
                phase["automatic_tax"] = tax.DeepClone();
            }
        }

        return new JsonObject
        {
            ["billing_mode"] = given["billing_mode"]!.DeepClone(),
            ["end_behavior"] = given["end_behavior"]!.DeepClone(),
            ["phases"] = phases,
        };
    }

    private static JsonArray Items(BillingPlan plan, StandaloneInvoicePlan invoice) =>
    [
        .. invoice.Items.Select(item =>
        {
            bool whole = decimal.IsInteger(item.Quantity);
            (long? unit, decimal? exact) = StripeSteps.Split(whole ? item.UnitAmount : item.Quantity * item.UnitAmount);
            var price = new JsonObject { ["currency"] = plan.Currency.StripeCode, ["product"] = item.StripeProductId };
            price[unit is null ? "unit_amount_decimal" : "unit_amount"] = unit is { } amount ? amount : JsonValue.Create(exact!.Value);
            var sent = new JsonObject { ["price_data"] = price, ["quantity"] = whole ? decimal.ToInt64(item.Quantity) : 1 };
            string[] coupons = [.. DiscountCoupon.Ids(item.PercentOff, item.AmountOff, plan.Currency)];
            if (coupons.Length > 0)
            {
                sent["discounts"] = new JsonArray([.. coupons.Select(coupon => new JsonObject { ["coupon"] = coupon })]);
            }

            if (invoice.TaxRateId is { } rate)
            {
                sent["tax_rates"] = new JsonArray(rate);
            }

            return (JsonNode)sent;
        }),
    ];

    // The Hub chooses the ids of its coupons, so a step's reference can be written out; where the coupon is still missing, Stripe says so.
    private static void NameCoupons(JsonNode node, ImmutableArray<PlannedStep> steps)
    {
        if (node is JsonObject holder && holder["coupon"] is JsonValue coupon && coupon.GetValue<string>() is ['$', ..] reference)
        {
            int step = int.Parse(reference[1..^".id".Length], System.Globalization.CultureInfo.InvariantCulture);
            holder["coupon"] = steps[step - 1].Params.GetProperty("id").GetString();
        }

        foreach (JsonNode? child in node switch
        {
            JsonObject parent => parent.Select(member => member.Value).ToArray(),
            JsonArray list => list.ToArray(),
            _ => [],
        })
        {
            if (child is not null)
            {
                NameCoupons(child, steps);
            }
        }
    }

    public sealed record Possible(JsonElement Parameters) : PreviewRequest;

    public sealed record Impossible(string Reason) : PreviewRequest;
}
