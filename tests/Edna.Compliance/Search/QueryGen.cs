using CsCheck;
using Edna.Items;
using Edna.Search;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Compliance.Search;

/// <summary>Documents and queries of few words and values, so that queries find some of the documents and not others.</summary>
public static class QueryGen
{
    private static readonly string[] s_words = ["cat", "dog", "owl", "catfish", "Größe", "grosse", "Σίσυφος", "x1", "猫"];
    private static readonly string[] s_splits = ["train", "test", "Train"];
    private static readonly string[] s_types = ["image/jpeg", "image/png", "text/plain; charset=utf-8"];

    private static readonly Gen<string> s_word = OneOf(s_words);
    private static readonly Gen<string> s_text = s_word.Array[1, 4].Select(words => string.Join(' ', words));

    /// <summary>A document; some of them with the same item.</summary>
    public static Gen<SearchDocument> Document { get; } = Gen.Select(
        Gen.Select(Gen.Int[0, 60], s_word, OneOf("pets", "pets", "other")), Gen.Int[1, 4],
        OneOf(ItemStatus.Available, ItemStatus.Available, ItemStatus.Pending, ItemStatus.Failed, ItemStatus.Trashed, ItemStatus.Purged),
        Gen.Int[0, 5], Gen.Select(OneOf(s_splits).Null(), OneOf(s_types)), s_text.Array[0, 3], Gen.Select(s_word.Null(), s_text.Null()), s_text.Array[0, 2]).Select(
        (place, revision, status, size, kind, labels, tags, metadata) => TestDocuments.Document($"{s_words[place.Item1 % 4]}/{place.Item2} {place.Item1:d2}.jpg", revision, new("default", place.Item3)) with
        {
            Status = status, Size = size * 500, UpdatedAt = Noon.AddHours(size * 5), Split = kind.Item1, ContentType = kind.Item2, LabelClasses = [.. labels.Distinct()],
            Tags = new (string Key, string? Value)[] { ("side", tags.Item1), ("the key", tags.Item2) }.Where(tag => tag.Value is not null).ToDictionary(tag => tag.Key, tag => tag.Value!),
            Metadata = [.. metadata.Select((text, i) => KeyValuePair.Create(i == 0 ? "m.x" : "m", text))],
        });

    private static readonly Gen<QueryNode> s_leaf = Gen.OneOf(
        Words(QueryText.Any), Words(QueryText.Any), Words(QueryText.Any), Words(QueryText.Path),
        Value(QueryField.Label, "", s_text), Value(QueryField.Split, "", OneOf(s_splits)), Value(QueryField.ContentType, "", OneOf(s_types)),
        Value(QueryField.Tag, "side", s_word), Value(QueryField.Tag, "the key", s_text), Value(QueryField.Tag, "none", s_word),
        s_text.Select(text => (QueryNode)new HasValue(QueryField.Metadata, "m.x", text)),
        OneOf(ItemStatus.Pending, ItemStatus.Available, ItemStatus.Failed, ItemStatus.Trashed).Select(status => (QueryNode)new HasStatus(status)),
        Gen.Select(Gen.Int[0, 6], Gen.Int[1, 3]).Select((n, length) => (QueryNode)new SizeWithin(n == 0 ? null : n * 500, n == 6 ? null : (n + length) * 500)),
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 3], Gen.Bool).Select((n, length, open) => (QueryNode)new UpdatedWithin(Noon.AddHours(n * 5), open ? null : Noon.AddHours((n + length) * 5))));

    /// <summary>A query.</summary>
    public static Gen<QueryNode> Query { get; } = Gen.Recursive<QueryNode>((depth, inner) => depth >= 4
        ? s_leaf
        : Gen.OneOf(s_leaf, inner.Array[2, 3].Select(parts => AllOf.Of(parts)), inner.Array[2, 4].Select(parts => AnyOf.Of(parts)), inner.Select(part => (QueryNode)new Not(part))))
        .Where(query => query.ToString().Length <= QueryLimits.Length);

    /// <summary>A query with some filters, in any order, in pages of any size.</summary>
    public static Gen<SearchRequest> Request { get; } = Gen.Select(
        Query, Gen.Select(s_word.Null(0.8), s_text.Null(0.8), OneOf(s_splits).Array[0, 2], Gen.Int[0, 3]), OneOf<IReadOnlyList<ItemStatus>?>(null, null, [], [ItemStatus.Trashed, ItemStatus.Available]),
        OneOf(null, "relevance", "-relevance", "path", "-path", "size", "-size", "updatedAt", "-updatedAt"), Gen.Int[1, 30], OneOf<IReadOnlyList<string>?>(null, ["pets"], ["other", "pets", "never-there"])).Select(
        (query, filter, status, sort, limit, datasets) => new SearchRequest
        {
            Datasets = datasets, Query = query.ToString(), Sort = sort, Limit = limit, Facets = ["label", "split", "contentType", "status", "tag:side", "tag:the key", "tag:none"],
            Filter = new()
            {
                Status = status, Split = filter.Item3, Labels = filter.Item2 is { } label ? [label] : null, Size = filter.Item4 == 0 ? null : new() { Gte = 500 * filter.Item4 },
                Tags = filter.Item1 is { } side ? new Dictionary<string, string> { ["side"] = side } : null,
            },
        });

    /// <summary>One of these.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(n => values[n]);

    private static Gen<QueryNode> Words(QueryText texts) => Gen.Select(s_word.Array[1, 2], Gen.Int[0, 3], Gen.Bool).Select((words, cut, prefix) =>
    {
        var spelt = words.SelectMany(word => SearchWords.Of(word)).ToList();
        if (prefix && spelt[^1].Length > cut) spelt[^1] = spelt[^1][..^cut];
        return (QueryNode)new Words([.. spelt], prefix, texts);
    });

    private static Gen<QueryNode> Value(QueryField field, string key, Gen<string> value) => Gen.Select(value, Gen.Int[0, 3], Gen.Bool).Select((text, length, prefix) =>
        (QueryNode)new HasValue(field, key, prefix ? text[..Math.Min(length, text.Length)] : text, prefix));
}
