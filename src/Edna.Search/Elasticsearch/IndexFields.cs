using System.Globalization;
using Edna.Items;

namespace Edna.Search.Elasticsearch;

/// <summary>The fields of a document on the server. The names stand in the index's mapping: a change needs an index of a new schema.</summary>
internal static class IndexFields
{
    /// <summary>The tenant.</summary>
    public const string Tenant = "tenant";

    /// <summary>Tenant and dataset.</summary>
    public const string Dataset = "dataset";

    /// <summary>The document's id once more: decides between equals, for <c>_id</c> itself cannot be sorted by cheaply.</summary>
    public const string Id = "id";

    /// <summary>The revision; the document's version says the same, but cannot be asked for in every call.</summary>
    public const string Revision = "revision";

    /// <summary>The status in small letters.</summary>
    public const string Status = "status";

    /// <summary>The path as it is, sorted by.</summary>
    public const string Path = "path";

    /// <summary>Bytes.</summary>
    public const string Size = "size";

    /// <summary>The media type.</summary>
    public const string ContentType = "contentType";

    /// <summary>The split.</summary>
    public const string Split = "split";

    /// <summary>.NET ticks, UTC: the server's own times know milliseconds, or nothing before 1970.</summary>
    public const string UpdatedAt = "updatedAt";

    /// <summary>The same as a date, for people and dashboards; the service never asks for it.</summary>
    public const string UpdatedDate = "updatedDate";

    /// <summary>Tags as <see cref="Pair"/> writes them.</summary>
    public const string Tags = "tags";

    /// <summary>Label classes.</summary>
    public const string Labels = "labels";

    /// <summary>Metadata as <see cref="Pair"/> writes it.</summary>
    public const string Metadata = "metadata";

    /// <summary>The words of path, label classes and metadata, three texts that no phrase spans.</summary>
    public const string Words = "words";

    /// <summary>The words of the path.</summary>
    public const string PathWords = "pathWords";

    /// <summary>The words of the label classes.</summary>
    public const string LabelWords = "labelWords";

    /// <summary>
    /// A key and a value as one term. The key's length comes first, so no key or value, whatever is in it, can be taken for another pair.
    /// </summary>
    public static string Pair(string key, string value) => PairsOf(key) + value;

    /// <summary>What all pairs of a key begin with.</summary>
    public static string PairsOf(string key) => $"{key.Length.ToString(CultureInfo.InvariantCulture)}:{key}:";

    /// <summary>A status as a term.</summary>
    public static string Of(ItemStatus status) => status switch
    {
        ItemStatus.Pending => "pending",
        ItemStatus.Available => "available",
        ItemStatus.Failed => "failed",
        ItemStatus.Trashed => "trashed",
        _ => status.ToString().ToLowerInvariant(),
    };
}
