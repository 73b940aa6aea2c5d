using Amazon.DynamoDBv2.Model;
using Edna.Changes;
using Edna.Keys;
using Edna.Storage.Rows;

namespace Edna.Storage.Dynamo;

/// <summary>
/// Reads feeds. Numbers follow each other without a gap, so what is read is whole: where one is missing, either it is kept no more, and the
/// floor, which is raised before anything goes, is read afterwards and says so; or its transaction is just becoming visible, and it is waited for.
/// </summary>
internal static class FeedReads
{
    private const int MostSegments = 100;

    /// <summary>The number given last.</summary>
    public static async Task<string> EndAsync(ItemTableCalls calls, DatasetKey dataset, CancellationToken ct) =>
        ChangeCursor.Format((await FeedHead.FindAsync(calls, dataset, ct))?.Last ?? 0);

    /// <summary>The last number that is kept no more; 0 when all are.</summary>
    public static async Task<string> StartAsync(ItemTableCalls calls, DatasetKey dataset, CancellationToken ct) =>
        ChangeCursor.Format((await FeedHead.FindAsync(calls, dataset, ct))?.Floor ?? 0);

    /// <summary>A page of a dataset's changes, or of one shard's. Null: a change after the cursor is kept no more.</summary>
    public static async Task<ChangePage?> ReadAsync(ItemTableCalls calls, DatasetKey dataset, int? shard, string? since, int limit, CancellationToken ct)
    {
        long? after = since is null ? null : ChangeCursor.Parse(since);
        var began = calls.Time.GetTimestamp();
        for (var round = 0; ; round++)
        {
            if (round > 0) await calls.PauseAsync(round, began, Missing(dataset), ct);
            if (await FeedHead.FindAsync(calls, dataset, ct) is not { } head) return Page([], after ?? 0);
            // A cursor from after the end is of another table, or of this one before it was restored to an earlier time.
            if (after < head.Floor || after > head.Last) return null;
            var from = head.Clamp(after ?? head.Floor);
            if (from == head.Last) return Page([], from);
            var (changes, reached) = await CollectAsync(calls, dataset, head, from, shard, limit, ct);
            if ((await FeedHead.FindAsync(calls, dataset, ct))?.Floor > from)
            {
                if (after is not null) return null;
                continue;
            }
            if (reached > from) return Page(changes, reached);
        }
    }

    /// <summary>
    /// Changes after a number, up to the first that is not visible and none that the head does not tell of yet, and the number of the last one that was
    /// looked at. A segment may be visible before its head: a reader that had gone past the head would be told, by the next look at it, that its cursor is from another time.
    /// </summary>
    /// <param name="calls">The table.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="head">How far to read.</param>
    /// <param name="from">The number after which.</param>
    /// <param name="shard">Whose changes; null for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<(List<ItemChange> Changes, long Reached)> CollectAsync(
        ItemTableCalls calls, DatasetKey dataset, FeedHead head, long from, int? shard, int limit, CancellationToken ct)
    {
        var (changes, reached) = (new List<ItemChange>(), from);
        for (var stretch = DynamoItemKeys.StretchOf(from + 1); stretch <= DynamoItemKeys.StretchOf(head.Last); stretch++)
        {
            await foreach (var item in calls.QueryAllAsync(After(calls.Keys.Feed(dataset, stretch), reached, limit), ct))
            {
                var segment = FeedSegment.Read(item);
                if (segment.First > reached + 1) return (changes, reached);
                foreach (var change in segment.Changes.Skip((int)(reached + 1 - segment.First)))
                {
                    if (changes.Count == limit || reached == head.Last) return (changes, reached);
                    reached++;
                    if (shard is null || ItemId.ShardOf(change.Item) == shard) changes.Add(change);
                }
                if (changes.Count == limit) return (changes, reached);
            }
        }
        return (changes, reached);
    }

    private static QueryRequest After(string partition, long number, int limit) => new()
    {
        KeyConditionExpression = "pk = :pk AND sk > :after", Limit = Math.Clamp(limit, 1, MostSegments),
        ExpressionAttributeValues = new() { [":pk"] = new(partition), [":after"] = new(ChangeCursor.Format(number)) },
    };

    private static ChangePage Page(List<ItemChange> changes, long reached) => new() { Changes = changes, NextCursor = ChangeCursor.Format(reached) };

    private static InvalidDataException Missing(DatasetKey dataset) => new($"The feed of {dataset} lacks a number that its head says was given.");
}
