using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>Create-or-update by an external id.</summary>
internal static class Upserts
{
    /// <exception cref="RefusedException">The object has no such external id.</exception>
    public static Field Key(SObjectType type, string name) => type.Find(name) is { ExternalId: true } field
        ? field
        : throw new RefusedException("NOT_FOUND", $"Provided external ID field does not exist or is not accessible: {name}", 404);

    /// <param name="body">Must hold neither the id nor the key.</param>
    /// <param name="updateOnly">Whether a missing record is an error instead of a new record.</param>
    /// <exception cref="RefusedException">Refused as a create or update would be, or the key is ambiguous or missing.</exception>
    public static (Row Row, bool Created) Run(Transaction transaction, SObjectType type, Field key, string value, JsonObject body, bool updateOnly)
    {
        if (body.Any(member => string.Equals(member.Key, key.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new RefusedException(new SalesforceError("INVALID_FIELD", $"The {key.Name} field should not be specified in the sobject data.") { Fields = [key.Name] });
        }

        switch (UniqueKeys.Holders(transaction.Data, type, key, FieldValues.Read(key, value)))
        {
            case [var id]:
                return (RecordWrites.Update(transaction, type, id, body), false);
            case []:
                if (updateOnly)
                {
                    throw new RefusedException("NOT_FOUND", "The requested resource does not exist", 404);
                }

                var full = body.DeepClone().AsObject();
                full[key.Name] = value;
                return (RecordWrites.Create(transaction, type, full), true);
            default:
                throw new RefusedException("DUPLICATE_VALUE", $"{key.Name}: more than one record found for external id field");
        }
    }
}
