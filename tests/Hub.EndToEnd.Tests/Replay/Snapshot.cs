using System.Security.Cryptography;
using System.Text.Json;
using Hub.Cli.Demo;
using Hub.EndToEnd.Tests.Support;

namespace Hub.EndToEnd.Tests.Replay;

/// <summary>Everything a replay could change, as texts in order.</summary>
/// <param name="Stripe">Every object of every list, events included.</param>
/// <param name="Salesforce">Every record, SystemModstamp included.</param>
/// <param name="Outbox">Name, content and time of writing of each message that left.</param>
/// <param name="Rows">Every row of the Hub's tables with its ETag.</param>
/// <param name="Queues">The host's own count.</param>
public sealed record Snapshot(
    string[] Stripe, string[] Salesforce, string[] Outbox, string[] Rows, string[] Discrepancies, long AuditEntries, bool AuditOk, string Queues)
{
    private static readonly string[] StripeLists =
        ["customers", "products", "prices", "coupons", "subscription_schedules", "subscriptions?status=all", "invoices", "invoiceitems", "credit_notes", "events"];

    private static readonly string[] SalesforceObjects =
        ["Account", "Contact", "Contract", "Hub_Invoice__c", "Opportunity", "OpportunityLineItem", "PricebookEntry", "Product2", "Task"];

    internal static async Task<Snapshot> Take(SandboxStack stack, string runId, CancellationToken ct)
    {
        AuditCounts audit = await AuditTrail.Verify(stack.StorageConnection, ct);
        return new Snapshot(
            [.. await StripeObjects(stack, ct), await stack.Read("/sandbox/stripe/state", ct)],
            await SalesforceRecords(stack, ct),
            [.. Directory.EnumerateFiles(stack.Outbox).Order(StringComparer.Ordinal).Select(Message)],
            await stack.Storage.Rows(ct),
            [.. await Reports(stack, runId, ct)],
            audit.Entries,
            audit.Ok,
            (await stack.Host.Client.Get("/admin/queues", ct)).GetProperty("queues").GetRawText());
    }

    internal static async Task<List<string>> StripeObjects(SandboxStack stack, CancellationToken ct)
    {
        var objects = new List<string>();
        foreach (string list in StripeLists)
        {
            IReadOnlyList<JsonElement> found = await stack.World.StripeList($"/v1/{list}", ct);
            objects.AddRange(found.Select(each => $"{list.Split('?')[0]} {each.GetRawText()}").Order(StringComparer.Ordinal));
        }

        return objects;
    }

    internal static async Task<string[]> SalesforceRecords(SandboxStack stack, CancellationToken ct)
    {
        var records = new List<string>();
        foreach (string type in SalesforceObjects)
        {
            records.AddRange((await stack.World.Records(type, ct)).Select(record => $"{type} {record.GetRawText()}"));
        }

        return [.. records.Order(StringComparer.Ordinal)];
    }

    private static async Task<string[]> Reports(SandboxStack stack, string runId, CancellationToken ct) =>
    [
        (await stack.Host.Client.Get($"/api/reconciliations/{runId}", ct)).GetRawText(),
        (await stack.Host.Client.Get($"/api/reconciliations/{runId}/discrepancies", ct)).GetRawText(),
    ];

    private static string Message(string file) =>
        $"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))} {File.GetLastWriteTimeUtc(file):O}";
}
