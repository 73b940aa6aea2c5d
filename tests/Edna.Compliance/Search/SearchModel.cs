using System.Text;
using Edna.Items;
using Edna.Keys;
using Edna.Search;

namespace Edna.Compliance.Search;

/// <summary>What a search index does, in the plainest way.</summary>
internal sealed class SearchModel
{
    private readonly Dictionary<ItemKey, SearchDocument> _documents = [];

    public void Push(SearchDocument document)
    {
        if (_documents.TryGetValue(document.Key, out var old) && old.Revision >= document.Revision) return;
        if (document.Status == ItemStatus.Purged) _documents.Remove(document.Key);
        else _documents[document.Key] = document;
    }

    /// <summary>All hits, in order.</summary>
    public List<SearchDocument> Search(ParsedSearch search)
    {
        var hits = _documents.Values.Where(document => document.Key.Dataset.Tenant == search.Tenant
            && (search.Datasets.Count == 0 || search.Datasets.Contains(document.Key.Dataset.Dataset))
            && QueryEvaluator.Holds(search.Query, document) && QueryEvaluator.Holds(search.Filter, document));
        return [.. search.Sort[0] == '-' ? hits.OrderDescending(Order(search)) : hits.Order(Order(search))];
    }

    /// <summary>What a hit counts for in a facet.</summary>
    public static IEnumerable<string> ValuesOf(SearchDocument document, string facet) => facet switch
    {
        "label" => document.LabelClasses.Distinct(),
        "split" => document.Split is { } split ? [split] : [],
        "contentType" => [document.ContentType],
        "status" => [document.Status.ToString().ToLowerInvariant()],
        _ => document.Tags.TryGetValue(facet["tag:".Length..], out var tag) ? [tag] : [],
    };

    public static IEnumerable<(string Value, long Count)> Facet(IEnumerable<string> values) => values.CountBy(value => value)
        .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, (long)pair.Value));

    /// <summary>Paths decide between equals; the order of those that are equal still is the index's own.</summary>
    private static Comparer<SearchDocument> Order(ParsedSearch search) => Comparer<SearchDocument>.Create((a, b) => search.Sort.TrimStart('-') switch
    {
        "path" => ByPath(a, b),
        "size" => a.Size.CompareTo(b.Size),
        "updatedAt" => a.UpdatedAt.CompareTo(b.UpdatedAt),
        _ => (QueryEvaluator.Tier(search.Query, a), QueryEvaluator.Tier(search.Query, b)) is var (x, y) && x != y ? x.CompareTo(y) : ByPath(a, b),
    });

    private static int ByPath(SearchDocument a, SearchDocument b) => Encoding.UTF8.GetBytes(a.Path).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.Path));
}
