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

    public List<SearchDocument> Search(SearchRequest request)
    {
        var filter = request.Filter!;
        var hits = _documents.Values.Where(document => document.Status != ItemStatus.Trashed
            && (request.Query is not { } word || document.Path.Split('/').Contains(word) || document.LabelClasses.Contains(word)
                || document.Metadata.Any(field => field.Value.Split(' ').Contains(word)))
            && (filter.Tags is null || filter.Tags.All(tag => document.Tags.GetValueOrDefault(tag.Key) == tag.Value))
            && (filter.Labels is null || filter.Labels.All(document.LabelClasses.Contains))
            && (filter.Split is null || filter.Split.Contains(document.Split))
            && document.Size >= filter.Size!.Gte).OrderBy(document => document.Path, StringComparer.Ordinal).ToList();
        if (request.Sort == "-path") hits.Reverse();
        return hits;
    }

    public static IEnumerable<(string Value, long Count)> Facet(IEnumerable<string> values) => values.CountBy(value => value)
        .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, (long)pair.Value));
}
