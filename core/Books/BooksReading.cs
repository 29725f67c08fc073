using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Time;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Books;

/// <summary>Reads a books file (docs: Books files).</summary>
public static class BooksReading
{
    // Exports of some tools begin with one; a file loses it on the way in, standard input does not.
    private const char ByteOrderMark = '\uFEFF';

    private static readonly JsonDocumentOptions Tolerant = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the whole file; every defect is noted, none stops the search for others.</summary>
    /// <param name="file">Name of the file, for defects only.</param>
    public static BooksOutcome Read(string file, string json)
    {
        var defects = new BooksDefects(file);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json.TrimStart(ByteOrderMark), Tolerant);
        }
        catch (JsonException unreadable)
        {
            defects.AddText(string.Create(
                CultureInfo.InvariantCulture,
                $"$: JSON was expected, but line {(unreadable.LineNumber ?? 0) + 1}, byte {(unreadable.BytePositionInLine ?? 0) + 1} cannot be read as such"));
            return new BooksOutcome.Unreadable(defects.All);
        }

        using (document)
        {
            BooksFile? books = Read(document.RootElement, defects);
            return books is null || defects.Any ? new BooksOutcome.Unreadable(defects.All) : new BooksOutcome.Read(books);
        }
    }

    private static BooksFile? Read(JsonElement root, BooksDefects defects)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            defects.Add("$", "an object", root);
            return null;
        }

        Instant? asOf = AsOf(root, defects);
        var settings = new BooksSettings(defects);
        ContractsOptions contracts = settings.Apply(defects.Member(root, "settings", JsonValueKind.Object, "$", "an object"));
        BillingZone? zone = Zone(root, settings.BillingTimeZone, defects);
        contracts.BillingTimeZone = zone?.Name ?? contracts.BillingTimeZone;
        foreach (string defect in ContractsSettings.Defects(contracts))
        {
            defects.AddText($"$.settings: {defect}");
        }

        var records = new BooksRecords(defects);
        if (defects.Member(root, "salesforce", JsonValueKind.Object, "$", "an object") is { } salesforce)
        {
            records.Read(salesforce);
        }

        var stripe = Stripe(root, defects);
        ImmutableArray<UsageReading> usage = Usage(root, defects);
        return asOf is { } now && zone is not null ? new(now, zone, contracts, records.Deals(), stripe, usage) { Products = records.Of(SalesforceFields.Objects.Product) } : null;
    }

    private static Instant? AsOf(JsonElement root, BooksDefects defects)
    {
        JsonElement? stated = root.TryGetProperty("asOf", out JsonElement value) ? value : null;
        Instant? asOf = stated is { ValueKind: JsonValueKind.String } text ? BooksDefects.Instant(text.GetString()) : null;
        if (asOf is null)
        {
            defects.Add("$.asOf", "an instant such as 2026-10-01T00:00:00Z", stated);
        }

        return asOf;
    }

    private static BillingZone? Zone(JsonElement root, string? setting, BooksDefects defects)
    {
        JsonElement? stated = root.TryGetProperty("timeZone", out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
        string? name = stated is { ValueKind: JsonValueKind.String } text ? text.GetString() : stated is null ? setting ?? BillingZone.Utc.Name : null;
        BillingZone? zone = name == BillingZone.Utc.Name ? BillingZone.Utc : BillingZone.Find(name);
        if (zone is null)
        {
            defects.Add(stated is null ? "$.settings" : "$.timeZone", "the IANA name of a time zone, such as Europe/London,", stated);
        }

        return zone;
    }

    private static ImmutableDictionary<string, ImmutableArray<JsonElement>> Stripe(JsonElement root, BooksDefects defects)
    {
        var lists = ImmutableDictionary.CreateBuilder<string, ImmutableArray<JsonElement>>();
        if (defects.Member(root, "stripe", JsonValueKind.Object, "$", "an object") is { } stripe)
        {
            foreach (JsonProperty list in stripe.EnumerateObject())
            {
                lists[list.Name] = Objects(stripe, list.Name, defects);
            }
        }

        return lists.ToImmutable();
    }

    private static ImmutableArray<JsonElement> Objects(JsonElement stripe, string name, BooksDefects defects)
    {
        var objects = ImmutableArray.CreateBuilder<JsonElement>();
        foreach ((JsonElement json, string path) in defects.Objects(stripe, name, "$.stripe"))
        {
            if (json.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String)
            {
                objects.Add(json.Clone());
            }
            else
            {
                defects.Add($"{path}.id", "the id of a Stripe object");
            }
        }

        return objects.ToImmutable();
    }

    private static ImmutableArray<UsageReading> Usage(JsonElement root, BooksDefects defects)
    {
        var readings = ImmutableArray.CreateBuilder<UsageReading>();
        foreach ((JsonElement json, string path) in defects.Objects(root, "usage", "$"))
        {
            JsonElement? line = defects.Member(json, "lineId", JsonValueKind.String, path, "the id of an OpportunityLineItem");
            JsonElement? month = defects.Member(json, "month", JsonValueKind.String, path, "a month such as 2026-11");
            JsonElement? quantity = defects.Member(json, "quantity", JsonValueKind.Number, path, "a number");
            if (line is { } id && quantity is { } used && used.TryGetDecimal(out decimal value)
                && month?.GetString() is { } text && YearMonthPattern.Iso.Parse(text) is { Success: true } parsed)
            {
                readings.Add(new(id.GetString()!, parsed.Value, value));
            }
            else
            {
                defects.Add(path, "lineId, month (2026-11) and quantity");
            }
        }

        return readings.ToImmutable();
    }
}
