using System.Collections.Immutable;

namespace Hub.AzureStorage;

/// <summary>The Hub's tables; the deployment declares the same list.</summary>
public static class TableNames
{
    public const string Contract = "Contract";
    public const string BillingEffect = "BillingEffect";
    public const string SyncState = "SyncState";
    public const string WriteBack = "WriteBack";
    public const string StripeEvent = "StripeEvent";
    public const string InvoiceState = "InvoiceState";
    public const string Reminder = "Reminder";
    public const string ReconRun = "ReconRun";
    public const string ReconShard = "ReconShard";
    public const string ReconRow = "ReconRow";
    public const string Discrepancy = "Discrepancy";
    public const string DiscrepancyByRun = "DiscrepancyByRun";
    public const string AuditChain = "AuditChain";

    public static ImmutableArray<string> All { get; } =
    [
        Contract, BillingEffect, SyncState, WriteBack, StripeEvent, InvoiceState, Reminder,
        ReconRun, ReconShard, ReconRow, Discrepancy, DiscrepancyByRun, AuditChain,
    ];
}
