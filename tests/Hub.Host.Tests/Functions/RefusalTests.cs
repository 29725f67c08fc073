using System.Text;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Queues;
using Hub.Functions.Contracts;
using Hub.Functions.Reconciliation;
using NodaTime;

namespace Hub.Host.Tests.Functions;

/// <summary>What the API answers when it does nothing, function by function.</summary>
public sealed class RefusalTests
{
    private const string Opportunity = "006000000000001AAA";
    private readonly Sent _sent = new();

    [Theory]
    [InlineData("{\"from\":")]
    [InlineData("{\"from\":\"2026-01-01\"}")]
    [InlineData("[]")]
    [InlineData("start")]
    public async Task A_body_that_is_not_expected_starts_no_sync(string body)
    {
        (int status, JsonElement problem) = await Answer(request => Opportunities().Sync(request, Opportunity, CancellationToken.None), body);

        Assert.Equal(400, status);
        Assert.Equal("A sync takes no settings: send no body, or the empty JSON object {}.", problem.GetProperty("detail").GetString());
        Assert.Empty(_sent.Messages);
    }

    [Theory]
    [InlineData("{\"from\":")]
    [InlineData("[]")]
    public async Task A_body_that_is_not_expected_starts_no_run(string body)
    {
        // Refused before either is asked.
        var functions = new ReconciliationFunctions(null!, null!);

        (int status, JsonElement problem) = await Answer(request => functions.Create(request, CancellationToken.None), body);

        Assert.Equal(400, status);
        Assert.StartsWith("A reconciliation run takes no settings", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("{}")]
    [InlineData(" { } ")]
    public async Task A_body_that_says_nothing_is_none(string body)
    {
        (int status, _) = await Answer(request => Opportunities().Sync(request, Opportunity, CancellationToken.None), body);

        Assert.Equal(202, status);
        Assert.Single(_sent.Messages);
    }

    [Fact]
    public async Task An_opportunity_the_Hub_has_not_handled_is_told_of_as_a_problem()
    {
        (int status, JsonElement problem) = await Answer(request => Opportunities().Get(request, Opportunity, CancellationToken.None), "");

        Assert.Equal(404, status);
        Assert.Equal(
            ("about:blank", "Not Found", 404, $"The Hub has not handled opportunity {Opportunity} yet."),
            (problem.GetProperty("type").GetString(), problem.GetProperty("title").GetString(), problem.GetProperty("status").GetInt32(), problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task An_outbound_message_that_is_refused_says_why()
    {
        var function = new SalesforceWebhookFunction(
            new ReceiveOutboundMessage(new Refusing(), _sent, TimeProvider.System, NullLogger<ReceiveOutboundMessage>.Instance));

        (int status, JsonElement problem) = await Answer(request => function.Run(request, CancellationToken.None), "<x/>");

        Assert.Equal(400, status);
        Assert.Equal("The message holds no notification.", problem.GetProperty("detail").GetString());
    }

    private OpportunityFunctions Opportunities() =>
        new(new ViewOpportunity(new NoRecords(), null!), new RequestSync(_sent, TimeProvider.System));

    private static async Task<(int Status, JsonElement Answer)> Answer(Func<HttpRequest, Task<IResult>> call, string body)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Response.Body = new MemoryStream();

        await (await call(context.Request)).ExecuteAsync(context);

        context.Response.Body.Position = 0;
        using JsonDocument answer = await JsonDocument.ParseAsync(context.Response.Body);
        bool refused = context.Response.StatusCode >= 400;
        Assert.Equal(refused ? "application/problem+json" : "application/json; charset=utf-8", context.Response.ContentType);
        return (context.Response.StatusCode, answer.RootElement.Clone());
    }

    private sealed class Sent : IQueueSender
    {
        public List<object> Messages { get; } = [];

        public Task Send<T>(string queue, T message, Duration? delay, CancellationToken ct)
            where T : class
        {
            Messages.Add(message);
            return Task.CompletedTask;
        }
    }

    private sealed class NoRecords : IContractRecords
    {
        public Task<ContractRecord?> Find(SalesforceId opportunityId, CancellationToken ct) => Task.FromResult<ContractRecord?>(null);

        public Task<ContractRecord?> TrySave(ContractRecord record, CancellationToken ct) => throw new InvalidOperationException("Nothing is to be saved.");
    }

    private sealed class Refusing : IOutboundMessages
    {
        public string Acknowledgement => "";

        public Task<OutboundMessageOutcome> Read(ReadOnlyMemory<byte> body, CancellationToken ct) => Task.FromResult<OutboundMessageOutcome>(
            new OutboundMessageOutcome.Refused(OutboundMessageRefusal.Malformed, "The message holds no notification."));
    }
}
