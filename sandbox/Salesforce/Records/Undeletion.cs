using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Brings a record back from the recycle bin, with the children that went there with it; every stamp moves.</summary>
/// <remarks>unverified: that undeleting moves SystemModstamp in the real service; a live org's replication log would settle it.</remarks>
public static class Undeletion
{
    /// <exception cref="RefusedException">No such record, it is not deleted, or it was merged away.</exception>
    public static Row Run(Transaction transaction, string id)
    {
        Row deleted = RecordIds.Normalise(id) is { } full && transaction.Data.Find(full) is { IsDeleted: true } found
            ? found
            : throw new RefusedException("UNDELETE_FAILED", "Entity is not in the recycle bin");
        if (deleted["MasterRecordId"] is not null)
        {
            throw new RefusedException("UNDELETE_FAILED", "A record that lost a merge cannot be undeleted");
        }

        Row restored = transaction.Save(deleted.With("IsDeleted", false));
        transaction.Log(restored, "undelete", []);
        foreach (Row child in With(transaction, deleted).ToList())
        {
            transaction.Save(child.With("IsDeleted", false));
        }

        return restored;
    }

    // What was deleted in the same second and points here by a field it cannot do without.
    private static IEnumerable<Row> With(Transaction transaction, Row parent) =>
        from type in OrgSchema.Types
        from field in type.Fields
        where field.Required && field.Type == FieldType.Reference && field.References.Contains(parent.Type.Name)
        from row in transaction.Data.Rows(type).Values
        where row.IsDeleted && row.Text(field.Name) == parent.Id && Equals(row["SystemModstamp"], parent["SystemModstamp"])
        select row;
}
