using System.Collections.Concurrent;
using System.Text.Json;
using Hub.Core.Contracts;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Extensions;
using Stripe;

namespace Hub.Stripe;

/// <summary>Runs steps so that each object comes into being once, whatever crashes or runs at the same time.</summary>
/// <remarks>
/// Per step: claim in the Hub's own record, which freezes the request → id already recorded? done → does Stripe have it? (lists, never search)
/// → create under the claim's key (with the content's, where the claim alone does not tell it) → record the id before the next step begins. The look-up before the create also covers keys that Stripe has
/// forgotten after 24 hours. A request that Stripe refused is recorded as refused, and the next attempt, with new content, takes a key of its own:
/// Stripe would repeat the old refusal under the old key.
/// </remarks>
internal sealed class StepExecutor(StripeApi api, StepLookup lookup, IBillingEffects effects, TimeProvider time, ILogger log)
{
    private const string RefusedPrefix = "refused:";
    private const int MostAttempts = 50;

    // Longer than a turn with Stripe takes (SyncContract): whoever claimed the customer has billed it by then, or does not.
    private static readonly Duration ClaimTime = Duration.FromMinutes(5);

    private static readonly TimeSpan BookkeepingTimeout = TimeSpan.FromSeconds(15);

    // Coupons and products that this process has seen in Stripe. Their ids say what they are; that one was deleted since shows in a refusal.
    private readonly ConcurrentDictionary<string, string> _seen = new(StringComparer.Ordinal);

