namespace Hub.Core.Contracts;

/// <summary>Issues prorations and credits in Stripe. Implemented by Hub.Stripe.</summary>
public interface IStripeAdjustments
{
    /// <summary>Issues one adjustment exactly once, whatever crashes or is repeated.</summary>
    /// <param name="contract">The contract's original opportunity.</param>
    /// <param name="account">The billed account.</param>
    /// <param name="billing">What bills the contract.</param>
    Task<AdjustmentOutcome> Issue(SalesforceId contract, SalesforceId account, AppliedBilling billing, Adjustment adjustment, CancellationToken ct);
}

/// <summary>The outcome of issuing one adjustment.</summary>
public abstract record AdjustmentOutcome
{
    private AdjustmentOutcome()
    {
    }

    /// <param name="Id">Invoice or credit note in Stripe.</param>
    /// <param name="Before">True when it had been issued before.</param>
    public sealed record Issued(string Id, bool Before) : AdjustmentOutcome;

    /// <summary>The invoice that is to be credited is still a draft.</summary>
    public sealed record TooEarly : AdjustmentOutcome;

    /// <summary>The contract was canceled in Stripe before the day of the change, so there is nothing to adjust.</summary>
    public sealed record Canceled : AdjustmentOutcome;
}
