namespace Hub.Cli.Demo;

/// <summary>How the story is played.</summary>
/// <param name="Seed">Seed of the generated deals and of how customers pay; equal seeds give equal numbers.</param>
/// <param name="Days">How many days the sandbox clock moves.</param>
/// <param name="Kills">How many times the host is ended without warning while the story plays.</param>
internal sealed record DemoOptions(int Seed, int Days, int Kills);
