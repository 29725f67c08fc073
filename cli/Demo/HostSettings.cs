namespace Hub.Cli.Demo;

/// <summary>The settings a host needs to work against a sandbox, as environment variables.</summary>
internal static class HostSettings
{
    // The story, and tests that play years, run the timers by hand, one step at a time: their own schedule must not fire meanwhile. The next 29 February on a
    // Monday is in 2044.
    private const string Never = "0 0 0 29 2 1";

    public static Dictionary<string, string> For(
        int seed,
        Uri sandbox,
        int port,
        string storage,
        string webhookSecret,
        string privateKeyPem,
        string folder,
        string masterKey,
        string functionKey) => new()
    {
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Host__Port"] = $"{port}",
        ["Host__MasterKey"] = masterKey,
        ["Host__FunctionKey"] = functionKey,
        ["Host__InvisibilitySeconds"] = "5",

        // Ctrl-C reaches Azurite and the sandbox too: what still runs then cannot be finished.
        ["Host__DrainSeconds"] = "2",
        ["HubStorage"] = storage,
        ["Hub__BillingTimeZone"] = "Etc/UTC",
        ["Clock__FollowUrl"] = new Uri(sandbox, "/sandbox/clock").ToString(),
        ["Salesforce__LoginUrl"] = sandbox.GetLeftPart(UriPartial.Authority),
        ["Salesforce__ClientId"] = "hub-demo",
        ["Salesforce__Username"] = $"integration.{seed}@hub.example",
        ["Salesforce__PrivateKeyPem"] = privateKeyPem,
        ["Salesforce__ApiVersion"] = "67.0",
        ["Stripe__ApiKey"] = "sk_test_sandbox",
        ["Stripe__ApiBase"] = sandbox.GetLeftPart(UriPartial.Authority),
        ["Stripe__WebhookSecret"] = webhookSecret,
        ["Stripe__RequestsPerSecond"] = "100",
        ["Mail__Provider"] = "Outbox",
        ["Mail__From"] = "billing@hub.example",
        ["Mail__OutboxPath"] = Path.Combine(folder, "outbox"),
        ["Contracts__FirstRunLookBackDays"] = "60",

        // One deal after the other, so that the simulators give out the same ids each time.
        ["Contracts__ParallelDeals"] = "1",
        ["Reconciliation__Livemode"] = "false",
        ["DetectClosedWonSchedule"] = Never,
        ["DetectAdjustmentsSchedule"] = Never,
        ["WriteBackResultsSchedule"] = Never,
        ["PlanRemindersSchedule"] = Never,
        ["StartReconciliationSchedule"] = Never,
        ["WatchPoisonSchedule"] = Never,
        ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.1000000",

        // One message of a queue at a time: two that meet would cost a repetition, and the story's call counts are to be the same each time.
        ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "1",
        ["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = "0",
        ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:01",
    };
}
