using System.Text.Json.Serialization;

namespace Edna.Imports;

/// <summary>The request to import into a dataset.</summary>
[GenerateSerializer, Immutable, Alias("edna.CreateImport"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateImport
{
    /// <summary>The <see cref="Kind"/> that registers objects where they lie.</summary>
    public const string OfPrefix = "prefix";

    /// <summary>The <see cref="Kind"/> that reads a file of labels.</summary>
    public const string OfLabels = "labels";

    /// <summary>What to import: <c>prefix</c> or <c>labels</c>.</summary>
    [Id(0)] public string? Kind { get; init; }

    /// <summary>
    /// Of <c>prefix</c>: only objects whose key starts so. Either the whole key's prefix, which starts with the dataset's root, or
    /// the part after the root; null or empty takes all under the root.
    /// </summary>
    [Id(1)] public string? Prefix { get; init; }

    /// <summary>Of <c>prefix</c>: true asks the store for each object's tags, metadata and media type as well. Default false.</summary>
    [Id(2)] public bool? Details { get; init; }

    /// <summary>Of <c>labels</c>: the format.</summary>
    [Id(3)] public string? Format { get; init; }

    /// <summary>Of <c>labels</c>: the item that holds the labels.</summary>
    [Id(4)] public string? Item { get; init; }

    /// <summary>Of <c>labels</c>: the path of the item that holds the labels.</summary>
    [Id(5)] public string? Path { get; init; }
}
