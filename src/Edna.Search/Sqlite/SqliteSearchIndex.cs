using Edna.Items;
using Edna.Keys;

namespace Edna.Search.Sqlite;

/// <summary>The search index in <c>search.db</c>.</summary>
internal sealed class SqliteSearchIndex(SearchDatabase database) : ISearchIndex
{
    private const int DocumentsPerSweep = 2_000;

    /// <inheritdoc />
    public Task<IReadOnlyList<RefusedPush>> PushAsync(IReadOnlyList<SearchDocument> documents, CancellationToken ct) => database.WriteAsync<IReadOnlyList<RefusedPush>>(session =>
    {
        foreach (var document in documents) SearchWrites.Push(session, document);
        return [];
    }, documents.Count, ct);

    /// <inheritdoc />
    public async Task RemoveDatasetAsync(DatasetKey dataset, CancellationToken ct)
    {
        while (await database.WriteAsync(session => SearchWrites.RemoveSome(session, dataset, DocumentsPerSweep), DocumentsPerSweep, ct))
            ct.ThrowIfCancellationRequested();
    }

    /// <inheritdoc />
    public ValueTask<SearchHits> SearchAsync(ParsedSearch search, CancellationToken ct) =>
        new(database.SearchAsync(search.Tenant, connection => SearchReads.Search(connection, search), ct));

    /// <inheritdoc />
    public ValueTask<(IReadOnlyDictionary<ItemStatus, long> Items, long Bytes)> CountAsync(DatasetKey dataset, CancellationToken ct) =>
        database.ReadAsync(connection => SearchReads.Count(connection, dataset), ct);

    /// <inheritdoc />
    public ValueTask<string> GetGenerationAsync(CancellationToken ct) => database.ReadAsync(SearchReads.Generation, ct);

    /// <inheritdoc />
    public async ValueTask CheckAsync(CancellationToken ct) => await GetGenerationAsync(ct);
}
