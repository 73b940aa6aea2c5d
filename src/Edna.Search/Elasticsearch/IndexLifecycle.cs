using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Edna.Search.Elasticsearch;

/// <summary>Sees to it that there is an index behind the alias, and that it is one of this schema.</summary>
internal sealed partial class IndexLifecycle(ElasticsearchClient client, ElasticsearchOptions options, ILogger<IndexLifecycle> log) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile bool _isReady;

    /// <summary>Makes the index when there is none; asks the server once in the life of the process.</summary>
    public async ValueTask EnsureAsync(CancellationToken ct)
    {
        if (!_isReady) await GetGenerationAsync(ct);
    }

    /// <summary>The generation of the index behind the alias; makes one when there is none.</summary>
    public async Task<string> GetGenerationAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var serving = await ReadAsync(ct);
            if (serving is null)
            {
                await CreateAsync(ct);
                // Another process may have been quicker; then its index counts.
                serving = await ReadAsync(ct) ?? throw ElasticsearchFault.Wrong(
                    "alias_missing", $"There is an index '{FirstName}', but no alias '{options.Index}' to it. Remove the index, or give it the alias.");
            }
            _isReady = true;
            return serving.Generation;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>The first index's name; those made later to take its place count up.</summary>
    private string FirstName => options.Index + "-000001";

    /// <summary>The index behind the alias; null when there is none.</summary>
    public async Task<ServingIndex?> ReadAsync(CancellationToken ct)
    {
        using var reply = await client.SendAsync(HttpMethod.Get, "/" + options.Index, null, BodyKind.Json, ct);
        if (!reply.IsSuccess)
        {
            var refusal = await reply.ReadRefusalAsync();
            return refusal is { Status: 404, Type: "index_not_found_exception" } ? null : throw ElasticsearchFault.Refused(refusal);
        }
        using var json = await reply.OpenAsync();
        var (generation, schema, names) = (default(string), 0L, new List<string>());
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            names.Add(json.Text);
            (generation, schema) = await ReadMetaAsync(json);
        }
        if (names.Contains(options.Index)) throw ElasticsearchFault.Wrong("not_an_alias", $"'{options.Index}' is an index. EDNA needs the name for an alias: remove the index, or choose another name.");
        if (names.Count != 1) throw ElasticsearchFault.Wrong("ambiguous_alias", $"The alias '{options.Index}' stands for {names.Count} indexes ({string.Join(", ", names)}), not for one.");
        if (generation is null || schema != IndexSchema.Version)
        {
            throw ElasticsearchFault.Wrong(
                "foreign_index", $"The index '{names[0]}' was not made by this version of EDNA (schema {schema}, not {IndexSchema.Version}). Choose another name in {ElasticsearchOptions.Section}:Index; the new index is filled from the item table.");
        }
        return new(names[0], generation);
    }

    private static async Task<(string? Generation, long Schema)> ReadMetaAsync(JsonStream json)
    {
        var (generation, schema) = (default(string), 0L);
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            if (json.Text is not ("mappings" or "_meta" or IndexSchema.Meta))
            {
                if (json.Text is not ("generation" or "schema"))
                {
                    await json.SkipAsync();
                    continue;
                }
                var isSchema = json.Text == "schema";
                await json.ReadAsync();
                if (isSchema) schema = json.Whole;
                else generation = json.Text;
                continue;
            }
            var inner = await ReadMetaAsync(json);
            (generation, schema) = (inner.Generation ?? generation, inner.Schema != 0 ? inner.Schema : schema);
        }
        return (generation, schema);
    }

    private async Task CreateAsync(CancellationToken ct)
    {
        using var body = new PooledBuffer();
        IndexSchema.Write(body, options, Guid.NewGuid().ToString("N"), options.Index);
        using var reply = await client.SendAsync(HttpMethod.Put, "/" + FirstName, body, BodyKind.Json, ct);
        if (reply.IsSuccess)
        {
            LogMade(log, FirstName, options.Index);
            return;
        }
        var refusal = await reply.ReadRefusalAsync();
        if (refusal.Type != "resource_already_exists_exception") throw ElasticsearchFault.Refused(refusal);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the search index {Index} behind the alias {Alias}")]
    private static partial void LogMade(ILogger log, string index, string alias);
}
