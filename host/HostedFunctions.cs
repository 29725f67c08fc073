using Hub.Host.Catalog;

namespace Hub.Host;

/// <summary>What a host hosts: functions and the services they need.</summary>
internal sealed record HostedFunctions(FunctionCatalog Catalog, Action<IServiceCollection, IConfiguration> AddServices);
