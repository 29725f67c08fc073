namespace Hub.Core.Contracts;

/// <summary>How a change inside a billing period is charged (convention C7).</summary>
public enum ProrationPolicy
{
    /// <summary>Nothing before the next billing date.</summary>
    None,

    /// <summary>Whole months remaining ÷ months in the period.</summary>
    Month,

    /// <summary>Days remaining ÷ days in the period.</summary>
    Day,
}

/// <summary>How a reduction inside a period already billed is given back (convention C19).</summary>
public enum CreditPolicy
{
    /// <summary>An invoice with a negative total, which Stripe books to the customer's balance.</summary>
    Balance,

    /// <summary>A credit note on the invoice that billed the period.</summary>
    CreditNote,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>What is made of the signed document attached to a won opportunity.</summary>
public enum SignedDocumentMode
{
    /// <summary>Attached files are not read.</summary>
    Off,

    /// <summary>A difference is a note on the opportunity; billing goes on.</summary>
    Report,

    /// <summary>A difference refuses the deal.</summary>
    Block,
}

/// <summary>What an opportunity does to a contract.</summary>
public enum DealType
{
    New,
    Upsell,
    Downsell,
    Renewal,
    Termination,
}
