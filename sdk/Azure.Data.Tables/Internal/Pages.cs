using System.Runtime.CompilerServices;

namespace Azure.Data.Tables.Internal;

/// <summary>A query as pages: asks on as long as the service hands out a continuation token, even after an empty page.</summary>
internal sealed class Pages<T>(Func<string?, int?, CancellationToken, Task<Page<T>>> load, int? maxPerPage, CancellationToken ct) : AsyncPageable<T>(ct)
    where T : notnull
{
    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        Load(continuationToken, pageSizeHint ?? maxPerPage, CancellationToken);

    private async IAsyncEnumerable<Page<T>> Load(string? token, int? size, [EnumeratorCancellation] CancellationToken ct)
    {
        do
        {
            Page<T> page = await load(token, size, ct).ConfigureAwait(false);
            yield return page;
            token = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(token));
    }
}
