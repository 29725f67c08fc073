targetScope = 'resourceGroup'

metadata description = 'One environment of the Hub: function app on Flex Consumption, storage, Key Vault, telemetry, one identity.'

import { appSettings, hubDefaults } from 'settings.bicep'

@description('Short name of the environment in lower-case letters and digits; part of every resource name.')
@minLength(2)
@maxLength(8)
param environmentName string

@description('Region of every resource.')
param location string = resourceGroup().location

@description('Tags of every resource, beside the environment name.')
param tags { *: string } = {}

@description('Redundancy of the storage account: zone-redundant where the books live, local for trials.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
])
param storageSku string = 'Standard_ZRS'

@description('custom: the self-contained package of the Hub; dotnet-isolated: the build from the published worker packages.')
@allowed([
  'custom'
  'dotnet-isolated'
])
param runtimeName string = 'custom'

@description('Memory of one instance in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('Upper bound of instances per function group; the platform takes 40 to 1000.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances kept warm for webhooks and the API; 0 lets them start on demand.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttpInstances int = 1

@description('Days telemetry is kept.')
@minValue(30)
@maxValue(730)
param telemetryRetentionDays int = 90

@description('Daily ceiling of telemetry in GB; -1 for none.')
param telemetryDailyQuotaGb int = -1

@description('Whether people may open previews by short-lived links; needs the secret preview-link-key in the vault first.')
param previewLinks bool = false

@description('IANA name of the billing time zone.')
param billingTimeZone string = 'Etc/UTC'

@description('Salesforce login host or My Domain, as an https origin.')
param salesforceLoginUrl string

@description('Consumer key of the Salesforce app.')
param salesforceClientId string

@description('Salesforce integration user.')
param salesforceUsername string

@description('Sender of the reminders.')
param mailFrom string

@description('SMTP server that takes the reminders.')
param smtpHost string

@description('User at the SMTP server; empty: no sign-in, and no password is looked up.')
param smtpUsername string = ''

@description('Settings that differ from the defaults of this environment, by name. Never a secret.')
param extraSettings appSettings = {}

var token = uniqueString(resourceGroup().id, environmentName)
var allTags = union(tags, { 'azd-env-name': environmentName })

module identity 'modules/identity.bicep' = {
  params: {
    name: 'id-hub-${environmentName}'
    location: location
    tags: allTags
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: 'sthub${environmentName}${take(token, 10)}'
    location: location
    tags: allTags
    skuName: storageSku
    identityResourceId: identity.outputs.resourceId
    principalId: identity.outputs.principalId
  }
}

module vault 'modules/key-vault.bicep' = {
  params: {
    name: 'kv-hub-${environmentName}-${take(token, 6)}'
    location: location
    tags: allTags
    identityResourceId: identity.outputs.resourceId
    principalId: identity.outputs.principalId
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: 'log-hub-${environmentName}'
    insightsName: 'appi-hub-${environmentName}'
    location: location
    tags: allTags
    retentionInDays: telemetryRetentionDays
    dailyQuotaGb: telemetryDailyQuotaGb
    identityResourceId: identity.outputs.resourceId
    principalId: identity.outputs.principalId
  }
}

module functionApp 'modules/function-app.bicep' = {
  params: {
    name: 'func-hub-${environmentName}-${take(token, 6)}'
    planName: 'plan-hub-${environmentName}'
    location: location
    tags: allTags
    identityResourceId: identity.outputs.resourceId
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packageContainerUrl: storage.outputs.packageContainerUrl
    insightsConnectionString: monitoring.outputs.connectionString
    runtimeName: runtimeName
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttpInstances: alwaysReadyHttpInstances
    hubSettings: union(
      hubDefaults,
      {
        Hub__BillingTimeZone: billingTimeZone
        Salesforce__LoginUrl: salesforceLoginUrl
        Salesforce__ClientId: salesforceClientId
        Salesforce__Username: salesforceUsername
        Salesforce__PrivateKeyPem: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/salesforce-private-key/)'
        Stripe__ApiKey: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/stripe-api-key/)'
        Stripe__WebhookSecret: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/stripe-webhook-secret/)'
        Preview__LinkKey: previewLinks ? '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/preview-link-key/)' : ''
        Mail__Provider: 'Smtp'
        Mail__From: mailFrom
        Mail__SmtpHost: smtpHost
        Mail__SmtpUsername: smtpUsername
        Mail__SmtpPassword: empty(smtpUsername) ? '' : '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/smtp-password/)'
      },
      extraSettings
    )
  }
}

@description('Name of the function app, for deploying the package.')
output functionAppName string = functionApp.outputs.name

@description('Host name of the API and the webhooks.')
output functionAppHostName string = functionApp.outputs.hostName

@description('Storage account with the queues and tables.')
output storageName string = storage.outputs.name

@description('Vault that takes the secrets stripe-api-key, stripe-webhook-secret, salesforce-private-key and, with an SMTP user, smtp-password.')
output keyVaultName string = vault.outputs.name
