namespace Edna.Search.Elasticsearch;

/// <summary>What hits are sorted by. The numbers stand in cursors: never renumber.</summary>
internal enum SortField
{
    /// <summary>Best first; equals by path.</summary>
    Relevance = 0,

    /// <summary>UTF-8 bytes.</summary>
    Path = 1,

    /// <summary>Oldest first.</summary>
    UpdatedAt = 2,

    /// <summary>Smallest first.</summary>
    Size = 3,
}

/// <summary>An order of hits.</summary>
/// <param name="Field">What they are sorted by.</param>
/// <param name="IsDescending">Whether the other way round.</param>
internal readonly record struct SearchOrder(SortField Field, bool IsDescending)
{
    /// <summary>Whether the first thing compared is a number.</summary>
    public bool UsesNumber => Field != SortField.Path;

    /// <summary>Whether the path is compared.</summary>
    public bool UsesPath => Field is SortField.Relevance or SortField.Path;

    /// <summary>Things compared: a number, the path, and always the document's id.</summary>
    public int Keys => (UsesNumber ? 1 : 0) + (UsesPath ? 1 : 0) + 1;

    /// <summary>The order of a <see cref="ParsedSearch"/>.</summary>
    public static SearchOrder Parse(string sort)
    {
        var descending = sort.StartsWith('-');
        return new((descending ? sort[1..] : sort) switch
        {
            "relevance" => SortField.Relevance,
            "path" => SortField.Path,
            "updatedAt" => SortField.UpdatedAt,
            "size" => SortField.Size,
            _ => throw new ArgumentException($"There is no order '{sort}'.", nameof(sort)),
        }, descending);
    }
}
