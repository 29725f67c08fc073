using System.Text.Json;

namespace Hub.Stripe;

/// <summary>One call to Stripe that a plan leads to.</summary>
/// <param name="Operation">Resource and method, such as <c>subscription_schedules.create</c>.</param>
/// <param name="IdempotencyKey">Derived from what is created, never from the attempt; at most 255 characters.</param>
/// <param name="Params">Stripe's own parameter names, nested. A value that an earlier step returns is written <c>$1.id</c> (step 1).</param>
public sealed record StripeStep(string Operation, string IdempotencyKey, JsonElement Params)
{
    /// <summary>The object in the path of a call that is not a create, such as <c>$2.id</c>; null for creates.</summary>
    public string? Id { get; init; }

    /// <summary>The Hub's own record of what must come into being once; shorter than the key where the key also follows the content.</summary>
    public string Claim { get; init; } = IdempotencyKey;

    /// <summary>Stripe was asked for it before the plan was made; a claim that nobody made before needs no second look.</summary>
    public bool Sought { get; init; }

    /// <summary>Of a new customer: the currency it is to be billed in, which the claim keeps and Stripe is not told. Null for other steps.</summary>
    public string? Currency { get; init; }
}
