namespace Hub.Adapters.Tests.AzureStorage;

/// <summary>Delivers the first request that is meant and loses its answer, as a broken connection does.</summary>
internal sealed class LostAnswer(Func<HttpRequestMessage, bool> meant) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _lost;

    public bool HasLost => _lost > 0;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool isMeant = meant(request);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (!isMeant || Interlocked.Increment(ref _lost) > 1)
        {
            return response;
        }

        response.Dispose();
        throw new HttpRequestException("The connection was closed.");
    }
}
