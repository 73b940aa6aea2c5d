using System.Collections.Concurrent;
using Amazon.DynamoDBv2.Model;
using Edna.Keys;

namespace Edna.Storage.Dynamo;

/// <summary>The list of datasets that have rows or changes, and what is asked of all of them: without a Scan, one small query a shard.</summary>
internal static class DatasetList
{
    private const int RemovedAtOnce = 5_000;

    /// <summary>All of them.</summary>
    public static async Task<List<DatasetKey>> ReadAsync(ItemTableCalls calls, CancellationToken ct)
    {
        var datasets = new List<DatasetKey>();
        var all = new QueryRequest { KeyConditionExpression = "pk = :pk", ExpressionAttributeValues = new() { [":pk"] = new(calls.Keys.AllDatasets) } };
        await foreach (var item in calls.QueryAllAsync(all, ct))
        {
            var stored = new StoredAttributes(item);
            var name = stored.Text(DynamoItemSchema.SortKey);
            datasets.Add(name.Contains('/', StringComparison.Ordinal) ? DatasetKey.Parse(name) : throw stored.Wrong(DynamoItemSchema.SortKey, "a dataset"));
        }
        return datasets;
    }

    /// <summary>Those for which something holds, some asked at once.</summary>
    public static async Task<IReadOnlyList<T>> WhereAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, Task<bool>> holds, CancellationToken ct)
    {
        var found = new ConcurrentBag<T>();
        await Parallel.ForEachAsync(all, Options(ct), async (one, each) =>
        {
            if (await holds(one, each)) found.Add(one);
        });
        return [.. found];
    }

    /// <summary>Removes a dataset's rows, but purged ones that are still to be watched, then its changes; it leaves the list when nothing is left.</summary>
    public static async Task RemoveAsync(ItemTableCalls calls, DatasetKey dataset, DateTimeOffset now, CancellationToken ct)
    {
        if (await FeedHead.FindAsync(calls, dataset, ct) is null) return;
        foreach (var shard in DynamoItemKeys.Shards(dataset)) await RemoveRowsAsync(calls, shard, now, ct);
        while (await FeedTrims.TrimAsync(calls, dataset, DateTimeOffset.MaxValue, RemovedAtOnce, ct) > 0) ct.ThrowIfCancellationRequested();
        foreach (var shard in DynamoItemKeys.Shards(dataset))
            if (await ItemQueries.HasAnyAsync(calls, shard, null, ct)) return;
        if (await FeedHead.FindAsync(calls, dataset, ct) is { Listed: true } head && head.Floor == head.Last)
        {
            // Cancelled: somebody wrote just now, and the dataset stays in the list.
            await calls.TransactAsync(
                [
                    new() { Update = head.Unlist(calls.Keys, dataset) },
                    new() { Delete = new() { TableName = calls.Table, Key = calls.Keys.Dataset(dataset) } },
                ], Guid.NewGuid().ToString("n"), ct);
        }
    }

    /// <summary>How much of one operation is under way at once.</summary>
    public static ParallelOptions Options(CancellationToken ct) => new() { MaxDegreeOfParallelism = ItemTableCalls.AtOnce, CancellationToken = ct };

    private static async Task RemoveRowsAsync(ItemTableCalls calls, ShardKey shard, DateTimeOffset now, CancellationToken ct)
    {
        // Each on its own condition: a row that is purged and watched since it was read must stay.
        const string unwatched = "attribute_exists(pk) AND (s <> :purged OR attribute_not_exists(u) OR u <= :now)";
        var rows = new QueryRequest
        {
            KeyConditionExpression = "pk = :pk", ProjectionExpression = "pk, sk", FilterExpression = "s <> :purged OR attribute_not_exists(u) OR u <= :now",
            ExpressionAttributeValues = new(Values(now)) { [":pk"] = new(calls.Keys.Rows(shard)) },
        };
        await Parallel.ForEachAsync(calls.QueryAllAsync(rows, ct), Options(ct),
            async (key, each) => await calls.TryDeleteAsync(key, unwatched, Values(now), each));
    }

    private static Dictionary<string, AttributeValue> Values(DateTimeOffset now) =>
        new() { [":purged"] = ItemAttributes.Purged, [":now"] = StoredAttributes.Of(now) };
}
