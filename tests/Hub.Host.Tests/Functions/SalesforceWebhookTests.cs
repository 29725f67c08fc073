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
        var function = new SalesforceWebhookFunction(
            new ReceiveOutboundMessage(new Unused(), new Unused(), TimeProvider.System, NullLogger<ReceiveOutboundMessage>.Instance));
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Request.ContentLength = 31L * 1024 * 1024;

        IResult result = await function.Run(context.Request, CancellationToken.None);
        await result.ExecuteAsync(context);

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, context.Response.StatusCode);
    }

    /// <summary>Reading such a body fails in the server.</summary>
    private sealed class Unused : IOutboundMessages, IQueueSender
    {
        public string Acknowledgement => "";

        public Task<OutboundMessageOutcome> Read(Stream body, CancellationToken ct) =>
            throw new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);

        public Task Send<T>(string queue, T message, Duration? delay, CancellationToken ct)
            where T : class => throw new InvalidOperationException("Nothing is to be sent.");
    }
}
