using System.Text.Json;

namespace Hub.Sandbox.Kernel;

/// <summary>A fault to inject into requests that match, as posted to <c>/sandbox/faults</c>.</summary>
public sealed record Fault
{
    public FaultKind Kind { get; init; } = FaultKind.Status;

    /// <summary>Module to hit (<c>stripe</c>, <c>salesforce</c>); null: any.</summary>
    public string? Module { get; init; }

    /// <summary>HTTP method; null: any.</summary>
    public string? Method { get; init; }

    /// <summary>Path, with <c>*</c> for any run of characters; null: any.</summary>
    public string? Path { get; init; }

    /// <summary>How many matching requests are hit.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many matching requests pass unharmed first.</summary>
    public int Skip { get; init; }

    /// <summary>Status of <see cref="FaultKind.Status"/>; default 500.</summary>
    public int Status { get; init; } = 500;

    /// <summary>JSON body of the answer; null: a plausible one.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>Value of <c>Stripe-Rate-Limited-Reason</c> on <see cref="FaultKind.RateLimit"/>; null: no header, as for a lock time-out.</summary>
    public string? Reason { get; init; }

    /// <summary>Further response headers, such as <c>Stripe-Should-Retry</c>.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Real time to wait in <see cref="FaultKind.Delay"/> and <see cref="FaultKind.Stall"/>, milliseconds.</summary>
    public int DelayMs { get; init; }
}

public enum FaultKind
{
    /// <summary>Answer <see cref="Fault.Status"/> without executing.</summary>
    Status,

    /// <summary>Answer 429 without executing.</summary>
    RateLimit,

    /// <summary>Answer 503 with a page of HTML, as a proxy in between does.</summary>
    Html503,

    /// <summary>Cut the connection; nothing was executed.</summary>
    DropBefore,

    /// <summary>Execute, then cut the connection: the work is done, the answer is lost.</summary>
    DropAfter,

    /// <summary>Wait, then execute.</summary>
    Delay,

    /// <summary>Wait in the middle of executing, where the module can (Stripe: while the idempotency key is taken); elsewhere as <see cref="Delay"/>.</summary>
    Stall,
}
