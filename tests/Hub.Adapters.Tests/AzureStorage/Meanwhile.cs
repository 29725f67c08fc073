using System.Text.RegularExpressions;

namespace Hub.Adapters.Tests.AzureStorage;

/// <summary>Lets something happen elsewhere right before the first transaction on a table is sent.</summary>
internal sealed class Meanwhile(string table, Func<Task> elsewhere) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _met;

    public bool HasHappened => _met > 0;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content && request.RequestUri!.AbsolutePath.EndsWith("$batch", StringComparison.Ordinal))
        {
            await content.LoadIntoBufferAsync(cancellationToken);
            string text = await content.ReadAsStringAsync(cancellationToken);
            if (Regex.IsMatch(text, $@"/{table}\b") && Interlocked.Increment(ref _met) == 1)
            {
                await elsewhere();
            }
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
