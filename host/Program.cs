using Hub.Functions;
using Hub.Host;
using Hub.Host.Catalog;

return await HubHost.Run(args, new HostedFunctions(
    FunctionCatalog.Scan(typeof(HubServices).Assembly),
    (services, configuration) => services.AddHub(configuration)));
