using System.Collections.Immutable;

namespace Hub.Sandbox.Salesforce.Schema;

/// <param name="Probability">Percent.</param>
/// <param name="Category">Forecast category.</param>
public sealed record Stage(string Name, int Probability, bool IsClosed, bool IsWon, string Category);

/// <summary>The stage definitions that closed and won flags come from.</summary>
public static class Stages
{
    public static ImmutableArray<Stage> All { get; } =
    [
        new("Prospecting", 10, false, false, "Pipeline"),
        new("Qualification", 10, false, false, "Pipeline"),
        new("Needs Analysis", 20, false, false, "Pipeline"),
        new("Value Proposition", 50, false, false, "Pipeline"),
        new("Id. Decision Makers", 60, false, false, "Pipeline"),
        new("Perception Analysis", 70, false, false, "Pipeline"),
        new("Proposal/Price Quote", 75, false, false, "Pipeline"),
        new("Negotiation/Review", 90, false, false, "Pipeline"),
        new("Closed Won", 100, true, true, "Closed"),
        new("Closed Lost", 0, true, false, "Omitted"),
    ];

    public static Stage? Find(string? name) => All.FirstOrDefault(stage => stage.Name == name);
}
