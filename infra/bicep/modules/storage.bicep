metadata description = 'Storage of the Hub: queues with their poison twins, tables, the package container. No shared keys; the app makes nothing at run time.'

@description('World-unique name, 3 to 24 lower-case letters and digits.')
@minLength(3)
@maxLength(24)
param name string

@description('Region of the account.')
param location string

@description('Tags of the account.')
param tags { *: string }

@description('Redundancy.')
param skuName string

@description('Resource id of the identity; part of the role assignments\' names.')
param identityResourceId string

@description('Object id of the identity that works with the data.')
param principalId string

var queueNames = [
  'contract-sync'
  'contract-adjustment'
  'contract-sync-batch'
  'stripe-event'
  'reminder'
  'reconcile-shard'
]

var queueAndPoisonNames = flatten(map(queueNames, queueName => [queueName, '${queueName}-poison']))

var tableNames = [
  'AuditChain'
  'BillingEffect'
  'Contract'
  'Discrepancy'
  'DiscrepancyByRun'
  'InvoiceState'
  'WriteBack'
  'ReconRow'
  'ReconRun'
  'ReconShard'
  'Reminder'
  'StripeEvent'
  'SyncState'
]

var packageContainerName = 'app-package'

// Blob Data Owner: state of the Functions host and the package. Queue and Table Data Contributor: messages and entities.
var roleIds = [
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: skuName
  }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource packageContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobService
  name: packageContainerName
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [
  for queueName in queueAndPoisonNames: {
    parent: queueService
    name: queueName
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = [
  for tableName in tableNames: {
    parent: tableService
    name: tableName
  }
]

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in roleIds: {
    name: guid(account.id, identityResourceId, roleId)
    scope: account
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    }
  }
]

@description('Resource id.')
output resourceId string = account.id

@description('Name of the account.')
output name string = account.name

@description('Address of the container the package is deployed to.')
output packageContainerUrl string = '${account.properties.primaryEndpoints.blob}${packageContainer.name}'
