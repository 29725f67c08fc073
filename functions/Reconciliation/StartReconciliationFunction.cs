using Hub.Core.Reconciliation;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Reconciliation;

public sealed class StartReconciliationFunction(StartReconciliation handler)
{
    [Function("StartReconciliation")]
    public Task Run([TimerTrigger("%StartReconciliationSchedule%")] TimerInfo timer, CancellationToken ct) =>
        handler.Handle("timer", Tick.Of(timer), ct);
}
