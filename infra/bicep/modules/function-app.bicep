metadata description = 'The function app on Flex Consumption, with every app setting it has: settings added by hand disappear at the next deployment.'

@description('World-unique name of the app.')
param name string

@description('Name of the plan; one plan holds one app.')
param planName string

@description('Region of both.')
param location string

@description('Tags of both.')
param tags { *: string }

@description('Resource id of the identity the app runs as.')
param identityResourceId string

@description('Client id of the same identity.')
param identityClientId string

@description('Storage account of the host and of the Hub.')
param storageName string

@description('Container the package is deployed to.')
param packageContainerUrl string

@description('Connection string of Application Insights.')
param insightsConnectionString string

@description('custom or dotnet-isolated.')
param runtimeName string

@description('Memory of one instance in MB.')
param instanceMemoryMB int

@description('Upper bound of instances per function group.')
param maximumInstanceCount int

@description('Instances kept warm for HTTP.')
param alwaysReadyHttpInstances int

@description('The Hub\'s own settings; secrets as Key Vault references.')
param hubSettings { *: string }

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityResourceId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityResourceId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityResourceId
          }
        }
      }
      runtime: {
        name: runtimeName
        version: runtimeName == 'custom' ? '1.0' : '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttpInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyHttpInstances
              }
            ]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(hubSettings, {
    AzureWebJobsStorage__accountName: storage.name
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    HubStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
    HubStorage__tableServiceUri: storage.properties.primaryEndpoints.table
    HubStorage__credential: 'managedidentity'
    HubStorage__clientId: identityClientId
    AZURE_CLIENT_ID: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  })
}

resource ftpCredentials 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scmCredentials 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('Resource id.')
output resourceId string = app.id

@description('Name of the app.')
output name string = app.name

@description('Host name of the API and the webhooks.')
output hostName string = app.properties.defaultHostName
