namespace Hub.Sandbox.Kernel;

/// <summary>One simulated service. Every concrete implementation in this assembly is found and served.</summary>
/// <remarks>
/// Instances are singletons built by dependency injection: ask for <see cref="SandboxClock"/>, <see cref="SandboxSettings"/>
/// or <c>IConfiguration</c> in the constructor. Requests whose path the module owns are counted and can be hit by faults;
/// control routes under <c>/sandbox</c> are not.
/// </remarks>
public interface ISandboxModule
{
    /// <summary>Key of the module in <c>GET /sandbox/calls</c> and in faults, such as <c>stripe</c>.</summary>
    string Name { get; }

    bool Owns(PathString path);

    void Map(IEndpointRouteBuilder routes);
}
