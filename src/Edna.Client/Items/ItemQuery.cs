namespace Edna.Client;

/// <summary>Which items of a dataset to list. All conditions must hold.</summary>
public sealed record ItemQuery
{
    /// <summary>The item at exactly this path.</summary>
    public string? Path { get; init; }

    /// <summary>Items whose path starts so.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>Items of this status.</summary>
    public string? Status { get; init; }

    /// <summary>Items of this split.</summary>
    public string? Split { get; init; }

    /// <summary>Items with an annotation of this class.</summary>
    public string? Label { get; init; }

    /// <summary>Items that have each of these tags.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Items written at or after this time.</summary>
    public DateTimeOffset? UpdatedSince { get; init; }

    /// <summary>Items a page, 1–1000.</summary>
    public int Limit { get; init; } = 100;

    internal string ToQueryString(string? cursor)
    {
        var query = new QueryText();
        query.Add("limit", Limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        query.Add("path", Path);
        query.Add("pathPrefix", PathPrefix);
        query.Add("status", Status);
        query.Add("split", Split);
        query.Add("label", Label);
        query.Add("updatedSince", UpdatedSince?.ToUniversalTime().ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (key, value) in Tags ?? new Dictionary<string, string>()) query.Add($"tag.{key}", value);
        query.Add("cursor", cursor);
        return query.ToString();
    }
}
