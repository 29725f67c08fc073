using System.Text;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Queues;
using Hub.Functions.Contracts;
using NodaTime;

namespace Hub.Host.Tests.Functions;

public sealed class OpportunityPushTests : IQueueSender
{
    private const string One = "006000000000001AAA";
    private const string Two = "006000000000002AAA";
    private readonly List<ContractChanged> _sent = [];

    [Fact]
    public async Task Ids_of_15_or_18_characters_become_hints_once_each()
    {
        (int status, JsonElement answer) = await Push($$"""{ "opportunityIds": ["{{One}}", "{{Two[..15]}}", "{{One[..15]}}"] }""");

        Assert.Equal((202, 2), (status, answer.GetProperty("accepted").GetInt32()));
        Assert.Equal([(One, "flow"), (Two, "flow")], _sent.Select(message => (message.OpportunityId, message.Source)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"opportunityIds\":\"006000000000001AAA\"}")]
    [InlineData("{\"opportunityIds\":[]}")]
    [InlineData("{\"opportunityIds\":[\"006000000000001AAA\",null]}")]
    [InlineData("{\"opportunityIds\":[\"006000000000001AAA\",17]}")]
    [InlineData("{\"opportunityIds\":[\"006000000000001AAA\",\"001000000000001AAA\"]}")]
    [InlineData("{\"opportunityIds\":[\"006000000000001AAB\"]}")]
    [InlineData("{\"opportunityIds\":[\"006000000000001AAA\"],\"all\":true}")]
    [InlineData("{\"opportunityIds\":[\"006000000000001AAA\"],\"opportunityIds\":[]}")]
    public async Task A_body_that_is_anything_else_is_refused_as_a_whole(string body)
    {
        (int status, JsonElement problem) = await Push(body);

        Assert.Equal((400, "Bad Request"), (status, problem.GetProperty("title").GetString()));
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Wrong_ids_are_named_by_their_places_and_never_quoted()
    {
        (_, JsonElement problem) = await Push($$"""{ "opportunityIds": ["{{One}}", "secret", "{{Two}}", "x"] }""");

        string detail = problem.GetProperty("detail").GetString()!;
        Assert.Contains("2, 4", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, 202)]
    [InlineData(201, 400)]
    public async Task Two_hundred_ids_are_the_most(int count, int expected)
    {
        string ids = string.Join(',', Enumerable.Range(0, count).Select(number => $"\"006{number:D12}\""));

        (int status, _) = await Push($$"""{"opportunityIds":[{{ids}}]}""");

        Assert.Equal((expected, expected == 202 ? count : 0), (status, _sent.Count));
    }

    [Fact]
    public async Task A_body_above_one_MiB_is_too_large()
    {
        (int status, _) = await Push(new string(' ', (1024 * 1024) + 1));

        Assert.Equal(413, status);
    }

    Task IQueueSender.Send<T>(string queue, T message, Duration? delay, CancellationToken ct)
    {
        Assert.Equal(ContractQueues.ContractSync, queue);
        _sent.Add(Assert.IsType<ContractChanged>(message));
        return Task.CompletedTask;
    }

    private async Task<(int Status, JsonElement Answer)> Push(string body)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Response.Body = new MemoryStream();

        IResult result = await new OpportunityPushFunction(new ReceiveOpportunityPush(this, TimeProvider.System)).Run(context.Request, CancellationToken.None);
        await result.ExecuteAsync(context);

        context.Response.Body.Position = 0;
        using JsonDocument answer = await JsonDocument.ParseAsync(context.Response.Body);
        return (context.Response.StatusCode, answer.RootElement.Clone());
    }
}
