using Edna.Requests;
using Edna.Results;
using Microsoft.Extensions.Options;

namespace Edna.Changes;

/// <summary>Reads pages of changes, and waits for the next one where a caller has read everything.</summary>
internal sealed class ChangePages(IGrainFactory grains, ChangeHub hub, IOptions<AnswerOptions> options, IHostApplicationLifetime life, TimeProvider time)
{
    /// <summary>The changes after a cursor; when there are none, the first that come while there is time, or an empty page with a cursor to go on from.</summary>
    /// <param name="at">The dataset.</param>
    /// <param name="asked">From where, how many, and how long to wait.</param>
    /// <param name="ct">The caller has gone.</param>
    public async Task<Result<ChangePage>> ReadAsync(DatasetAddress at, ChangesAsked asked, CancellationToken ct)
    {
        var (query, started) = (grains.Query(at.Caller), time.GetTimestamp());
        var (since, wait) = (asked.Since, options.Value.Cut(asked.Wait));
        if (since == ChangesAsked.Now)
        {
            if (!(await query.GetChangesEndAsync(at.Key)).TryGet(out since, out var missing)) return missing;
        }
        var found = await query.GetChangesAsync(at.Key, since, asked.Limit);
        if (wait == TimeSpan.Zero || found.Value is not { Changes.Count: 0 } none) return found;
        if (!hub.Take(at.Key).TryGet(out var seat, out var refused)) return refused;
        using (seat)
        {
            // Nothing is read from the buffer, which may begin later than the cursor: it only says when to look.
            if ((await seat.Tail.BufferAsync()).Problem is { } gone) return gone;
            while (true)
            {
                var more = seat.Tail.More;
                found = await query.GetChangesAsync(at.Key, none.NextCursor, asked.Limit);
                var left = wait - time.GetElapsedTime(started);
                if (found.Value is not { Changes.Count: 0 } || left <= TimeSpan.Zero || seat.Tail.Ended is not null) return found;
                using var ends = CancellationTokenSource.CreateLinkedTokenSource(ct, life.ApplicationStopping);
                await more.WaitAsync(left, time, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
                if (life.ApplicationStopping.IsCancellationRequested) return found;
            }
        }
    }
}
