namespace Stripe;

public interface IStripeEntity
{
    StripeResponse StripeResponse { get; set; }
}

public interface IHasId
{
    string Id { get; set; }
}

/// <summary>An object that names its own type in <c>object</c>.</summary>
public interface IHasObject
{
    string Object { get; set; }
}

public interface IHasMetadata
{
    Dictionary<string, string> Metadata { get; set; }
}

/// <summary>What a balance transaction stems from: a charge, refund, dispute or payout, among others.</summary>
public interface IBalanceTransactionSource : IStripeEntity, IHasId, IHasObject;
