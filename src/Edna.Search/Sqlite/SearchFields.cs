using System.Globalization;
using Edna.Items;

namespace Edna.Search.Sqlite;

/// <summary>The names of the fields that terms belong to; for those that are counted, also the names of their facets.</summary>
internal static class SearchFields
{
    public const string Tenant = "tenant";
    public const string Dataset = "dataset";
    public const string Status = "status";
    public const string Label = "label";
    public const string Split = "split";
    public const string ContentType = "contentType";

    private static readonly string[] s_statuses = [.. Enum.GetValues<ItemStatus>().Select(status => status.ToString().ToLowerInvariant())];

    /// <summary>Frequent words, in the order of <see cref="WordColumn"/>.</summary>
    public static IReadOnlyList<string> Words { get; } = ["word:path", "word:metadata", "word:labels"];

    public static string Tag(string key) => "tag:" + key;

    /// <summary>The value that stands for a dataset.</summary>
    /// <param name="dataset">The dataset's number.</param>
    public static string ValueOf(int dataset) => dataset.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value that stands for a status.</summary>
    public static string ValueOf(ItemStatus status) => s_statuses[(int)status];
}
