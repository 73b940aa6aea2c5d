using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>A hit as the server tells it.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="Number">The number that it is sorted by; 0 where none is.</param>
/// <param name="Path">The path that it is sorted by; empty where it is not.</param>
internal readonly record struct SearchHit(string Id, long Number, string Path);

/// <summary>A value that documents were counted by.</summary>
/// <param name="Key">The term.</param>
/// <param name="Count">Documents.</param>
/// <param name="Sum">The sum asked for with them, 0 without.</param>
internal readonly record struct Bucket(string Key, long Count, double Sum);

/// <summary>What a search found.</summary>
internal sealed class SearchAnswer
{
    /// <summary>The hits of the page.</summary>
    public List<SearchHit> Hits { get; } = [];

    /// <summary>Values by the name of the aggregation that counted them.</summary>
    public Dictionary<string, List<Bucket>> Buckets { get; } = new(StringComparer.Ordinal);

    /// <summary>Hits over all pages; -1 until it was told.</summary>
    public long Total { get; private set; } = -1;

    /// <summary>The point in time to go on with; servers may name a new one with every page.</summary>
    public string? PointInTime { get; private set; }

    /// <summary>Reads the answer to a search.</summary>
    /// <param name="json">The body.</param>
    /// <param name="order">The order asked for; null where no hits were.</param>
    public static async Task<SearchAnswer> ReadAsync(JsonStream json, SearchOrder? order)
    {
        var answer = new SearchAnswer();
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            switch (json.Text)
            {
                case "timed_out":
                    await json.ReadAsync();
                    if (json.Token != JsonTokenType.False) throw JsonStream.Garbled("the search was ended before it was done");
                    break;
                case "_shards":
                    await ReadShardsAsync(json);
                    break;
                case "pit_id":
                    await json.ExpectAsync(JsonTokenType.String);
                    answer.PointInTime = json.Text;
                    break;
                case "hits":
                    await answer.ReadHitsAsync(json, order);
                    break;
                case "aggregations":
                    await answer.ReadAggregationsAsync(json);
                    break;
                default:
                    await json.SkipAsync();
                    break;
            }
        }
        return answer.Total >= 0 ? answer : throw JsonStream.Garbled("it has no total");
    }

    /// <summary>A part of the index that did not answer is told, not passed over: half the hits are not the hits.</summary>
    public static async Task ReadShardsAsync(JsonStream json)
    {
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            if (json.Text != "failed")
            {
                await json.SkipAsync();
                continue;
            }
            await json.ReadAsync();
            if (json.Whole != 0) throw JsonStream.Garbled("a part of the index did not answer");
        }
    }

    private async Task ReadHitsAsync(JsonStream json, SearchOrder? order)
    {
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            switch (json.Text)
            {
                case "total":
                    await ReadValueAsync(json, () => Total = json.Whole);
                    break;
                case "hits" when order is { } by:
                    await json.ExpectAsync(JsonTokenType.StartArray);
                    while (await json.ReadElementAsync()) Hits.Add(await ReadHitAsync(json, by));
                    break;
                default:
                    await json.SkipAsync();
                    break;
            }
        }
    }

    private static async Task<SearchHit> ReadHitAsync(JsonStream json, SearchOrder order)
    {
        var (id, number, path, keys) = ("", 0L, "", 0);
        while (await json.ReadNameAsync())
        {
            switch (json.Text)
            {
                case "_id":
                    await json.ExpectAsync(JsonTokenType.String);
                    id = json.Text;
                    break;
                case "sort":
                    await json.ExpectAsync(JsonTokenType.StartArray);
                    // In a point in time the server may add a key of its own at the end; it means nothing outside of it.
                    for (keys = 0; await json.ReadElementAsync(); keys++)
                    {
                        // Scores are told as 2.0.
                        if (keys == 0 && order.UsesNumber) number = order.Field == SortField.Relevance ? (long)json.Number : json.Whole;
                        if (order.UsesPath && keys == order.Keys - 2) path = json.Text;
                    }
                    break;
                default:
                    await json.SkipAsync();
                    break;
            }
        }
        return id.Length > 0 && keys >= order.Keys ? new(id, number, path) : throw JsonStream.Garbled("a hit has no id or place");
    }

    private async Task ReadAggregationsAsync(JsonStream json)
    {
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            var buckets = Buckets[json.Text] = [];
            await json.ExpectAsync(JsonTokenType.StartObject);
            while (await json.ReadNameAsync())
            {
                if (json.Text != "buckets")
                {
                    await json.SkipAsync();
                    continue;
                }
                await json.ExpectAsync(JsonTokenType.StartArray);
                while (await json.ReadElementAsync()) buckets.Add(await ReadBucketAsync(json));
            }
        }
    }

    private static async Task<Bucket> ReadBucketAsync(JsonStream json)
    {
        var (key, count, sum) = ("", 0L, 0.0);
        while (await json.ReadNameAsync())
        {
            switch (json.Text)
            {
                case "key":
                    await json.ExpectAsync(JsonTokenType.String);
                    key = json.Text;
                    break;
                case "doc_count":
                    await json.ReadAsync();
                    count = json.Whole;
                    break;
                case "bytes":
                    await ReadValueAsync(json, () => sum = json.Number);
                    break;
                default:
                    await json.SkipAsync();
                    break;
            }
        }
        return new(key, count, sum);
    }

    /// <summary>Reads the number of an object that has it under <c>value</c>, among other things.</summary>
    private static async Task ReadValueAsync(JsonStream json, Action read)
    {
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            if (json.Text != "value")
            {
                await json.SkipAsync();
                continue;
            }
            await json.ReadAsync();
            read();
        }
    }
}
