using System.Text.Json;
using Edna.Items;
using Edna.Keys;

namespace Edna.Search.Elasticsearch;

/// <summary>The search index on a server of Elasticsearch or OpenSearch.</summary>
internal sealed class ElasticsearchIndex(
    ElasticsearchClient client, ElasticsearchOptions options, IndexLifecycle lifecycle, BulkPush bulk, PointsInTime points, NextIndexes next) : ISearchIndex
{
    private const int DocumentsPerSweep = 10_000;

    private string Alias => options.Index;

    /// <inheritdoc />
    public INextIndex Next => next;

    /// <inheritdoc />
    public async Task<IReadOnlyList<RefusedPush>> PushAsync(IReadOnlyList<SearchDocument> documents, CancellationToken ct)
    {
        await lifecycle.EnsureAsync(ct);
        return await bulk.PushAsync(Alias, documents, isSeen: true, ct);
    }

    /// <inheritdoc />
    public async Task RemoveDatasetAsync(DatasetKey dataset, CancellationToken ct)
    {
        await lifecycle.EnsureAsync(ct);
        // Removal finds what searches find, so it has to see what was pushed last.
        await SendAsync(HttpMethod.Post, $"/{Alias}/_refresh", null, static json => json.SkipAsync(), ct);
        var path = $"/{Alias}/_delete_by_query?conflicts=proceed&refresh=true&max_docs={DocumentsPerSweep}";
        using var body = new PooledBuffer();
        SearchBody.WriteRemoval(body, dataset.ToString());
        for (var found = DocumentsPerSweep; found > 0;)
            await SendAsync(HttpMethod.Post, path, body, async json => found = await ReadFoundAsync(json), ct);
    }

    /// <inheritdoc />
    public async ValueTask<SearchHits> SearchAsync(ParsedSearch search, CancellationToken ct)
    {
        var order = SearchOrder.Parse(search.Sort);
        var after = PageCursor.Read(search.Cursor, order);
        await lifecycle.EnsureAsync(ct);
        var answer = await SearchPageAsync(search, order, after, ct);
        var (page, isLast) = (answer.Hits.Take(search.Limit).ToList(), answer.Hits.Count <= search.Limit);
        if (isLast && answer.PointInTime is { } done) await points.CloseAsync(done, ct);
        return new()
        {
            Items = [.. page.Select(hit => KeyOf(hit.Id))],
            Total = answer.Total,
            Facets = Facets(search.Facets, answer),
            NextCursor = isLast ? null : new PageCursor(order, page[^1].Number, page[^1].Path, page[^1].Id, answer.PointInTime).Format(),
        };
    }

    /// <inheritdoc />
    public async ValueTask<(IReadOnlyDictionary<ItemStatus, long> Items, long Bytes)> CountAsync(DatasetKey dataset, CancellationToken ct)
    {
        await lifecycle.EnsureAsync(ct);
        using var body = new PooledBuffer();
        SearchBody.WriteCount(body, dataset.ToString());
        var (items, bytes) = (new Dictionary<ItemStatus, long>(), 0L);
        using var reply = await SearchAliasAsync(body, ct);
        using var json = await reply.OpenAsync();
        var answer = await SearchAnswer.ReadAsync(json, order: null);
        foreach (var bucket in answer.Buckets.GetValueOrDefault("status") ?? [])
        {
            if (!Enum.TryParse<ItemStatus>(bucket.Key, ignoreCase: true, out var status)) throw JsonStream.Garbled($"there is no status '{bucket.Key}'");
            items[status] = bucket.Count;
            if (status == ItemStatus.Available) bytes = (long)bucket.Sum;
        }
        return (items, bytes);
    }

    /// <inheritdoc />
    public async ValueTask<string> GetGenerationAsync(CancellationToken ct) => await lifecycle.GetGenerationAsync(ct);

    /// <inheritdoc />
    public async ValueTask CheckAsync(CancellationToken ct)
    {
        using var reply = await client.SendAsync(HttpMethod.Head, "/" + Alias, null, BodyKind.Json, ct);
        if (!reply.IsSuccess) throw ElasticsearchFault.Refused(new(reply.Status, "", $"it does not answer for '{Alias}'"));
    }

    /// <summary>
    /// The first page is read from the index as it is; from the second on there is a point in time. One that is over or that the server
    /// does not know is opened anew, and where there is none the page is read as the first one.
    /// </summary>
    private async Task<SearchAnswer> SearchPageAsync(ParsedSearch search, SearchOrder order, PageCursor? after, CancellationToken ct)
    {
        if (after?.PointInTime is { } known && await TrySearchAsync(search, order, after, known, ct) is { } page) return page;
        if (after is not null && await points.OpenAsync(ct) is { } fresh && await TrySearchAsync(search, order, after, fresh, ct) is { } first) return first;
        return await TrySearchAsync(search, order, after, null, ct) ?? throw new InvalidOperationException("A search without a point in time answers or throws.");
    }

    /// <summary>
    /// Searches; null when the server refuses and it may be because of the point in time. An index that was removed after another took
    /// its place is told as 404, or as 503 when that happens while it is being searched.
    /// </summary>
    private async Task<SearchAnswer?> TrySearchAsync(ParsedSearch search, SearchOrder order, PageCursor? after, string? point, CancellationToken ct)
    {
        using var body = new PooledBuffer();
        SearchBody.Write(body, search, order, after, point);
        using var reply = point is null ? await SearchAliasAsync(body, ct) : await client.SendAsync(HttpMethod.Post, "/_search?allow_partial_search_results=false", body, BodyKind.Json, ct);
        if (!reply.IsSuccess)
        {
            var refusal = await reply.ReadRefusalAsync();
            return point is not null && refusal.Status is 400 or 404 or 503 ? null : throw ElasticsearchFault.Refused(refusal);
        }
        using var json = await reply.OpenAsync();
        return await SearchAnswer.ReadAsync(json, order);
    }

    /// <summary>Searches what the alias stands for: a good answer. Once more when an index is gone, for the alias may have moved on in between.</summary>
    private async Task<ElasticsearchReply> SearchAliasAsync(PooledBuffer body, CancellationToken ct)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var reply = await client.SendAsync(HttpMethod.Post, $"/{Alias}/_search?allow_partial_search_results=false", body, BodyKind.Json, ct);
            if (reply.IsSuccess) return reply;
            using (reply)
            {
                var refusal = await reply.ReadRefusalAsync();
                if (!isFirst || refusal is not ({ Type: "index_not_found_exception" } or { Status: 503, Type: "search_phase_execution_exception" })) throw ElasticsearchFault.Refused(refusal);
            }
        }
    }

    private async Task SendAsync(HttpMethod method, string path, PooledBuffer? body, Func<JsonStream, ValueTask> read, CancellationToken ct)
    {
        using var reply = await client.SendAsync(method, path, body, BodyKind.Json, ct);
        if (!reply.IsSuccess) throw ElasticsearchFault.Refused(await reply.ReadRefusalAsync());
        using var json = await reply.OpenAsync();
        await read(json);
    }

    /// <summary>Documents that a removal found: those that it removed and those that changed meanwhile.</summary>
    private static async Task<int> ReadFoundAsync(JsonStream json)
    {
        var found = -1L;
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            if (json.Text is not ("total" or "failures"))
            {
                await json.SkipAsync();
                continue;
            }
            var isTotal = json.Text == "total";
            await json.ReadAsync();
            if (isTotal) found = json.Whole;
            else if (json.Token != JsonTokenType.StartArray || await json.ReadElementAsync()) throw JsonStream.Garbled("some documents could not be removed");
        }
        return found >= 0 ? (int)found : throw JsonStream.Garbled("it does not tell how many documents there were");
    }

    private static Dictionary<string, IReadOnlyList<FacetValue>> Facets(IReadOnlyList<string> facets, SearchAnswer answer)
    {
        var all = new Dictionary<string, IReadOnlyList<FacetValue>>(StringComparer.Ordinal);
        for (var i = 0; i < facets.Count; i++)
        {
            var skipped = SearchBody.TagOf(facets[i]) is { } tag ? IndexFields.PairsOf(tag).Length : 0;
            all[facets[i]] = [.. (answer.Buckets.GetValueOrDefault(SearchBody.FacetName(i)) ?? [])
                .Select(bucket => new FacetValue { Value = bucket.Key[Math.Min(skipped, bucket.Key.Length)..], Count = bucket.Count })
                .OrderByDescending(value => value.Count).ThenBy(value => value.Value, StringComparer.Ordinal)];
        }
        return all;
    }

    private static ItemKey KeyOf(string id)
    {
        var slashes = id.Count('/');
        return slashes >= 2 ? ItemKey.Parse(id) : throw JsonStream.Garbled($"'{id}' is no item");
    }
}
