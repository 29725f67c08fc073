using System.Runtime.CompilerServices;

namespace Hub.Core.Reconciliation;

/// <summary>A book could not be read to the end, after whatever retries its adapter made.</summary>
public sealed class UnreadableBookException(string book, Exception inner) : Exception($"The book of {book} could not be read to the end.", inner)
{
    public string Book { get; } = book;
}

/// <summary>Tells a failing book from a failing store.</summary>
/// <param name="book">Whose book: <c>salesforce</c> or <c>stripe</c>.</param>
internal sealed class BookReading(string book)
{
    /// <exception cref="UnreadableBookException">While enumerating.</exception>
    public async IAsyncEnumerable<T> Of<T>(IAsyncEnumerable<T> records, [EnumeratorCancellation] CancellationToken ct)
    {
        await using IAsyncEnumerator<T> source = records.GetAsyncEnumerator(ct);
        while (await Next(source, ct))
        {
            yield return source.Current;
        }
    }

    private async ValueTask<bool> Next<T>(IAsyncEnumerator<T> source, CancellationToken ct)
    {
        try
        {
            return await source.MoveNextAsync();
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            throw new UnreadableBookException(book, failure);
        }
    }
}
