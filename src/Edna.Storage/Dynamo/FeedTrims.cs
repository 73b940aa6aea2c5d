using Amazon.DynamoDBv2.Model;
using Edna.Changes;
using Edna.Keys;
using Edna.Storage.Rows;

namespace Edna.Storage.Dynamo;

/// <summary>
/// Forgets changes: first the floor is raised, then the segments below it go. A process that dies in between leaves segments that nobody
/// reads; the next call takes them away.
/// </summary>
internal static class FeedTrims
{
    /// <summary>Forgets changes that were made before a time, a bounded number of them; how many.</summary>
    public static async Task<int> TrimAsync(ItemTableCalls calls, DatasetKey dataset, DateTimeOffset before, int limit, CancellationToken ct)
    {
        var began = calls.Time.GetTimestamp();
        for (var round = 1; ; round++)
        {
            if (await FeedHead.FindAsync(calls, dataset, ct) is not { } head) return 0;
            var from = head.Clamp(head.Floor);
            var (changes, _) = await FeedReads.CollectAsync(calls, dataset, head, from, null, limit, ct);
            var expired = ChangeRetention.CountExpired([.. changes.Select(change => change.At)], before);
            if (expired == 0 || await head.TryRaiseFloorAsync(calls, dataset, from + expired, ct))
            {
                await RemoveForgottenAsync(calls, dataset, head, from + expired, ct);
                return expired;
            }
            await calls.PauseAsync(round, began, null, ct);
        }
    }

    /// <summary>Whether a dataset's oldest kept change was made before a time.</summary>
    public static async Task<bool> HasOlderAsync(ItemTableCalls calls, DatasetKey dataset, DateTimeOffset before, CancellationToken ct)
    {
        if (await FeedHead.FindAsync(calls, dataset, ct) is not { } head || head.Floor == head.Last) return false;
        var (oldest, _) = await FeedReads.CollectAsync(calls, dataset, head, head.Clamp(head.Floor), null, 1, ct);
        return oldest is [{ } change] && change.At < before;
    }

    /// <summary>Removes the segments up to the floor; those of a call that was cut off may lie one stretch further back.</summary>
    private static async Task RemoveForgottenAsync(ItemTableCalls calls, DatasetKey dataset, FeedHead before, long floor, CancellationToken ct)
    {
        var first = Math.Max(DynamoItemKeys.StretchOf(before.Origin + 1), DynamoItemKeys.StretchOf(before.Clamp(before.Floor)) - 1);
        for (var stretch = first; stretch <= DynamoItemKeys.StretchOf(floor); stretch++)
        {
            var forgotten = new List<Dictionary<string, AttributeValue>>();
            var below = new QueryRequest
            {
                KeyConditionExpression = "pk = :pk AND sk <= :floor", ProjectionExpression = "pk, sk",
                ExpressionAttributeValues = new() { [":pk"] = new(calls.Keys.Feed(dataset, stretch)), [":floor"] = new(ChangeCursor.Format(floor)) },
            };
            await foreach (var key in calls.QueryAllAsync(below, ct)) forgotten.Add(key);
            await calls.DeleteManyAsync(forgotten, ct);
        }
    }
}
