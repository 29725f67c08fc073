using Hub.Core.Contracts;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Contracts;

public sealed class DetectAdjustmentsFunction(DetectAdjustments handler)
{
    [Function("DetectAdjustments")]
    public Task Run([TimerTrigger("%DetectAdjustmentsSchedule%")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
