using System.Globalization;
using Hub.Sandbox.Kernel;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>The org's records: read without waiting from the current <see cref="Data"/>, written one transaction at a time.</summary>
public sealed class Org(SandboxClock clock, SalesforceSettings settings)
{
    private readonly Lock gate = new();
    private OrgData data = Initial(settings, clock.Now);

    public OrgData Data => Volatile.Read(ref data);

    /// <summary>The user API calls run as.</summary>
    public static string IntegrationUser { get; } = RecordIds.Create("005", 1);

    /// <summary>The user control calls run as.</summary>
    public static string SalesOpsUser { get; } = RecordIds.Create("005", 2);

    public static string StandardPricebook { get; } = RecordIds.Create("01s", 1);

    /// <summary>Row errors API calls are to run into.</summary>
    public Refusals Refusals { get; } = new();

    /// <summary>Server time as records carry it: whole seconds.</summary>
    public DateTimeOffset Now => Seconds(clock.Now);

    /// <summary>Runs one transaction; an exception leaves everything as it was.</summary>
    /// <param name="client">Client name of the caller, kept with each change.</param>
    public T Write<T>(string userId, string? client, Func<Transaction, T> work)
    {
        lock (gate)
        {
            var transaction = new Transaction(data, Now, userId, client, userId == IntegrationUser ? Refusals : null);
            var result = work(transaction);
            Volatile.Write(ref data, transaction.Data);
            return result;
        }
    }

    /// <summary>Runs several transactions as one.</summary>
    /// <param name="work">Says whether what it wrote is to stay.</param>
    public void Together(Func<bool> work)
    {
        lock (gate)
        {
            var before = data;
            if (!work())
            {
                Volatile.Write(ref data, before);
            }
        }
    }

    /// <summary>Back to an org without sales data.</summary>
    public void Reset()
    {
        lock (gate)
        {
            Volatile.Write(ref data, Initial(settings, clock.Now));
        }
    }

    private static OrgData Initial(SalesforceSettings settings, DateTimeOffset now)
    {
        var transaction = new Transaction(OrgData.Empty, Seconds(now), IntegrationUser, null);
        foreach (var (id, username, last) in new[] { (IntegrationUser, settings.Username, "Integration"), (SalesOpsUser, "sales.ops@example.com", "Sales Ops") })
        {
            transaction.Raw(OrgSchema.Find("User")!, new() { ["Id"] = id, ["Username"] = username, ["Name"] = last, ["LastName"] = last, ["Email"] = username });
        }

        transaction.Raw(OrgSchema.Find("Pricebook2")!, new() { ["Id"] = StandardPricebook, ["Name"] = "Standard Price Book", ["IsActive"] = true, ["IsStandard"] = true });
        foreach (var (stage, place) in Stages.All.Select((stage, place) => (stage, place)))
        {
            transaction.Raw(OrgSchema.Find("OpportunityStage")!, new()
            {
                ["ApiName"] = stage.Name,
                ["MasterLabel"] = stage.Name,
                ["IsClosed"] = stage.IsClosed,
                ["IsWon"] = stage.IsWon,
                ["IsActive"] = true,
                ["DefaultProbability"] = (decimal)stage.Probability,
                ["SortOrder"] = (decimal)(place + 1),
            });
        }

        return transaction.Data;
    }

    private static DateTimeOffset Seconds(DateTimeOffset instant) => instant.AddTicks(-(instant.UtcTicks % TimeSpan.TicksPerSecond));
}
