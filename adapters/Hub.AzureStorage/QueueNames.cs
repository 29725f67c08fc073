using System.Collections.Immutable;
using Hub.Core.Collections;
using Hub.Core.Contracts;
using Hub.Core.Reconciliation;
using Hub.Core.StripeEvents;

namespace Hub.AzureStorage;

/// <summary>The Hub's queues, each declared by the concept that owns it; the deployment declares the same list and their twins.</summary>
public static class QueueNames
{
    public static ImmutableArray<string> All { get; } =
        [ContractQueues.ContractSync, ContractQueues.ContractSyncBatch, ContractQueues.ContractAdjustment, StripeEventQueues.StripeEvent, CollectionQueues.Reminder, ReconciliationQueues.ReconcileShard];

    /// <summary>The queue that takes what a queue's handler could not do.</summary>
    public static string PoisonOf(string queue) => queue + "-poison";
}
