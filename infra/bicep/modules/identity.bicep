metadata description = 'The identity the Hub runs as. User-assigned, so that its roles exist before the app does.'

@description('Name of the identity.')
param name string

@description('Region of the identity.')
param location string

@description('Tags of the identity.')
param tags { *: string }

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id.')
output resourceId string = identity.id

@description('Object id that roles are given to.')
output principalId string = identity.properties.principalId

@description('Client id that settings name.')
output clientId string = identity.properties.clientId
