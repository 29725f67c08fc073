using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Creates, changes and deletes single records the way the API does, with everything that follows from it.</summary>
/// <remarks>A refusal leaves the transaction as it was before the call.</remarks>
public static class RecordWrites
{
    /// <exception cref="RefusedException">The record cannot be created.</exception>
    public static Row Create(Transaction transaction, SObjectType type, JsonObject body) => Undoing(transaction, () =>
    {
        RequireWritable(type);
        transaction.RunIntoRefusals(type);
        if (body.Any(member => string.Equals(member.Key, "Id", StringComparison.OrdinalIgnoreCase)))
        {
            throw new RefusedException(new SalesforceError("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call") { Fields = ["Id"] });
        }

        var sent = Submission.Strict(type, body, creating: true, transaction.Data);
        var row = Apply(NewRow(transaction, type), sent);
        row = Derivations.BeforeSave(transaction, null, row, sent);
        Check(transaction, row, sent);
        row = transaction.Save(row);
        transaction.Log(row, "create", sent.Values.Keys.Select(field => field.Name));
        Derivations.AfterSave(transaction, null, row);
        return row;
    });

    /// <exception cref="RefusedException">The record is not there, or cannot be changed like that.</exception>
    public static Row Update(Transaction transaction, SObjectType type, string id, JsonObject body) => Undoing(transaction, () =>
    {
        RequireWritable(type);
        var before = Existing(transaction.Data, type, id);
        transaction.RunIntoRefusals(type);
        if (body.Any(member => string.Equals(member.Key, "Id", StringComparison.OrdinalIgnoreCase)))
        {
            throw new RefusedException(new SalesforceError("INVALID_FIELD", "The Id field should not be specified in the sobject data.") { Fields = ["Id"] });
        }

        var sent = Submission.Strict(type, body, creating: false, transaction.Data);
        var row = Derivations.BeforeSave(transaction, before, Apply(before, sent), sent);
        Check(transaction, row, sent);
        return Saved(transaction, before, row, sent);
    });

    /// <summary>Changes a record as an administrator would with every check switched off; what follows from it still follows.</summary>
    /// <exception cref="RefusedException">The record or a field is not there.</exception>
    public static Row Override(Transaction transaction, SObjectType type, string id, JsonObject body) => Undoing(transaction, () =>
    {
        var before = Existing(transaction.Data, type, id);
        var sent = Submission.Raw(type, body);
        var row = Apply(Derivations.BeforeSave(transaction, before, Apply(before, sent), sent), sent);
        return Saved(transaction, before, row, sent);
    });

    /// <summary>Moves a record, and what belongs to it, to the recycle bin.</summary>
    /// <exception cref="RefusedException">The record is not there.</exception>
    public static void Delete(Transaction transaction, SObjectType type, string id)
    {
        RequireWritable(type);
        Bin(transaction, Existing(transaction.Data, type, id));
    }

    /// <summary>Merges the loser into the master: its children move over, and it is deleted with the master's id on it.</summary>
    /// <exception cref="RefusedException">The object cannot be merged or one of the two is not there.</exception>
    public static void Merge(Transaction transaction, SObjectType type, string masterId, string loserId) => Undoing(transaction, () =>
    {
        if (!type.Mergeable)
        {
            throw new RefusedException("INVALID_TYPE", $"{type.Name} records cannot be merged.");
        }

        var master = Existing(transaction.Data, type, masterId);
        var loser = Existing(transaction.Data, type, loserId);
        foreach (var (child, field) in Children(transaction.Data, loser).ToList())
        {
            transaction.Save(child.With(field.Name, master.Id));
        }

        transaction.Save(loser.With("IsDeleted", true).With("MasterRecordId", master.Id));
        transaction.Log(loser, "delete", []);
        return transaction.Save(master);
    });

