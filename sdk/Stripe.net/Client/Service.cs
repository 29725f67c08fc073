using System.Runtime.CompilerServices;

namespace Stripe;

/// <summary>Base of the services: one per resource, one method per operation.</summary>
public abstract class Service
{
    private readonly IStripeClient client;

    protected Service()
    {
    }

    protected Service(IStripeClient client) => this.client = client;

    private IStripeClient Client => client ?? StripeConfiguration.StripeClient;

    internal T Request<T>(HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions)
        where T : IStripeEntity =>
        RequestAsync<T>(method, path, options, requestOptions, CancellationToken.None).ConfigureAwait(false).GetAwaiter().GetResult();

    internal Task<T> RequestAsync<T>(
        HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken)
        where T : IStripeEntity => Client.RequestAsync<T>(method, path, options, requestOptions, cancellationToken);

    internal IEnumerable<T> ListAll<T>(string path, ListOptions options, RequestOptions requestOptions)
        where T : IStripeEntity => ListAllAsync<T>(path, options, requestOptions, CancellationToken.None).ToBlockingEnumerable();

    // A page walk is not a snapshot: the cursor is the last id seen, so new objects at the head do not disturb it.
    internal async IAsyncEnumerable<T> ListAllAsync<T>(
        string path, ListOptions options, RequestOptions requestOptions, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IStripeEntity
    {
        options = options?.Copy() ?? new ListOptions();
        var backward = !string.IsNullOrEmpty(options.EndingBefore) && string.IsNullOrEmpty(options.StartingAfter);
        while (true)
        {
            var page = await RequestAsync<StripeList<T>>(HttpMethod.Get, path, options, requestOptions, cancellationToken).ConfigureAwait(false);
            string lastId = null;
            foreach (var item in backward ? Enumerable.Reverse(page.Data) : page.Data)
            {
                if (item is not null)
                {
                    lastId = ((IHasId)item).Id;
                    yield return item;
                }
            }

            if (!page.HasMore || string.IsNullOrEmpty(lastId))
            {
                yield break;
            }

            (options.EndingBefore, options.StartingAfter) = backward ? (lastId, options.StartingAfter) : (options.EndingBefore, lastId);
        }
    }

    internal IEnumerable<T> SearchAll<T>(string path, SearchOptions options, RequestOptions requestOptions)
        where T : IStripeEntity => SearchAllAsync<T>(path, options, requestOptions, CancellationToken.None).ToBlockingEnumerable();

    internal async IAsyncEnumerable<T> SearchAllAsync<T>(
        string path, SearchOptions options, RequestOptions requestOptions, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IStripeEntity
    {
        options = options?.Copy() ?? new SearchOptions();
        while (true)
        {
            var page = await RequestAsync<StripeSearchResult<T>>(HttpMethod.Get, path, options, requestOptions, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Data.Where(item => item is not null))
            {
                yield return item;
            }

            if (!page.HasMore || string.IsNullOrEmpty(page.NextPage))
            {
                yield break;
            }

            options.Page = page.NextPage;
        }
    }
}
