using System.Collections.Immutable;
using System.Text.Json;

namespace Hub.Cli.Demo;

/// <summary>Counts what the story led to, from outside: the Hub's API, the simulators' books, the outbox and the audit trail.</summary>
internal sealed class SummaryBuilder(DemoOptions options, Stack stack, SandboxClient world, HostClient hub)
{
    public async Task<Summary> Build(string runId, double seconds, CancellationToken ct)
    {
        (long salesforce, long stripe) = await world.CallsOfTheHub(ct);
        JsonElement run = await hub.Get($"/api/reconciliations/{runId}", ct);
        return new Summary(
            options.Seed,
            await Deals(ct),
            (await world.StripeList("/v1/subscription_schedules", ct)).Count,
            await Invoices(ct),
            Outbox.RemindersByStep(stack.Outbox),
            await Discrepancies(runId, ct),
            run.GetProperty("footOk").GetBoolean(),
            await AuditTrail.Verify(stack.StorageConnection, ct),
            new CallCounts(salesforce, stripe, await StorageCalls(ct)),
            Math.Round(seconds, 1));
    }

    private async Task<DealCounts> Deals(CancellationToken ct)
    {
        int planned = 0;
        int refused = 0;
        var codes = new List<string>();
        foreach (JsonElement opportunity in await world.Records("Opportunity", ct))
        {
            // Deals that were never won are none of the Hub's business.
            if (await hub.Find($"/api/opportunities/{opportunity.GetProperty("Id").GetString()}", ct) is not { } view)
            {
                continue;
            }

            // A deal that is billed may want attention later, when it is reopened: it was planned all the same.
            if (view.GetProperty("billing").ValueKind != JsonValueKind.Null)
            {
                planned++;
            }
            else if (view.GetProperty("findings").GetArrayLength() > 0)
            {
                refused++;
                codes.AddRange(view.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()!));
            }
        }

        return new DealCounts(planned, refused, Count(codes));
    }

    private async Task<ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, CountAndAmount>>> Invoices(CancellationToken ct) =>
        (await world.StripeList("/v1/invoices", ct))
        .GroupBy(invoice => invoice.GetProperty("currency").GetString()!)
        .ToImmutableSortedDictionary(currency => currency.Key, currency => currency
            .GroupBy(invoice => invoice.GetProperty("status").GetString()!)
            .ToImmutableSortedDictionary(status => status.Key, status => new CountAndAmount(
                status.Count(), status.Sum(invoice => invoice.GetProperty("total").GetInt64()))));

    private async Task<ImmutableSortedDictionary<string, DiscrepancyCounts>> Discrepancies(string runId, CancellationToken ct)
    {
        JsonElement answer = await hub.Get($"/api/reconciliations/{runId}/discrepancies", ct);
        JsonElement rows = answer.ValueKind == JsonValueKind.Array ? answer : answer.GetProperty("discrepancies");
        return rows.EnumerateArray()
            .GroupBy(row => row.GetProperty("kind").GetString()!)
            .ToImmutableSortedDictionary(kind => kind.Key, kind => new DiscrepancyCounts(kind.Count(), Money(kind, "realised"), Money(kind, "atRisk")));
    }

    private async Task<long> StorageCalls(CancellationToken ct)
    {
        JsonElement metrics = await hub.Get("/admin/metrics", ct);
        return metrics.GetProperty("totals").GetProperty("hub.storage.calls").GetInt64();
    }

    private static ImmutableSortedDictionary<string, long> Money(IEnumerable<JsonElement> rows, string field) => rows
        .GroupBy(row => row.GetProperty("currency").GetString()!)
        .ToImmutableSortedDictionary(currency => currency.Key, currency => currency.Sum(row => row.GetProperty(field).GetInt64()));

    private static ImmutableSortedDictionary<string, int> Count(IEnumerable<string> words) =>
        words.GroupBy(word => word).ToImmutableSortedDictionary(word => word.Key, word => word.Count());
}
