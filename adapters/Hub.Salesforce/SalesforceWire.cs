using System.Globalization;
using System.Net.Http.Headers;

namespace Hub.Salesforce;

/// <summary>Sends one HTTP request and reads the answer to its end; counts it and takes the limit header.</summary>
internal sealed class SalesforceWire(IHttpClientFactory clients, SalesforceMetrics metrics)
{
    public const string ClientName = "Hub.Salesforce";

    /// <exception cref="HttpRequestException">No answer, or it broke off.</exception>
    /// <exception cref="TimeoutException">No answer in time; the caller's own cancellation stays an <see cref="OperationCanceledException"/>.</exception>
    public async Task<SalesforceReply> Send(HttpRequestMessage request, string resource, CancellationToken ct)
    {
        using HttpClient client = clients.CreateClient(ClientName);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, ct);
            byte[] body = await response.Content.ReadAsByteArrayAsync(ct);
            metrics.Called(resource, (int)response.StatusCode);
            if (response.Headers.TryGetValues("Sforce-Limit-Info", out IEnumerable<string>? limits))
            {
                metrics.Observe(string.Join(';', limits));
            }

            return new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, response.Headers.Date)
            {
                Headers = response.Headers,
                WantsCsv = request.Headers.Accept.Any(type => type.MediaType == "text/csv"),
            };
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            metrics.Called(resource, 0);
            throw new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"Salesforce did not answer within {client.Timeout.TotalSeconds:0} s."), error);
        }
        catch (HttpRequestException)
        {
            metrics.Called(resource, 0);
            throw;
        }
    }

    public static AuthenticationHeaderValue Bearer(SalesforceToken token) => new("Bearer", token.AccessToken);
}
