using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Objects;

/// <summary>Shows objects as the API does: notes hidden, embedded lists cut, and whatever <c>expand[]</c> asks for filled in.</summary>
public sealed class Expansion(Store store)
{
    private const int MaxDepth = 4;
    private const int EmbeddedRows = 10;

    // Fields that are there only when asked for; the note they are kept in starts with an underscore.
    private static readonly HashSet<string> OnlyWhenExpanded =
        ["tiers", "currency_options", "applies_to", "payments", "confirmation_secret", "tax", "tax_ids", "subscriptions", "total_count", "refunds", "invoice_credit_balance"];

    private static readonly JsonObject Classes = (JsonObject)Resource.Read("stripe-expandable.json");

    private static readonly Dictionary<string, string> ClassOf = new(StringComparer.Ordinal)
    {
        ["customer"] = "Customer",
        ["product"] = "Product",
        ["price"] = "Price",
        ["coupon"] = "Coupon",
        ["subscription"] = "Subscription",
        ["subscription_item"] = "SubscriptionItem",
        ["subscription_schedule"] = "SubscriptionSchedule",
        ["invoice"] = "Invoice",
        ["line_item"] = "InvoiceLineItem",
        ["invoiceitem"] = "InvoiceItem",
        ["invoice_payment"] = "InvoicePayment",
        ["credit_note"] = "CreditNote",
        ["credit_note_line_item"] = "CreditNoteLineItem",
        ["payment_intent"] = "PaymentIntent",
        ["charge"] = "Charge",
        ["refund"] = "Refund",
        ["discount"] = "Discount",
        ["customer_balance_transaction"] = "CustomerBalanceTransaction",
        ["tax_rate"] = "TaxRate",
    };

    /// <summary>A copy of <paramref name="stored"/> fit to leave the simulator.</summary>
    /// <exception cref="ApiException">A path names no expandable field or is deeper than four levels.</exception>
    public JsonObject Show(JsonObject stored, IEnumerable<string>? expand = null)
    {
        var shown = stored.CopyObject();
        foreach (var path in expand ?? [])
        {
            var segments = path.Split('.');
            if (segments.Length > MaxDepth)
            {
                throw ApiException.Coded(400, "property_expansion_max_depth", $"You cannot expand more than {MaxDepth} levels of a property: {path}");
            }

            Expand(shown, segments, path);
        }

        Hide(shown);
        return shown;
    }

    private static void Hide(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var element in array)
            {
                Hide(element);
            }
        }
        else if (node is JsonObject shown)
        {
            foreach (var note in shown.Select(pair => pair.Key).Where(key => key[0] == '_').ToList())
            {
                shown.Remove(note);
            }

            Cut(shown);
            foreach (var (_, child) in shown.Where(pair => pair.Key != "metadata"))
            {
                Hide(child);
            }
        }
    }

    // Embedded lists show only their head; the rest is paged from their url. A page's own list is marked by its length.
    private static void Cut(JsonObject shown)
    {
        if (shown.Text("object") == "list" && shown.Arr("data") is { } data && shown.Text("url") is { } url
            && url.Contains("/lines", StringComparison.Ordinal) && data.Count > EmbeddedRows && !shown.ContainsKey("page"))
        {
            while (data.Count > EmbeddedRows)
            {
                data.RemoveAt(data.Count - 1);
            }

            shown["has_more"] = true;
        }

        shown.Remove("page");
    }

    private static JsonObject? FieldsOf(JsonObject value) =>
        value.Text("object") is { } kind && ClassOf.TryGetValue(kind, out var name) ? Classes.Obj(name) : null;

    private void Expand(JsonObject value, ReadOnlySpan<string> segments, string path)
    {
        var fields = FieldsOf(value);
        ExpandField(value, fields, segments, path);
    }

    private void ExpandField(JsonObject value, JsonObject? fields, ReadOnlySpan<string> segments, string path)
    {
        var name = segments[0];
        var rest = segments[1..];
        if (OnlyWhenExpanded.Contains(name) && value.ContainsKey("_" + name))
        {
            value[name] = value.Copy("_" + name);
        }

        var isList = value.Text("object") is "list" or "search_result" && name == "data";
        var field = fields?.Obj(name);
        var known = isList || field is not null || (OnlyWhenExpanded.Contains(name) && value.ContainsKey(name));
        if (!known)
        {
            throw ApiException.Invalid($"This property cannot be expanded ({path}).", "expand");
        }

        if (rest.IsEmpty && !isList && field?.ContainsKey("e") != true && field?.ContainsKey("ref") != true && !OnlyWhenExpanded.Contains(name))
        {
            throw ApiException.Invalid($"This property cannot be expanded ({path}).", "expand");
        }

        if (value.ContainsKey(name))
        {
            value[name] = Filled(value[name], field, rest, path);
        }
    }

    private JsonNode? Filled(JsonNode? current, JsonObject? field, ReadOnlySpan<string> rest, string path)
    {
        if (current is JsonArray array)
        {
            var filled = new JsonArray();
            foreach (var element in array)
            {
                filled.Add(Filled(element?.DeepClone(), field, rest, path));
            }

            return filled;
        }

        var target = current is JsonValue id && field?.ContainsKey("e") == true ? Referenced(id) : current?.DeepClone();
        if (!rest.IsEmpty && target is JsonObject deeper)
        {
            ExpandField(deeper, FieldsOf(deeper) ?? field?.Obj("f"), rest, path);
        }

        return target;
    }

    private JsonNode Referenced(JsonValue id) =>
        id.TryGetValue<string>(out var key) && store.Find(key) is { } found ? found.DeepClone() : id.DeepClone();
}
