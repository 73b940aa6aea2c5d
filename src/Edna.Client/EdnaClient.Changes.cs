using System.Globalization;
using System.Runtime.CompilerServices;

namespace Edna.Client;

public sealed partial class EdnaClient
{
    /// <summary>The word for the end of the feed, in place of a cursor.</summary>
    public const string Now = "now";

    private const int LongestWait = 30;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A page of a dataset's changes. Errors: <c>dataset.not_found</c>, <c>changes.cursor_expired</c> (then list the items, and go on with
    /// the problem's <see cref="Problem.Cursor"/>).
    /// </summary>
    /// <param name="dataset">Its name.</param>
    /// <param name="since">The cursor after which to read: a change's, or where the page before ended; null from the oldest kept; <see cref="Now"/>.</param>
    /// <param name="limit">1–1000.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ChangePage> GetChangesAsync(string dataset, string? since = null, int limit = 100, CancellationToken ct = default) =>
        GetChangesAsync(dataset, since, limit, 0, ct);

    /// <summary>All changes that there are, page by page. Errors: those of <see cref="GetChangesAsync(string, string?, int, CancellationToken)"/>.</summary>
    /// <param name="dataset">Its name.</param>
    /// <param name="since">The cursor after which to read; null from the oldest kept; <see cref="Now"/>.</param>
    /// <param name="ct">Cancels.</param>
    public async IAsyncEnumerable<Change> ListChangesAsync(string dataset, string? since = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        while (await GetChangesAsync(dataset, since, BatchLimit, ct) is { Changes.Count: > 0 } page)
        {
            foreach (var change in page.Changes) yield return change;
            since = page.NextCursor;
        }
    }

    /// <summary>
    /// All changes, and then those that come, without an end, each once and in the feed's order. Once the server has answered, it is waited for
    /// however long it is away. Who breaks off goes on later with the <see cref="Change.Cursor"/> of the last change that it has dealt with. Errors:
    /// those of <see cref="GetChangesAsync(string, string?, int, CancellationToken)"/>; the dataset may go while it is followed.
    /// </summary>
    /// <param name="dataset">Its name.</param>
    /// <param name="since">The cursor after which to read; null from the oldest kept; <see cref="Now"/>.</param>
    /// <param name="ct">Cancels.</param>
    public async IAsyncEnumerable<Change> FollowChangesAsync(string dataset, string? since = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        // Not waiting at first: where "now" is must be known before anybody relies on it.
        var page = await GetChangesAsync(dataset, since, BatchLimit, ct);
        // Whole seconds are asked for; none would be asking without a pause.
        var wait = Math.Clamp((int)_options.RequestTimeout.TotalSeconds / 2, 1, LongestWait);
        while (true)
        {
            foreach (var change in page.Changes) yield return change;
            page = await NextAsync(dataset, page.NextCursor, wait, ct);
        }
    }

    private async Task<ChangePage> NextAsync(string dataset, string? since, int wait, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await GetChangesAsync(dataset, since, BatchLimit, wait, ct);
            }
            catch (EdnaException e) when (e.IsTransient)
            {
                await Task.Delay(e.RetryAfter ?? Rest, _options.Time, ct);
            }
        }
    }

    private Task<ChangePage> GetChangesAsync(string dataset, string? since, int limit, int wait, CancellationToken ct)
    {
        var query = new QueryText();
        query.Add("since", since);
        query.Add("limit", limit.ToString(CultureInfo.InvariantCulture));
        query.Add("wait", wait.ToString(CultureInfo.InvariantCulture));
        return GetAsync(At(dataset, $"/changes{query}"), EdnaJson.Default.ChangePage, ct);
    }
}
