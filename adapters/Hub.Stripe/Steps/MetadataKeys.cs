namespace Hub.Stripe;

/// <summary>Metadata by which the Hub finds its objects in Stripe again (convention C12).</summary>
internal static class MetadataKeys
{
    public const string Account = "sf_account_id";
    public const string Opportunity = "sf_opportunity_id";
    public const string Contract = "sf_contract_id";
    public const string Line = "sf_line_id";
    public const string ListPrice = "sf_list_price";
    public const string CloseDate = "sf_close_date";
    public const string Quote = "sf_quote_number";
    public const string Product = "sf_product_id";
    public const string Version = "hub_contract_version";
    /// <summary>On a schedule: end of the last phase that was sent, where later ones are to follow (C23).</summary>
    public const string PhasesUntil = "hub_phases_until";

    /// <summary>On a schedule: day on which it took over from one that had run out of phases.</summary>
    public const string PhasesFrom = "hub_phases_from";

    public const string Adjustment = "hub_adjustment_id";

    /// <summary>Key of a proration or credit that the Hub issued itself; unlike <see cref="Adjustment"/>, no approved concession.</summary>
    public const string Proration = "hub_proration_id";
    public const string ProductCode = "sf_product_code";
    public const string LineNumber = "hub_line_number";
}
