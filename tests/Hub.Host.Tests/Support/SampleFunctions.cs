using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Tests.Support;

public sealed record SampleMessage(string OpportunityId, int Version);

/// <summary>One function of every kind the host knows.</summary>
public sealed class SampleFunctions(IServiceProvider services)
{
    private readonly Journal _journal = services.GetRequiredService<Journal>();

    [Function("SampleQueue")]
    public Task Queue([QueueTrigger("%SampleQueueName%", Connection = "HubStorage")] SampleMessage message, CancellationToken ct) =>
        _journal.Note($"queue {message.OpportunityId} {message.Version}", ct);

    [Function("SampleText")]
    public Task Text([QueueTrigger("sample-text", Connection = "HubStorage")] string message, CancellationToken ct) =>
        _journal.Note($"text {message}", ct);

    [Function("SampleBytes")]
    public void Bytes([QueueTrigger("sample-bytes", Connection = "HubStorage")] byte[] message) =>
        _journal.Note($"bytes {Convert.ToHexString(message)}", CancellationToken.None).Wait(TimeSpan.FromSeconds(1));

    [Function("SampleTimer")]
    public Task Timer([TimerTrigger("%SampleSchedule%")] TimerInfo timer, CancellationToken ct)
    {
        _journal.Ticks.Enqueue(timer);
        return _journal.Note("timer", ct);
    }

    [Function("SampleOpen")]
    public async Task<IResult> Open(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "open/{id}")] HttpRequest request, string id, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body);
        string body = await reader.ReadToEndAsync(ct);
        await _journal.Note($"open {id} {body}", ct);
        return Results.Json(new { id, body, verbose = request.Query["verbose"].ToString() }, statusCode: 201);
    }

    [Function("SampleEmpty")]
    public static IResult Empty([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "empty")] HttpRequest request) => Results.NoContent();

    [Function("SampleKeyed")]
    public static IActionResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get", Route = "keyed")] HttpRequest request, FunctionContext context) =>
        new OkObjectResult(new { function = context.FunctionDefinition.Name });

    [Function("SampleMaster")]
    public static IActionResult Master([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "master")] HttpRequest request) => new OkResult();

    [Function("SampleThrowing")]
    public static IActionResult Throwing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throwing")] HttpRequest request) =>
        throw new InvalidOperationException("The test wanted this function to fail.");
}
