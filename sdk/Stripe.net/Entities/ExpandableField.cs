namespace Stripe;

/// <summary>A field that Stripe sends as an id, or as the whole object when asked to expand it.</summary>
public class ExpandableField<T>
    where T : IHasId
{
    private string id;

    public string Id
    {
        get => ExpandedObject is { } expanded ? expanded.Id : id;
        set => id = value;
    }

    public T ExpandedObject { get; set; }

    public bool IsExpanded => ExpandedObject is not null;
}
