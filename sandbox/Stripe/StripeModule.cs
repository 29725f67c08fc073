using System.Text;
using System.Text.Json.Nodes;
using Hub.Sandbox.Kernel;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Events;

namespace Hub.Sandbox.Stripe;

/// <summary>Stripe at API version 2026-07-29.dahlia, as one test-mode account under <c>/v1</c>.</summary>
public sealed class StripeModule : ISandboxModule, IStallable, IClockDriven, IDisposable
{
    /// <summary>The one API version the simulator speaks.</summary>
    public const string Version = "2026-07-29.dahlia";

    private readonly Lock gate = new();
    private readonly World world;
    private readonly StripeSettings settings;
    private readonly Routes operations = new();
    private readonly IdempotencyStore idempotency = new();
    private readonly RateLimit rateLimit;
    private readonly WebhookSender sender;
    private readonly Account account;
    private readonly ILogger log;
    private long requests;

    public StripeModule(SandboxClock clock, IConfiguration configuration, IHostApplicationLifetime lifetime, ILogger<StripeModule> log)
    {
        this.log = log;
        settings = StripeSettings.From(configuration);
        world = new World(clock);
        rateLimit = new RateLimit(settings.RatePerSecond, TimeProvider.System);
        account = new Account(world, settings, operations);
        sender = new WebhookSender(world, gate, log);
        if (!settings.ManualWebhooks)
        {
            sender.DeliverInBackground(lifetime.ApplicationStopping);
        }

        account.Open();
        clock.Drive(this);
    }