    /// <exception cref="StripeCallException">Stripe refused a step, or its outcome is unknown.</exception>
    /// <exception cref="CustomerBeingCreatedException">Transient.</exception>
    public async Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<StripeStep> steps, CancellationToken ct)
    {
        List<StepResult> results = [];
        foreach (StripeStep step in steps)
        {
            JsonElement request = StepParams.Resolve(step, [.. results.Select(result => result.Id)]);
            results.Add(step.Operation is StripeOperations.CreateCoupon or StripeOperations.CreateProduct
                ? await EnsureNamed(step, request, ct)
                : await Run(step, request, results, ct));
        }

        return results;
    }

    /// <summary>The record of a step's claim; null when there is none.</summary>
    public async Task<BillingEffect?> Recorded(string claim, CancellationToken ct)
    {
        for (int attempt = 1; attempt <= MostAttempts; attempt++)
        {
            BillingEffect? effect = await effects.Find(AttemptKey(claim, attempt), ct);
            if (effect is null || !IsRefused(effect))
            {
                return effect;
            }
        }

        return null;
    }

    private async Task<StepResult> Run(StripeStep step, JsonElement request, List<StepResult> before, CancellationToken ct)
    {
        for (int attempt = 1; attempt <= MostAttempts; attempt++)
        {
            string key = AttemptKey(step.Claim, attempt);
            Instant now = Now();
            BillingEffect effect = await effects.Claim(key, StepParams.Frozen(request, step.Currency), now, ct);
            if (IsRefused(effect))
            {
                continue;
            }

            // The plan was made without this customer: one in another currency may have been billed to it since, or may be about to be.
            if (step.Currency is { } wanted && StepParams.Thawed(effect.Request).Currency is { } claimed && claimed != wanted && now - effect.ClaimedAt < ClaimTime)
            {
                throw new CustomerBeingCreatedException(step.Claim, claimed);
            }

            return effect.ResultId is { } id ? new StepResult(step.Operation, id, IsNew: false, null) : await Perform(step, effect, before, isFirst: attempt == 1 && effect.ClaimedAt == now, ct);
        }

        throw new InvalidOperationException($"{step.Claim} was refused {MostAttempts} times.");
    }

    private async Task<StepResult> Perform(StripeStep step, BillingEffect effect, List<StepResult> before, bool isFirst, CancellationToken ct)
    {
        string operation = step.Operation;
        JsonElement request = StepParams.Thawed(effect.Request).Parameters;

        // Nothing can hang on a parent that this very run created. Two that claim in the same moment share a key, and so what it creates.
        bool cannotExist = (step.Sought && isFirst) || before.Any(parent => parent.IsNew && parent.Id == Parent(request));
        if (!cannotExist && await lookup.Find(operation, request, effect.ClaimedAt, ct) is { } found)
        {
            log.FoundAgain(operation, found);
            await Record(effect.Key, found);
            return new StepResult(operation, found, IsNew: false, null);
        }

        // Another delivery may have frozen other content under the claim; the key belongs to what is sent.
        string key = step.Claim == step.IdempotencyKey ? effect.Key : StepParams.KeyOfContent(effect.Key, request);
        IHasId created = await Create(operation, request, effect.Key, key, ct);
        await Record(effect.Key, created.Id);
        log.Created(operation, created.Id);
        return new StepResult(operation, created.Id, IsNew: true, created);
    }

    private async Task<IHasId> Create(string operation, JsonElement request, string claim, string key, CancellationToken ct)
    {
        try
        {
            return await Send(operation, request, key, ct);
        }
        catch (StripeCallException e) when (e.IsRefusal)
        {
            log.StepRefused(operation, e.Code ?? e.Type ?? "", e.Param ?? "", e.RequestId ?? "");
            _seen.Clear();
            await Record(claim, RefusedPrefix + (e.Code ?? e.Type));
            throw;
        }
    }

    private async Task<IHasId> Send(string operation, JsonElement request, string key, CancellationToken ct)
    {
        bool named = operation is StripeOperations.FinalizeInvoice or StripeOperations.UpdateSchedule or StripeOperations.CancelSchedule;
        BaseOptions options = StepParams.ToOptions(request, inPath: named ? "id" : null);
        string id = named ? Uri.EscapeDataString(StepParams.Text(request, "id")!) : "";
        return operation switch
        {
            StripeOperations.CreateCustomer => await Post<Customer>("/v1/customers", options, key, ct),
            StripeOperations.CreateCoupon => await Post<Coupon>("/v1/coupons", options, key, ct),
            StripeOperations.CreateProduct => await Post<Product>("/v1/products", options, key, ct),
            StripeOperations.CreatePrice => await Post<Price>("/v1/prices", options, key, ct),
            StripeOperations.CreateSchedule => await Post<SubscriptionSchedule>("/v1/subscription_schedules", options, key, ct),
            StripeOperations.CreateInvoice => await Post<Invoice>("/v1/invoices", options, key, ct),
            StripeOperations.CreateInvoiceItem => await Post<InvoiceItem>("/v1/invoiceitems", options, key, ct),
            StripeOperations.UpdateSchedule => await Post<SubscriptionSchedule>($"/v1/subscription_schedules/{id}", options, key, ct),
            StripeOperations.CancelSchedule => await Post<SubscriptionSchedule>($"/v1/subscription_schedules/{id}/cancel", options, key, ct),
            StripeOperations.FinalizeInvoice => await Post<Invoice>($"/v1/invoices/{id}/finalize", options, key, ct),
            StripeOperations.CreateCreditNote => await Post<CreditNote>("/v1/credit_notes", options, key, ct),
            _ => throw new InvalidOperationException($"No such operation: {operation}."),
        };
    }

    private async Task<T> Post<T>(string path, BaseOptions options, string key, CancellationToken ct)
        where T : IStripeEntity => await api.RequestAsync<T>(HttpMethod.Post, path, options, new RequestOptions { IdempotencyKey = key }, ct);

    // The id of a coupon or product is chosen by the Hub and says what it is, so the id itself is the claim: whoever comes second finds it.
    private async Task<StepResult> EnsureNamed(StripeStep step, JsonElement request, CancellationToken ct)
    {
        if (_seen.TryGetValue(step.IdempotencyKey, out string? seen))
        {
            return new StepResult(step.Operation, seen, IsNew: false, null);
        }

        StepResult result = await FindOrCreate(step, request, ct);
        _seen[step.IdempotencyKey] = result.Id;
        return result;
    }

    private async Task<StepResult> FindOrCreate(StripeStep step, JsonElement request, CancellationToken ct)
    {
        if (await lookup.Find(step.Operation, request, Now(), ct) is { } found)
        {
            return new StepResult(step.Operation, found, IsNew: false, null);
        }

        try
        {
            IHasId created = await Send(step.Operation, request, step.IdempotencyKey, ct);
            log.Created(step.Operation, created.Id);
            return new StepResult(step.Operation, created.Id, IsNew: true, created);
        }
        catch (StripeCallException e) when (e.Code == "resource_already_exists")
        {
            return new StepResult(step.Operation, StepParams.Text(request, "id")!, IsNew: false, null);
        }
    }

    // The object exists by now: recording its id must not fall victim to the caller's cancellation.
    private async Task Record(string key, string resultId)
    {
        using var bookkeeping = new CancellationTokenSource(BookkeepingTimeout, time);
        await effects.Complete(key, resultId, Now(), bookkeeping.Token);
    }

    private Instant Now() => time.GetUtcNow().ToInstant();

    private static string AttemptKey(string key, int attempt) => attempt == 1 ? key : $"{key}:{attempt}";

    private static bool IsRefused(BillingEffect effect) => effect.ResultId?.StartsWith(RefusedPrefix, StringComparison.Ordinal) == true;

    private static string? Parent(JsonElement request) => StepParams.Text(request, "invoice") ?? StepParams.Text(request, "id") ?? StepParams.Text(request, "customer");
}

/// <param name="IsNew">Created by this run, not found.</param>
/// <param name="Entity">The created object; null when it was found or known.</param>
internal sealed record StepResult(string Operation, string Id, bool IsNew, IHasId? Entity);
