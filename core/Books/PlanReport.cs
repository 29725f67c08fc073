using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Contracts.Preview;

namespace Hub.Core.Books;

/// <summary>Writes the output of <c>hub plan</c>.</summary>
public sealed class PlanReport(IPlannedSteps steps)
{
    /// <summary>The report as indented JSON; the same deals give the same text.</summary>
    public string Json(ImmutableArray<PlannedDeal> deals)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, PlanJson.Format with { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("deals");
            foreach (PlannedDeal deal in deals)
            {
                SalesforceRecord opportunity = deal.Deal.Opportunity;
                PlanJson.Write(
                    json, opportunity.Id, deal.Outcome, opportunity.Text(SalesforceFields.CurrencyIsoCode)?.ToLowerInvariant(), Steps(deal));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The report as an HTML page.</summary>
    public string Html(ImmutableArray<PlannedDeal> deals) =>
        PreviewPage.Write([.. deals.Select(deal => new ContractPreview(deal.Deal, deal.Billing, deal.Outcome, Steps(deal)))]);

    private ImmutableArray<PlannedStep> Steps(PlannedDeal deal) =>
        deal.Outcome is PlanOutcome.Planned(var plan) ? steps.For(plan, deal.Billing) : [];
}
