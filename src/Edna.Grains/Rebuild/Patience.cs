using System.Runtime.CompilerServices;
using Edna.Objects;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Rebuild;

/// <summary>Waits for a store, table or index that does not answer, with pauses that double up to <see cref="Longest"/>, and gives up after <see cref="Most"/>.</summary>
public sealed partial class Patience(TimeProvider time, ILogger<Patience> log)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one call is tried again.</summary>
    public static TimeSpan Most { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Does something that can be done again.</summary>
    /// <param name="work">The call.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="UnavailableException">It does not answer for <see cref="Most"/>.</exception>
    public Task<T> DoAsync<T>(Func<ValueTask<T>> work, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        return Retries.DoAsync(work, First, Longest, (e, _, pause) =>
        {
            if (time.GetElapsedTime(since) >= Most) return false;
            LogWaits(log, e.What, pause);
            return true;
        }, time, ct);
    }

    /// <summary>A listing that goes on where it was cut off.</summary>
    /// <param name="store">The store.</param>
    /// <param name="bucket">The bucket; null for the service's own.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="startAfter">Only keys after this one; null from the start.</param>
    /// <param name="ct">Cancels.</param>
    public async IAsyncEnumerable<ListedObject> ListAsync(
        IObjectStore store, string? bucket, string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        var after = startAfter;
        var listing = store.ListAsync(bucket, prefix, after, ct).GetAsyncEnumerator(ct);
        try
        {
            while (true)
            {
                var failed = false;
                var more = await DoAsync(async () =>
                {
                    if (failed)
                    {
                        await listing.DisposeAsync();
                        listing = store.ListAsync(bucket, prefix, after, ct).GetAsyncEnumerator(ct);
                    }
                    failed = true;
                    return await listing.MoveNextAsync();
                }, ct);
                if (!more) yield break;
                after = listing.Current.Key;
                yield return listing.Current;
            }
        }
        finally
        {
            await listing.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} does not answer; trying again in {Pause}")]
    private static partial void LogWaits(ILogger log, string what, TimeSpan pause);
}
