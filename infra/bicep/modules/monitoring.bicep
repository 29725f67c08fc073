metadata description = 'Telemetry: workspace-based Application Insights that takes data from the identity only.'

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param insightsName string

@description('Region of both.')
param location string

@description('Tags of both.')
param tags { *: string }

@description('Days telemetry is kept.')
param retentionInDays int

@description('Daily ceiling in GB; -1 for none.')
param dailyQuotaGb int

@description('Resource id of the identity; part of the role assignment\'s name.')
param identityResourceId string

@description('Object id of the identity that sends telemetry.')
param principalId string

// Monitoring Metrics Publisher: needed to send once local authentication is off.
var metricsPublisherRoleId = '3913510d-42f4-4e42-8a64-420c390055eb'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionInDays
    workspaceCapping: {
      dailyQuotaGb: dailyQuotaGb
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identityResourceId, metricsPublisherRoleId)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisherRoleId)
  }
}

@description('Resource id of the component.')
output resourceId string = insights.id

@description('Name of the component.')
output name string = insights.name

@description('Address and instrumentation key; worth nothing without the role above.')
output connectionString string = insights.properties.ConnectionString
