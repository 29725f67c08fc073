using Hub.Core.Contracts;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Contracts;

public sealed class DetectClosedWonFunction(DetectClosedWon handler)
{
    [Function("DetectClosedWon")]
    public Task Run([TimerTrigger("%DetectClosedWonSchedule%")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
