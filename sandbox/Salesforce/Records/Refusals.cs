using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Row errors waiting to happen, such as a locked row or a customer's validation rule.</summary>
public sealed class Refusals
{
    private readonly Lock gate = new();
    private readonly List<(string Type, SalesforceError Error)> waiting = [];

    /// <summary>Has the next <paramref name="times"/> creates or updates of the object refused.</summary>
    public void Add(SObjectType type, SalesforceError error, int times)
    {
        lock (gate)
        {
            waiting.AddRange(Enumerable.Repeat((type.Name, error), times));
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            waiting.Clear();
        }
    }

    /// <exception cref="RefusedException">A refusal was waiting for this object; it is used up.</exception>
    public void Check(SObjectType type)
    {
        lock (gate)
        {
            var index = waiting.FindIndex(entry => entry.Type == type.Name);
            if (index >= 0)
            {
                var error = waiting[index].Error;
                waiting.RemoveAt(index);
                throw new RefusedException(error);
            }
        }
    }
}
