using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Puts records into the org as they are, as a restored backup would: no rule judges them and nobody is notified.</summary>
public static class RawRecords
{
    /// <summary>Inserts or replaces the records of every named object.</summary>
    /// <param name="tables">Object name to records, as a books file spells them.</param>
    /// <returns>Object name to number of records.</returns>
    /// <exception cref="RefusedException">An object, field, value type or id is impossible.</exception>
    public static JsonObject Insert(Transaction transaction, JsonObject tables)
    {
        var counts = new JsonObject();
        foreach (var (name, records) in tables)
        {
            var type = OrgSchema.Find(name) ?? throw new RefusedException("INVALID_TYPE", $"sObject type '{name}' is not supported.");
            foreach (var record in records?.AsArray() ?? [])
            {
                Put(transaction, type, record!.AsObject());
            }

            counts[type.Name] = records?.AsArray().Count ?? 0;
        }

        MarkOpportunitiesWithLines(transaction);
        foreach (var opportunity in transaction.Live("Opportunity").Where(row => row["SyncedQuoteId"] is not null).ToList())
        {
            QuoteRules.Mark(transaction, null, opportunity);
        }

        return counts;
    }

    private static void Put(Transaction transaction, SObjectType type, JsonObject record)
    {
        var sent = Submission.Raw(type, record);
        var values = sent.Values.ToDictionary(pair => pair.Key.Name, pair => pair.Value, StringComparer.Ordinal);
        if (type.Name == "Opportunity" && Stages.Find(values.GetValueOrDefault("StageName") as string) is { } stage)
        {
            values.TryAdd("IsWon", stage.IsWon);
            values.TryAdd("IsClosed", stage.IsClosed);
            values.TryAdd("Probability", (decimal)stage.Probability);
            values.TryAdd("ForecastCategoryName", stage.Category);
        }

        transaction.Raw(type, values);
    }

    /// <summary>Without moving any stamp, for the records are history.</summary>
    private static void MarkOpportunitiesWithLines(Transaction transaction)
    {
        var sold = transaction.Live("OpportunityLineItem").Select(line => line.Text("OpportunityId")).ToHashSet(StringComparer.Ordinal);
        foreach (var opportunity in transaction.Live("Opportunity").Where(row => !row.Is("HasOpportunityLineItem") && sold.Contains(row.Id)).ToList())
        {
            transaction.Data = transaction.Data.Put(opportunity.With("HasOpportunityLineItem", true));
        }
    }
}
