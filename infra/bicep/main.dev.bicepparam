using 'main.bicep'

param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param storageSku = 'Standard_LRS'
param alwaysReadyHttpInstances = 0
param telemetryRetentionDays = 30
param telemetryDailyQuotaGb = 1
param salesforceLoginUrl = readEnvironmentVariable('HUB_SALESFORCE_LOGIN_URL', 'https://test.salesforce.com')
param salesforceClientId = readEnvironmentVariable('HUB_SALESFORCE_CLIENT_ID')
param salesforceUsername = readEnvironmentVariable('HUB_SALESFORCE_USERNAME')
param mailFrom = readEnvironmentVariable('HUB_MAIL_FROM')
param smtpHost = readEnvironmentVariable('HUB_SMTP_HOST')
param smtpUsername = readEnvironmentVariable('HUB_SMTP_USERNAME', '')
