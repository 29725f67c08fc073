using Hub.Core.Contracts;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Contracts;

public sealed class WriteBackResultsFunction(WriteBackResults handler)
{
    [Function("WriteBackResults")]
    public Task Run([TimerTrigger("%WriteBackResultsSchedule%")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
