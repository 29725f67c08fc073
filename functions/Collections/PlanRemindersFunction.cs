using Hub.Core.Collections;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Collections;

public sealed class PlanRemindersFunction(PlanReminders handler)
{
    [Function("PlanReminders")]
    public Task Run([TimerTrigger("%PlanRemindersSchedule%")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
