metadata description = 'Settings of the Hub with their defaults; docs/settings.md explains each. No value here is a secret.'

@export()
@description('App settings by name; every value is text.')
type appSettings = {
  *: string
}

@export()
@description('Defaults of the settings that are no address, no identity and no secret.')
var hubDefaults = {
  Salesforce__ApiVersion: '67.0'
  Salesforce__OrgId: ''
  Salesforce__Audience: ''
  Salesforce__AllowedHosts: ''
  Salesforce__DefaultCurrency: ''
  Stripe__ApiBase: ''
  Stripe__RequestsPerSecond: '15'
  Stripe__WebhookToleranceSeconds: '300'
  Mail__SmtpPort: '587'
  Mail__SmtpUseTls: 'true'
  Contracts__BackdateLimitDays: '90'
  Contracts__ProrationPolicy: 'Month'
  Contracts__CreditPolicy: 'Balance'
  Contracts__AutomaticTax: 'false'
  Contracts__CustomerPerCurrency: 'false'
  Contracts__RollingPhases: 'false'
  Contracts__CreateMissingProducts: 'false'
  Contracts__SignedDocuments: 'Off'
  Contracts__FirstRunLookBackDays: '7'
  Collections__Enabled: 'true'
  Collections__EnabledFrom: ''
  Collections__SendTime: '09:00'
  Collections__Close: '18:00'
  Collections__FloorMinorUnits: '0'
  Collections__WeekendsAreBusinessDays: 'false'
  Reconciliation__SyncSlaDays: '1'
  Reconciliation__BillingGraceDays: '2'
  Reconciliation__DraftGraceDays: '3'
  Reconciliation__DateToleranceDays: '1'
  Reconciliation__WriteBackSlaDays: '1'
  Reconciliation__RoundingPerLine: '1'
  Reconciliation__ReportingCurrency: 'USD'
  Reconciliation__Livemode: 'true'
  Reconciliation__SeverityCritical: '1000000'
  Reconciliation__SeverityHigh: '100000'
  Reconciliation__SeverityMedium: '5000'
  Reconciliation__Shards: '8'
  DetectClosedWonSchedule: '0 * * * * *'
  PlanRemindersSchedule: '0 */15 * * * *'
  StartReconciliationSchedule: '0 0 3 * * *'
  WatchPoisonSchedule: '0 */5 * * * *'
  AzureFunctionsJobHost__extensions__queues__batchSize: '8'
  AzureFunctionsJobHost__extensions__queues__newBatchThreshold: '4'
  AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '5'
  AzureFunctionsJobHost__extensions__queues__visibilityTimeout: '00:00:30'
  AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:15'
  AzureFunctionsJobHost__extensions__queues__messageEncoding: 'base64'
}
