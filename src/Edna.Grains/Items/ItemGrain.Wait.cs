using Edna.Changes;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    private readonly List<TaskCompletionSource<ItemWait>> waiting = [];

    /// <inheritdoc />
    /// <remarks>Runs beside a write, so it looks at nothing that a write may be in the middle of.</remarks>
    public async Task<ItemWait> WaitAsync(long revision, TimeSpan atMost, CancellationToken ct)
    {
        if (MayBePassed) current = false;
        if (current && record.State.Item?.Revision != revision) return ItemWait.Written;
        if (waiting.Count >= IItemGrain.MostWaiting) return ItemWait.Full;
        var waiter = new TaskCompletionSource<ItemWait>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(waiter);
        try
        {
            await using var end = time.CreateTimer(_ => waiter.TrySetResult(ItemWait.Elapsed), null, atMost, Timeout.InfiniteTimeSpan);
            await using var gone = ct.Register(() => waiter.TrySetResult(ItemWait.Elapsed));
            // What a batch writes past this grain, only the feed knows of.
            if (current) return await waiter.Task;
            var watching = GrainFactory.GetGrain<IChangeFeedGrain>(key.Shard.ToString()).WatchAsync(key.ItemId, revision);
            if (await Task.WhenAny(waiter.Task, watching) == watching) await watching;
            else watching.Ignore();
            return await waiter.Task;
        }
        finally
        {
            waiting.Remove(waiter);
        }
    }

    /// <inheritdoc />
    public Task NoticeAsync()
    {
        if (MayBePassed) current = false;
        Wake();
        return Task.CompletedTask;
    }

    private void Wake()
    {
        foreach (var waiter in waiting) waiter.TrySetResult(ItemWait.Written);
    }
}
