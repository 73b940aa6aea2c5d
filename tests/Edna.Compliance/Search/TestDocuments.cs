using Edna.Items;
using Edna.Keys;
using Edna.Search;

namespace Edna.Compliance.Search;

/// <summary>Documents for tests.</summary>
public static class TestDocuments
{
    public static DatasetKey Pets { get; } = new("default", "pets");

    public static DateTimeOffset Noon { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static SearchDocument Document(string path, long revision = 1, DatasetKey? dataset = null) => new()
    {
        Key = new(dataset ?? Pets, ItemId.FromPath(path)),
        Revision = revision,
        Status = ItemStatus.Available,
        Path = path,
        Size = 100,
        ContentType = "image/jpeg",
        UpdatedAt = Noon,
        Tags = new Dictionary<string, string>(),
        LabelClasses = [],
        Metadata = [],
    };

    public static Task<IReadOnlyList<RefusedPush>> PushAsync(this ISearchIndex index, params SearchDocument[] documents) =>
        index.PushAsync(documents, CancellationToken.None);

    /// <summary>Searches as the service does: the request is checked and its text read first.</summary>
    public static ValueTask<SearchHits> SearchAsync(this ISearchIndex index, string tenant, SearchRequest request, CancellationToken ct)
    {
        if (!ParsedSearch.Of(tenant, request).TryGet(out var search, out var problem)) throw new ArgumentException(problem.Detail, nameof(request));
        return index.SearchAsync(search, ct);
    }

    /// <summary>The ids of every page's hits.</summary>
    public static async Task<List<string>> AllAsync(this ISearchIndex index, SearchRequest request, string tenant = "default")
    {
        var ids = new List<string>();
        while (true)
        {
            var hits = await index.SearchAsync(tenant, request, CancellationToken.None);
            ids.AddRange(hits.Items.Select(item => item.ItemId));
            if (hits.NextCursor is null) return ids;
            request = request with { Cursor = hits.NextCursor };
        }
    }
}
