using Hub.Host.Catalog;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Invocation;

internal sealed class HostFunctionContext(string invocationId, FunctionDescriptor function, IServiceProvider services, CancellationToken ct) : FunctionContext
{
    public override string InvocationId => invocationId;

    public override string FunctionId => function.Name;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition { get; } = new Definition(function);

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken => ct;

    private sealed class Definition(FunctionDescriptor function) : FunctionDefinition
    {
        public override string Id => function.Name;

        public override string Name => function.Name;

        public override string EntryPoint => function.EntryPoint;
    }
}
