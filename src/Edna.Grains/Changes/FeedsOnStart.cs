using Edna.Items;

namespace Edna.Changes;

/// <summary>
/// On start, tells the feeds of the shards that have dirty rows to look: a process that was killed may have written those rows and
/// told nobody, so that not even the reminder is there that would find an upload of theirs when it is overdue.
/// </summary>
public sealed class FeedsOnStart(IItemTable table, ChangeNotifier notifier) : IStartupTask
{
    /// <inheritdoc />
    public async Task Execute(CancellationToken cancellationToken)
    {
        foreach (var shard in await table.ListDirtyShardsAsync(cancellationToken)) notifier.Notify(shard);
    }
}
