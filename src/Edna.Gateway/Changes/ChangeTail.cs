using Edna.Keys;
using Edna.Results;
using Edna.Search;

namespace Edna.Changes;

/// <summary>
/// Follows the end of one dataset's changes for all who read them in this process. The table is the source: it is read in order, once for
/// all readers, when a feed nudges, and every few seconds without a nudge. So a nudge that is lost costs time, and nothing else.
/// </summary>
internal sealed partial class ChangeTail : IChangeObserver
{
    /// <summary>Changes read at once.</summary>
    public const int PageSize = 250;

    /// <summary>How long a change may lie there when its nudge was lost.</summary>
    public static readonly TimeSpan Unasked = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LeastGather = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostGather = TimeSpan.FromMilliseconds(150);

    private readonly IGrainFactory grains;
    private readonly IQueryGrain query;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly int bufferBytes;
    private readonly Lazy<Task<Result<ChangeBuffer>>> buffer;
    private volatile TaskCompletionSource nudged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChangeTail(DatasetKey dataset, IGrainFactory grains, int bufferBytes, TimeProvider time, ILogger log)
    {
        (Dataset, this.grains, this.bufferBytes, this.time, this.log) = (dataset, grains, bufferBytes, time, log);
        query = grains.GetGrain<IQueryGrain>(dataset.Tenant);
        buffer = new(BeginAsync);
    }

    /// <summary>Which dataset.</summary>
    public DatasetKey Dataset { get; }

    /// <summary>How many read it. Only the hub changes it.</summary>
    public int Readers { get; set; }

    /// <summary>Since when nobody reads it, as a timestamp.</summary>
    public long DesertedAt { get; set; }

    /// <summary>Completes when there is more than when it was asked for, or the end. Ask before looking into the buffer.</summary>
    public Task More => more.Task;

    /// <summary>Why nothing more will come; null while it goes on.</summary>
    public Problem? Ended { get; private set; }

    /// <summary>The newest changes. Errors: <c>dataset.not_found</c>.</summary>
    public Task<Result<ChangeBuffer>> BufferAsync() => buffer.Value;

    /// <summary>A page of the table. Errors: those of <see cref="IQueryGrain.GetChangesAsync"/>.</summary>
    public Task<Result<ChangePage>> ReadAsync(string? since) => query.GetChangesAsync(Dataset, since, PageSize);

    /// <inheritdoc />
    public Task NudgeAsync(ShardKey shard)
    {
        nudged.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>Follows until the dataset is gone or nobody reads any more.</summary>
    /// <param name="isDeserted">Whether to stop because nobody reads.</param>
    /// <param name="ct">The service stops.</param>
    public async Task FollowAsync(Func<bool> isDeserted, CancellationToken ct)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var subscription = SubscribeAsync(ends.Token);
        try
        {
            if ((await BufferAsync()).TryGet(out var kept, out var missing)) missing = await FillAsync(kept, isDeserted, ct);
            Ended = missing ?? RequestErrors.Unavailable("Following the changes");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Ended = Stopping();
        }
        catch (Exception e)
        {
            LogLost(log, Dataset, e);
            Ended = RequestErrors.Unavailable("Following the changes");
        }
        finally
        {
            more.TrySetResult();
            await ends.CancelAsync();
            await subscription;
        }
    }

    /// <summary>What is told to readers when the process stops.</summary>
    public static Problem Stopping() => RequestErrors.Unavailable("This part of the service is being stopped and");

    private async Task<Result<ChangeBuffer>> BeginAsync() =>
        (await query.GetChangesEndAsync(Dataset)).TryGet(out var end, out var missing) ? new ChangeBuffer(end, bufferBytes) : missing;

    private async Task<Problem?> FillAsync(ChangeBuffer kept, Func<bool> isDeserted, CancellationToken ct)
    {
        while (true)
        {
            await nudged.Task.WaitAsync(Unasked, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
            if (isDeserted()) return null;
            // The more read, the longer it gathers: a write to each of them costs more than what is in it.
            var gather = LeastGather + TimeSpan.FromMilliseconds(Readers / 10.0);
            await Task.Delay(gather < MostGather ? gather : MostGather, time, ct);
            nudged = new(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                if (await ReadOnAsync(kept) is { } gone) return gone;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogWaits(log, Dataset, e);
            }
        }
    }

    private async Task<Problem?> ReadOnAsync(ChangeBuffer kept)
    {
        while (true)
        {
            if (!(await ReadAsync(kept.Head)).TryGet(out var page, out var problem)) return problem.Status < 500 ? problem : null;
            if (page.Changes.Count == 0) return null;
            kept.Append(ChangeEvents.Of(page.Changes));
            Interlocked.Exchange(ref more, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            if (page.Changes.Count < PageSize) return null;
        }
    }

    /// <summary>Subscribes to the feeds and renews. A feed that does not answer is asked again; meanwhile the table is read unasked.</summary>
    private async Task SubscribeAsync(CancellationToken ct)
    {
        var feeds = Enumerable.Range(0, ShardKey.Count).Select(s => grains.GetGrain<IChangeFeedGrain>(new ShardKey(Dataset, s).ToString())).ToArray();
        var reference = grains.CreateObjectReference<IChangeObserver>(this);
        while (!ct.IsCancellationRequested)
        {
            await EachAsync(feeds, f => f.SubscribeAsync(reference));
            // What was written before a feed knew of this, it told nobody.
            nudged.TrySetResult();
            await Task.Delay(Renewal, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        EachAsync(feeds, f => f.UnsubscribeAsync(reference)).Ignore();
        grains.DeleteObjectReference<IChangeObserver>(reference);
    }

    private async Task EachAsync(IChangeFeedGrain[] feeds, Func<IChangeFeedGrain, Task> call)
    {
        try
        {
            await Task.WhenAll(feeds.Select(call));
        }
        catch (Exception e)
        {
            LogUnasked(log, Dataset, Unasked, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The changes of {Dataset} could not be read on; those who follow wait. Nothing is lost")]
    private static partial void LogWaits(ILogger log, DatasetKey dataset, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The changes of {Dataset} are followed no more; those who did are told to connect again")]
    private static partial void LogLost(ILogger log, DatasetKey dataset, Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "A feed of {Dataset} does not answer; its changes are looked for every {Interval}")]
    private static partial void LogUnasked(ILogger log, DatasetKey dataset, TimeSpan interval, Exception e);
}
