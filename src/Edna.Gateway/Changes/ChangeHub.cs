using System.Diagnostics.Metrics;
using Edna.Keys;
using Edna.Results;
using Microsoft.Extensions.Options;

namespace Edna.Changes;

/// <summary>Who follows changes in this process: gives out seats, and has one tail for each dataset that is followed.</summary>
internal sealed class ChangeHub(
    IGrainFactory grains, IHostApplicationLifetime life, IOptions<ChangeOptions> options, TimeProvider time, ILogger<ChangeHub> log)
{
    /// <summary>How long a tail goes on when its last reader has gone: who waits again and again finds it there.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(30);

    private static readonly Meter Meter = new("Edna.Changes");
    private static readonly UpDownCounter<int> Seated = Meter.CreateUpDownCounter<int>("edna.changes.readers", "{reader}", "Streams and waiting requests that follow changes");

    private readonly Lock gate = new();
    private readonly Dictionary<DatasetKey, ChangeTail> tails = [];
    private int readers;

    /// <summary>A seat at the end of a dataset's changes, to be given back. Errors: <c>changes.too_many_readers</c>, <c>service.unavailable</c>.</summary>
    public Result<Seat> Take(DatasetKey dataset)
    {
        ChangeTail? tail;
        lock (gate)
        {
            if (life.ApplicationStopping.IsCancellationRequested) return ChangeTail.Stopping();
            if (readers >= options.Value.Readers) return ChangeErrors.TooManyReaders("This part of the service");
            if (!tails.TryGetValue(dataset, out tail) || tail.Ended is not null)
            {
                tails[dataset] = tail = new(dataset, grains, options.Value.BufferBytes, time, log);
                _ = FollowAsync(tail);
            }
            if (tail.Readers >= options.Value.ReadersPerDataset) return ChangeErrors.TooManyReaders("The dataset");
            readers++;
            tail.Readers++;
        }
        Seated.Add(1);
        return new Seat(this, tail);
    }

    private async Task FollowAsync(ChangeTail tail)
    {
        // Not under the lock that gives out seats.
        await Task.Yield();
        await tail.FollowAsync(() => Leave(tail), life.ApplicationStopping);
        lock (gate)
        {
            if (tails.GetValueOrDefault(tail.Dataset) == tail) tails.Remove(tail.Dataset);
        }
    }

    /// <summary>Takes a tail out that nobody has read for a while: nobody can find it from then on.</summary>
    private bool Leave(ChangeTail tail)
    {
        lock (gate) return tail.Readers == 0 && time.GetElapsedTime(tail.DesertedAt) > Linger && tails.Remove(tail.Dataset);
    }

    private void Free(ChangeTail tail)
    {
        lock (gate)
        {
            readers--;
            if (--tail.Readers == 0) tail.DesertedAt = time.GetTimestamp();
        }
        Seated.Add(-1);
    }

    /// <summary>One reader's place.</summary>
    internal sealed class Seat(ChangeHub hub, ChangeTail tail) : IDisposable
    {
        private int freed;

        /// <summary>What it reads.</summary>
        public ChangeTail Tail => tail;

        /// <inheritdoc />
        public void Dispose()
        {
            if (Interlocked.Exchange(ref freed, 1) == 0) hub.Free(tail);
        }
    }
}