    /// <summary>The live record of that id.</summary>
    /// <exception cref="RefusedException">The id is malformed, unknown, or its record deleted.</exception>
    public static Row Existing(OrgData data, SObjectType type, string id)
    {
        var full = RecordIds.Normalise(id);
        if (full is null || OrgSchema.OfId(full) != type)
        {
            throw new RefusedException(new SalesforceError("MALFORMED_ID", $"{type.Name} ID: id value of incorrect type: {id}") { Fields = ["Id"] });
        }

        return data.Rows(type).GetValueOrDefault(full) switch
        {
            null => throw new RefusedException("NOT_FOUND", "The requested resource does not exist", 404),
            { IsDeleted: true } => throw new RefusedException("ENTITY_IS_DELETED", "entity is deleted", 404),
            { } row => row,
        };
    }

    private static Row Saved(Transaction transaction, Row before, Row row, Submission sent)
    {
        var saved = transaction.Save(row);
        transaction.Log(saved, "update", sent.Values.Keys.Select(field => field.Name));
        Derivations.AfterSave(transaction, before, saved);
        return saved;
    }

    private static Row Undoing(Transaction transaction, Func<Row> work)
    {
        var before = transaction.Data;
        try
        {
            return work();
        }
        catch (RefusedException)
        {
            transaction.Data = before;
            throw;
        }
    }

    private static Row NewRow(Transaction transaction, SObjectType type)
    {
        var row = new Row(type, ImmutableDictionary.Create<string, object>(StringComparer.Ordinal))
            .With("Id", transaction.NewId(type))
            .With("CreatedDate", transaction.Now)
            .With("CreatedById", transaction.UserId);
        row = type.Fields.Where(field => field.Default is not null).Aggregate(row, (filled, field) => filled.With(field.Name, field.Default));
        return type.Find("OwnerId") is null ? row : row.With("OwnerId", transaction.UserId);
    }

    private static Row Apply(Row row, Submission sent) =>
        sent.Values.Aggregate(row, (changed, pair) => changed.With(pair.Key.Name, pair.Value));

    private static void Check(Transaction transaction, Row row, Submission sent)
    {
        var missing = row.Type.Fields.Where(field => field.Required && row[field.Name] is null).Select(field => field.Name).ToList();
        if (missing.Count > 0)
        {
            throw new RefusedException(new SalesforceError("REQUIRED_FIELD_MISSING", $"Required fields are missing: [{string.Join(", ", missing)}]")
            {
                Fields = [.. missing],
            });
        }

        foreach (var field in sent.Values.Keys.Where(field => field.Type == FieldType.Reference && row[field.Name] is not null))
        {
            CheckReference(transaction.Data, field, row.Text(field.Name)!);
        }

        UniqueKeys.Check(transaction.Data, row, sent);
    }

    private static void CheckReference(OrgData data, Field field, string id)
    {
        var error = data.Find(id) switch
        {
            null => new SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"),
            { IsDeleted: true } => new SalesforceError("ENTITY_IS_DELETED", "entity is deleted"),
            _ => null,
        };
        if (error is not null)
        {
            throw new RefusedException(error with { Fields = [field.Name] });
        }
    }

    private static void RequireWritable(SObjectType type)
    {
        if (!type.Writable)
        {
            throw new RefusedException("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", $"entity type {type.Name} does not support create, update or delete");
        }
    }

    private static void Bin(Transaction transaction, Row row)
    {
        var gone = transaction.Save(row.With("IsDeleted", true));
        transaction.Log(gone, "delete", []);
        foreach (var (child, field) in Children(transaction.Data, row).ToList())
        {
            // Children that cannot live without the parent go with it; the others merely lose the link, as an opportunity that of its synced quote.
            if (field.Required || (field.Name != "SyncedQuoteId" && child.Type.Name is "OpportunityHistory" or "Opportunity" or "Contact"))
            {
                Bin(transaction, child);
            }
            else
            {
                transaction.Save(child.With(field.Name, null));
            }
        }

        Derivations.AfterDelete(transaction, gone);
    }

    private static IEnumerable<(Row Child, Field Field)> Children(OrgData data, Row parent) =>
        from type in OrgSchema.Types
        from field in type.Fields
        where field.Type == FieldType.Reference && field.References.Contains(parent.Type.Name) && field.Name != "MasterRecordId"
        from row in data.Rows(type).Values
        where !row.IsDeleted && row.Text(field.Name) == parent.Id
        select (row, field);
}
