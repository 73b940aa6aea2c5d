using System.Threading.Channels;
using Edna.Objects;

namespace Edna.Imports;

/// <summary>Reads a listing ahead in pages, so that the store is listing while the page before is being written.</summary>
internal sealed class ListingAhead : IAsyncDisposable
{
    /// <summary>Objects on a page.</summary>
    public const int PageSize = 1_000;

    private const int PagesAhead = 2;

    private readonly CancellationTokenSource stop = new();
    private readonly Channel<IReadOnlyList<ListedObject>> pages =
        Channel.CreateBounded<IReadOnlyList<ListedObject>>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });

    private readonly Task listing;

    /// <summary>Starts to list.</summary>
    /// <param name="store">The store.</param>
    /// <param name="bucket">The bucket; null for the service's own.</param>
    /// <param name="prefix">What the keys start with.</param>
    /// <param name="after">Only keys after this one; null from the start.</param>
    public ListingAhead(IObjectStore store, string? bucket, string prefix, string? after) =>
        listing = Task.Run(() => ListAsync(store, bucket, prefix, after));

    /// <summary>The next page; null after the last.</summary>
    public async ValueTask<IReadOnlyList<ListedObject>?> NextAsync(CancellationToken ct) =>
        await pages.Reader.WaitToReadAsync(ct) && pages.Reader.TryRead(out var page) ? page : null;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await listing;
        stop.Dispose();
    }

    /// <summary>What goes wrong goes to the reader, after the pages that were read before.</summary>
    private async Task ListAsync(IObjectStore store, string? bucket, string prefix, string? after)
    {
        try
        {
            var page = new List<ListedObject>(PageSize);
            await foreach (var listed in store.ListAsync(bucket, prefix, after, stop.Token))
            {
                page.Add(listed);
                if (page.Count < PageSize) continue;
                await pages.Writer.WriteAsync(page, stop.Token);
                page = new(PageSize);
            }
            if (page.Count > 0) await pages.Writer.WriteAsync(page, stop.Token);
            pages.Writer.Complete();
        }
        catch (Exception e)
        {
            pages.Writer.Complete(e);
        }
    }
}