    public string Name => "stripe";

    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate)
            {
                return world.Agenda.Next is { } due ? DateTimeOffset.FromUnixTimeSeconds(due) : null;
            }
        }
    }

    public bool Owns(PathString path) => path.StartsWithSegments("/v1", StringComparison.Ordinal);

    public Task RunDue(CancellationToken ct)
    {
        lock (gate)
        {
            world.Agenda.Play(world.Now);
        }

        return Task.CompletedTask;
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("/v1/{**path}", Serve);
        StripeControl.Map(routes, this);
    }

    public void Dispose() => sender.Dispose();

    /// <summary>Runs something on the account while nothing else touches it.</summary>
    internal T WithAccount<T>(Func<Account, T> use)
    {
        lock (gate)
        {
            return use(account);
        }
    }

    /// <summary>Performs an operation for another part of the sandbox: the API without HTTP, and so without key, rate limit and call count.</summary>
    /// <param name="form">Parameters as form fields, such as <c>metadata[key]</c>.</param>
    /// <exception cref="ApiException">There is no such operation, or a parameter of it is refused.</exception>
    internal (int Status, JsonNode Body) Perform(string method, string path, IEnumerable<KeyValuePair<string, string>> form)
    {
        var (endpoint, ids) = operations.Find(method, path);
        var answer = Execute(endpoint, ids, [.. form], path, "req_sandbox", null);
        return (answer.Status, JsonNode.Parse(answer.Body)!);
    }

    internal Task<WebhookOutcome> DeliverWebhooks(bool duplicates, int? shuffleSeed, CancellationToken ct) =>
        sender.DeliverDue(duplicates, shuffleSeed, ct);

    internal object WebhookState()
    {
        lock (gate)
        {
            return new { due = world.Events.Waiting.Count(delivery => delivery.DueAt <= world.Now) + sender.InFlight, pending = world.Events.Waiting.Count + sender.InFlight, delivered = world.Events.Delivered, failed = world.Events.Failed };
        }
    }

    internal void Reset()
    {
        lock (gate)
        {
            account.Close();
            idempotency.Clear();
            account.Open();
        }
    }

    private async Task Serve(HttpContext context)
    {
        var requestId = $"req_{Interlocked.Increment(ref requests):D14}";
        context.Response.Headers["Request-Id"] = requestId;
        IdempotencyStore.Answer answer;
        try
        {
            answer = await Answer(context, requestId);
        }
        catch (ApiException refusal)
        {
            answer = new(refusal.Status, Envelope(refusal, requestId), requestId);
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    private async Task<IdempotencyStore.Answer> Answer(HttpContext context, string requestId)
    {
        var request = context.Request;
        if (!rateLimit.TryTake())
        {
            context.Response.Headers["Stripe-Rate-Limited-Reason"] = "global-rate";
            throw ApiException.Coded(429, "rate_limit", "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.");
        }

        Authentication.Check(request.Headers.Authorization, settings.Key);
        context.Response.Headers["Stripe-Version"] = CheckedVersion(request.Headers["Stripe-Version"]);
        var (endpoint, ids) = operations.Find(request.Method, request.Path.Value!);
        var pairs = await Pairs(request, context.RequestAborted);
        var key = request.Method == "POST" ? (string?)request.Headers["Idempotency-Key"] : null;
        if (string.IsNullOrEmpty(key))
        {
            return Execute(endpoint, ids, pairs, request.Path.Value!, requestId, null);
        }

        context.Response.Headers["Idempotency-Key"] = key;
        return await Once(context, endpoint, ids, pairs, requestId, key);
    }

    private async Task<IdempotencyStore.Answer> Once(
        HttpContext context, Operation endpoint, string[] ids, List<KeyValuePair<string, string>> pairs, string requestId, string key)
    {
        var path = context.Request.Path.Value!;
        var fingerprint = $"{endpoint.Method} {path}\n{string.Join('\n', pairs.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal))}";
        if (idempotency.Claim(key, fingerprint, requestId, world.Now) is { } before)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
            context.Response.Headers["Original-Request"] = before.RequestId;
            return before;
        }

        IdempotencyStore.Answer? answer = null;
        try
        {
            if (context.Features.Get<Fault>() is { } stall)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(stall.DelayMs), context.RequestAborted);
            }

            answer = Execute(endpoint, ids, pairs, path, requestId, key);
            idempotency.Keep(key, answer);
            return answer;
        }
        finally
        {
            if (answer is null)
            {
                idempotency.Release(key);
            }
        }
    }

    // A refused parameter is thrown: execution has not begun. A refusal by the operation itself is an answer and is kept.
    private IdempotencyStore.Answer Execute(
        Operation endpoint, string[] ids, List<KeyValuePair<string, string>> pairs, string path, string requestId, string? key)
    {
        var call = new Call(endpoint, ids, Parameters.Validate(FormNode.Parse(pairs), endpoint.Parameters), path);
        lock (gate)
        {
            try
            {
                world.Request = (requestId, key);
                var result = operations.Execute(call);
                world.Agenda.Play(world.Now);
                var shown = world.Expansion.Show(result, call.Expand);
                return new(200, shown.ToJsonString(), requestId);
            }
            catch (ApiException refusal)
            {
                return new(refusal.Status, Envelope(refusal, requestId), requestId);
            }
            catch (Exception bug) when (bug is InvalidOperationException or ArgumentException or OverflowException or KeyNotFoundException or NullReferenceException or InvalidCastException)
            {
                // As the service does: a 500 is an answer too, and is replayed.
                log.Bug(bug, endpoint.Key);
                return new(500, Envelope(new ApiException(500, "api_error", "An unknown error occurred in the sandbox."), requestId), requestId);
            }
            finally
            {
                world.Request = null;
            }
        }
    }

    private static string CheckedVersion(string? asked) => string.IsNullOrEmpty(asked) || asked == Version
        ? Version
        : throw ApiException.Invalid($"Invalid Stripe API version: {asked}");

    private static async Task<List<KeyValuePair<string, string>>> Pairs(HttpRequest request, CancellationToken ct)
    {
        List<KeyValuePair<string, string>> pairs = [.. request.Query.SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value ?? ""))];
        if (request.Method != "POST")
        {
            return pairs;
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(ct);
        if (body.Length > 0 && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw ApiException.Invalid("Invalid request: the body must be form-encoded (application/x-www-form-urlencoded).");
        }

        pairs.AddRange(body.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair));
        return pairs;
    }

    private static KeyValuePair<string, string> Pair(string encoded)
    {
        var equals = encoded.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? KeyValuePair.Create(Decode(encoded), "")
            : KeyValuePair.Create(Decode(encoded[..equals]), Decode(encoded[(equals + 1)..]));
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string Envelope(ApiException refusal, string requestId)
    {
        var error = new JsonObject { ["type"] = refusal.Type, ["message"] = refusal.Message };
        if (refusal.Code is { } code)
        {
            error["code"] = code;
            error["doc_url"] = $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}";
        }

        if (refusal.Param is { } param)
        {
            error["param"] = param;
        }

        error["request_log_url"] = $"https://dashboard.stripe.com/test/logs/{requestId}";
        return new JsonObject { ["error"] = error }.ToJsonString();
    }
}
