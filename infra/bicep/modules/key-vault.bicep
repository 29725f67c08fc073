metadata description = 'Vault for the secrets of Stripe, Salesforce and mail. The secrets are put in by people, never by a deployment.'

@description('World-unique name, 3 to 24 characters.')
@minLength(3)
@maxLength(24)
param name string

@description('Region of the vault.')
param location string

@description('Tags of the vault.')
param tags { *: string }

@description('Resource id of the identity; part of the role assignment\'s name.')
param identityResourceId string

@description('Object id of the identity that reads secrets.')
param principalId string

// Key Vault Secrets User: reads values, lists and writes nothing.
var secretsUserRoleId = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identityResourceId, secretsUserRoleId)
  scope: vault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUserRoleId)
  }
}

@description('Resource id.')
output resourceId string = vault.id

@description('Name of the vault.')
output name string = vault.name

@description('Address of the vault, ending in a slash.')
output uri string = vault.properties.vaultUri
