using Edna.Items;
using Microsoft.Extensions.Options;

namespace Edna.Changes;

/// <summary>What the sweepers of one silo share, however many shards it has: how much they do at once.</summary>
public sealed class SweepPace(IOptions<UploadOptions> options) : IDisposable
{
    /// <summary>Items that the sweepers of a silo have in hand at once.</summary>
    public const int Together = 64;

    private readonly SemaphoreSlim places = new(Together);

    /// <summary>How often a shard is swept.</summary>
    public TimeSpan Interval => options.Value.SweepInterval;

    /// <summary>Does a piece of work when there is a place for it.</summary>
    /// <param name="work">The work.</param>
    /// <param name="ct">Cancels the waiting.</param>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        try
        {
            return await work();
        }
        finally
        {
            places.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => places.Dispose();
}
