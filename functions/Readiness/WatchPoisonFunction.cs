using Hub.Core.Readiness;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Readiness;

public sealed class WatchPoisonFunction(PoisonWatch handler)
{
    [Function("WatchPoison")]
    public Task Run([TimerTrigger("%WatchPoisonSchedule%")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
