using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Queues;
using Hub.Functions.Contracts;
using NodaTime;

namespace Hub.Host.Tests.Functions;

public sealed class SalesforceWebhookTests
{
    [Fact]
    public async Task A_body_said_to_be_above_the_servers_own_limit_is_too_large_and_not_a_failure()
    {
        var context = new DefaultHttpContext();
        context.Request.ContentLength = 31L * 1024 * 1024;
        context.Request.Body = new Refusing();

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, await Answer(context));
    }

    [Fact]
    public async Task A_body_of_unsaid_length_is_read_no_further_than_the_limit()
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(new byte[4 * 1024 * 1024]);

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, await Answer(context));

        Assert.InRange(context.Request.Body.Position, 1024 * 1024, (1024 * 1024) + (64 * 1024));
    }

    private static async Task<int> Answer(HttpContext context)
    {
        var function = new SalesforceWebhookFunction(
            new ReceiveOutboundMessage(new Unused(), new Unused(), TimeProvider.System, NullLogger<ReceiveOutboundMessage>.Instance));
        context.RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider();

        context.Response.Body = new MemoryStream();
        IResult result = await function.Run(context.Request, CancellationToken.None);
        await result.ExecuteAsync(context);

        context.Response.Body.Position = 0;
        Assert.Equal("application/problem+json", context.Response.ContentType);
        using JsonDocument problem = await JsonDocument.ParseAsync(context.Response.Body);
        Assert.Contains("1 MiB", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        return context.Response.StatusCode;
    }

    /// <summary>Reading such a body fails in the server.</summary>
    private sealed class Refusing : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);
    }

    private sealed class Unused : IOutboundMessages, IQueueSender
    {
        public string Acknowledgement => "";

        public Task<OutboundMessageOutcome> Read(ReadOnlyMemory<byte> body, CancellationToken ct) =>
            throw new InvalidOperationException("Nothing is to be read.");

        public Task Send<T>(string queue, T message, Duration? delay, CancellationToken ct)
            where T : class => throw new InvalidOperationException("Nothing is to be sent.");
    }
}
