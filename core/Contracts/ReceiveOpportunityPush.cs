using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Queues;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>What a push of opportunity ids says.</summary>
public abstract record OpportunityPush
{
    /// <summary>As many as one Salesforce query or collection call takes.</summary>
    public const int MostIds = 200;

    private const string Member = "opportunityIds";
    private const string Prefix = "006";
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    private OpportunityPush()
    {
    }

    /// <param name="Ids">Each once, in the order given.</param>
    public sealed record Accepted(ImmutableArray<SalesforceId> Ids) : OpportunityPush;

    /// <param name="Reason">What is wrong and what was expected; quotes nothing of the body but positions.</param>
    public sealed record Refused(string Reason) : OpportunityPush;

    /// <summary>Reads <c>{ "opportunityIds": ["006…"] }</c>; one wrong id refuses the whole, so that nobody believes it was taken.</summary>
    public static OpportunityPush Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body, Strict);
            return Read(json.RootElement);
        }
        catch (JsonException)
        {
            return Expected("The body is no JSON.");
        }
    }

    private static OpportunityPush Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Any(member => !member.NameEquals(Member))
            || !root.TryGetProperty(Member, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            return Expected("The body is not what was expected.");
        }

        JsonElement[] items = [.. list.EnumerateArray()];
        if (items.Length is 0 or > MostIds)
        {
            return new Refused($"The list holds {items.Length} ids; 1 to {MostIds} are possible.");
        }

        SalesforceId?[] ids = [.. items.Select(Id)];
        int[] wrong = [.. Enumerable.Range(0, ids.Length).Where(place => ids[place] is null)];
        return wrong.Length == 0
            ? new Accepted([.. ids.OfType<SalesforceId>().Distinct()])
            : new Refused($"No opportunity ids (15 or 18 letters and digits, beginning with {Prefix}) stand at these places of the list, counted from 1: {string.Join(", ", wrong.Select(place => place + 1))}.");
    }

    private static SalesforceId? Id(JsonElement item) => item.ValueKind == JsonValueKind.String
        && SalesforceId.TryParse(item.GetString(), out SalesforceId id) && id.Value.StartsWith(Prefix, StringComparison.Ordinal) ? id : null;

    private static Refused Expected(string what) => new($"{what} Send {{ \"{Member}\": [\"{Prefix}…\", …] }} and nothing else.");
}

/// <summary>Takes in a push of opportunity ids, as a flow's HTTP callout sends it: hints, which are read again when they are handled.</summary>
public sealed class ReceiveOpportunityPush(IQueueSender queue, TimeProvider time)
{
    /// <summary>Returns once every hint is stored; the same ids again change nothing.</summary>
    public async Task Handle(ImmutableArray<SalesforceId> ids, CancellationToken ct)
    {
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        foreach (SalesforceId id in ids)
        {
            await queue.Send(ContractQueues.ContractSync, new ContractChanged(id.Value, ContractSources.Flow, now), null, ct);
        }
    }
}
