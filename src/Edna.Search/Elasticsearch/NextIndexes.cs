using System.Text.Json;
using Edna.Items;
using Edna.Keys;
using Microsoft.Extensions.Logging;

namespace Edna.Search.Elasticsearch;

/// <summary>
/// Indexes beside the one behind the alias. Each has an alias of its own as long as it is being filled: pushes go by it and require it, so
/// that none can make an index that was removed.
/// </summary>
internal sealed partial class NextIndexes(
    ElasticsearchClient client, ElasticsearchOptions options, IndexLifecycle lifecycle, BulkPush bulk, ILogger<NextIndexes> log) : INextIndex
{
    private string NameOf(string generation) => $"{options.Index}-{generation}";

    private string AliasOf(string generation) => $"{options.Index}-{generation}-next";

    /// <inheritdoc />
    public async Task<ServingIndex> GetServingAsync(CancellationToken ct) =>
        await lifecycle.ReadAsync(ct) ?? throw ElasticsearchFault.Wrong("index_not_found_exception", $"There is no index behind the alias '{options.Index}'.");

    /// <inheritdoc />
    public async Task CreateAsync(string generation, CancellationToken ct)
    {
        var name = NameOf(generation);
        using var body = new PooledBuffer();
        IndexSchema.Write(body, options, generation, AliasOf(generation));
        using var reply = await client.SendAsync(HttpMethod.Put, "/" + name, body, BodyKind.Json, ct);
        if (!reply.IsSuccess && await reply.ReadRefusalAsync() is { Type: not "resource_already_exists_exception" } refusal) throw ElasticsearchFault.Refused(refusal);
        LogMade(log, name);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<RefusedPush>> PushAsync(string generation, IReadOnlyList<SearchDocument> documents, bool isSeen, CancellationToken ct) =>
        bulk.PushAsync(AliasOf(generation), documents, isSeen, ct);

    /// <inheritdoc />
    public async ValueTask<long> CountAsync(string generation, DatasetKey dataset, CancellationToken ct)
    {
        await DoAsync(HttpMethod.Post, $"/{AliasOf(generation)}/_refresh", null, isGoneGood: false, ct);
        using var body = new PooledBuffer();
        SearchBody.WriteRemoval(body, dataset.ToString());
        using var reply = await client.SendAsync(HttpMethod.Post, $"/{AliasOf(generation)}/_count", body, BodyKind.Json, ct);
        if (!reply.IsSuccess) throw ElasticsearchFault.Refused(await reply.ReadRefusalAsync());
        using var json = await reply.OpenAsync();
        return await ReadCountAsync(json);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<(long? Revision, bool IsSame)>> CompareAsync(string generation, IReadOnlyList<SearchDocument> documents, CancellationToken ct)
    {
        using var body = new PooledBuffer();
        WriteGet(body, AliasOf(generation), documents);
        using var reply = await client.SendAsync(HttpMethod.Post, "/_mget?realtime=true", body, BodyKind.Json, ct);
        if (!reply.IsSuccess) throw ElasticsearchFault.Refused(await reply.ReadRefusalAsync());
        using var json = await reply.OpenAsync();
        var found = await StoredDocument.ReadAsync(json);
        return [.. documents.Select(document => found.TryGetValue(document.Key.ToString(), out var stored)
            ? ((long?)stored.Version, document.Status != ItemStatus.Purged && stored.Is(document))
            : (null, document.Status == ItemStatus.Purged))];
    }

    /// <inheritdoc />
    public async Task SwitchAsync(ServingIndex before, string generation, CancellationToken ct)
    {
        var serving = await GetServingAsync(ct);
        if (serving.Generation == generation) return;
        if (serving != before) throw ElasticsearchFault.Wrong("index_changed", $"The alias '{options.Index}' stands for '{serving.Name}' by now, not for '{before.Name}'.");
        await DoAsync(HttpMethod.Post, $"/{AliasOf(generation)}/_refresh", null, isGoneGood: false, ct);
        var name = NameOf(generation);
        using var body = new PooledBuffer();
        WriteActions(body, json =>
        {
            WriteAction(json, "remove", before.Name, options.Index);
            WriteAction(json, "add", name, options.Index);
        });
        await DoAsync(HttpMethod.Post, "/_aliases", body, isGoneGood: false, ct);
        LogSwitched(log, options.Index, name, before.Name);
    }

    /// <inheritdoc />
    public async Task RetireAsync(ServingIndex before, string generation, CancellationToken ct)
    {
        if ((await GetServingAsync(ct)).Name == before.Name) throw ElasticsearchFault.Wrong("index_in_use", $"'{before.Name}' is still in use.");
        using var body = new PooledBuffer();
        WriteActions(body, json => WriteAction(json, "remove", NameOf(generation), AliasOf(generation)));
        await DoAsync(HttpMethod.Post, "/_aliases", body, isGoneGood: true, ct);
        await DoAsync(HttpMethod.Delete, "/" + before.Name, null, isGoneGood: true, ct);
        LogDropped(log, before.Name);
    }

    /// <inheritdoc />
    public async Task DropAsync(string generation, CancellationToken ct)
    {
        var name = NameOf(generation);
        if ((await lifecycle.ReadAsync(ct))?.Generation == generation) throw ElasticsearchFault.Wrong("index_in_use", $"'{name}' is in use.");
        await DoAsync(HttpMethod.Delete, "/" + name, null, isGoneGood: true, ct);
        LogDropped(log, name);
    }

    private async Task DoAsync(HttpMethod method, string path, PooledBuffer? body, bool isGoneGood, CancellationToken ct)
    {
        using var reply = await client.SendAsync(method, path, body, BodyKind.Json, ct);
        if (!reply.IsSuccess && !(isGoneGood && reply.Status == 404)) throw ElasticsearchFault.Refused(await reply.ReadRefusalAsync());
    }

    private static async Task<long> ReadCountAsync(JsonStream json)
    {
        var count = -1L;
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            switch (json.Text)
            {
                case "count":
                    await json.ReadAsync();
                    count = json.Whole;
                    break;
                case "_shards":
                    await SearchAnswer.ReadShardsAsync(json);
                    break;
                default:
                    await json.SkipAsync();
                    break;
            }
        }
        return count >= 0 ? count : throw JsonStream.Garbled("it does not tell how many documents there are");
    }

    private static void WriteGet(PooledBuffer to, string alias, IReadOnlyList<SearchDocument> documents)
    {
        using var json = RequestJson.Begin(to);
        json.WriteStartObject();
        json.WriteStartArray("docs");
        foreach (var document in documents)
        {
            json.WriteStartObject();
            json.WriteString("_index", alias);
            json.WriteString("_id", document.Key.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteActions(PooledBuffer to, Action<Utf8JsonWriter> write)
    {
        using var json = RequestJson.Begin(to);
        json.WriteStartObject();
        json.WriteStartArray("actions");
        write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter json, string action, string index, string alias)
    {
        json.WriteStartObject();
        json.WriteStartObject(action);
        json.WriteString("index", index);
        json.WriteString("alias", alias);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the search index {Index} to take the place of the one in use")]
    private static partial void LogMade(ILogger log, string index);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Alias} stands for the search index {Index} now, no longer for {Before}")]
    private static partial void LogSwitched(ILogger log, string alias, string index, string before);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the search index {Index}")]
    private static partial void LogDropped(ILogger log, string index);
}
