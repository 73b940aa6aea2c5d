using Edna.Items;
using Edna.Labels;
using Edna.Objects;

namespace Edna.Rebuild;

/// <summary>What the bucket holds of an item: the evidence that <see cref="Rebuilt"/> decides on.</summary>
public sealed record FoundItem
{
    /// <summary>The item's id, from the keys.</summary>
    public required string ItemId { get; init; }

    /// <summary>Its contents, newest first; those below one that is surely right may be left out.</summary>
    public required IReadOnlyList<FoundContent> Contents { get; init; }

    /// <summary>The number of the newest upload attempt that left an object; 0 for none.</summary>
    public long Attempts { get; init; }

    /// <summary>Its item document; null when there is none.</summary>
    public ItemDocument? Document { get; init; }

    /// <summary>Its newest label document; null when there is none.</summary>
    public LabelDocument? Labels { get; init; }
}

/// <summary>An object that may be an item's content.</summary>
public sealed record FoundContent
{
    /// <summary>The content revision: the attempt it came by, or what its import gave it.</summary>
    public required long Revision { get; init; }

    /// <summary>What the store says of it.</summary>
    public required StoredObject Object { get; init; }

    /// <summary>Its tags, EDNA's own among them.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ItemState.NoTags;

    /// <summary>How the checksum that was declared for it compares with its bytes.</summary>
    public ChecksumVerdict Checksum { get; init; }

    /// <summary>What the import page says of it, where it was registered in place.</summary>
    public ImportedContent? InPlace { get; init; }
}

/// <summary>An object that an import registered in place.</summary>
/// <param name="Key">Its whole key.</param>
/// <param name="Object">What the page says of it.</param>
/// <param name="By">Who asked for the import.</param>
public sealed record ImportedContent(string Key, ImportedObject Object, string By)
{
    /// <summary>The item's path.</summary>
    public string Path => Object.Path ?? Object.Key;

    /// <summary>The content revision that it became.</summary>
    public long Revision => Object.Revision ?? 1;
}
