using Edna.Items;

namespace Edna.Changes;

/// <summary>
/// On start, tells the feeds of the shards that have something to watch to look: a process that was killed may have written rows and
/// told nobody, so that not even the reminder is there that would find an upload of theirs when it is overdue. Whether the index has
/// taken those rows in says nothing: the indexer may have been quicker.
/// </summary>
public sealed class FeedsOnStart(IItemTable table, ChangeNotifier notifier) : IStartupTask
{
    /// <inheritdoc />
    public async Task Execute(CancellationToken cancellationToken)
    {
        foreach (var shard in await table.ListWatchedShardsAsync(cancellationToken)) notifier.Notify(shard);
    }
}
