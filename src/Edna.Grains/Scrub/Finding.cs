namespace Edna.Scrub;

/// <summary>The kinds of drift between bucket and table. Scripts read them: never rename.</summary>
public static class FindingKinds
{
    /// <summary>The content of an item is gone.</summary>
    public const string Missing = "content.missing";

    /// <summary>The content of an item has other bytes than were confirmed.</summary>
    public const string Overwritten = "content.overwritten";

    /// <summary>An object registered in place has other bytes: the item takes them over.</summary>
    public const string Replaced = "content.replaced";

    /// <summary>A content that was lost is back.</summary>
    public const string Returned = "content.returned";

    /// <summary>The tags of a content were changed behind EDNA's back; looked for with <see cref="ScrubOptions.Deep"/> only.</summary>
    public const string Retagged = "content.retagged";

    /// <summary>The bytes of an open upload have arrived, and nobody confirmed them.</summary>
    public const string Arrived = "upload.arrived";

    /// <summary>A label document lies in the bucket that the item does not know of.</summary>
    public const string LabelsNewer = "labels.newer";

    /// <summary>The current label document of an item is gone. It cannot be mended.</summary>
    public const string LabelsMissing = "labels.missing";

    /// <summary>The item document does not say what the item says.</summary>
    public const string DocumentStale = "document.stale";

    /// <summary>An object that no item owns.</summary>
    public const string Orphan = "object.orphan";

    /// <summary>Objects of an item that the table does not have.</summary>
    public const string Unknown = "item.unknown";

    /// <summary>An object among EDNA's own whose key is none of EDNA's. It is left alone.</summary>
    public const string Stray = "object.stray";

    /// <summary>A multipart upload that no item owns.</summary>
    public const string Multipart = "multipart.orphan";

    /// <summary>Objects of a dataset that there is not. They are left alone.</summary>
    public const string UnknownDataset = "dataset.unknown";
}

/// <summary>One drift between bucket and table.</summary>
/// <param name="Kind">One of <see cref="FindingKinds"/>.</param>
/// <param name="Key">The object; null when it is about an item.</param>
/// <param name="Detail">What was found.</param>
public readonly record struct Finding(string Kind, string? Key, string Detail);

/// <summary>How to scrub.</summary>
public sealed record ScrubOptions
{
    /// <summary>Whether findings are mended.</summary>
    public bool Repair { get; init; }

    /// <summary>Whether each content is asked for with its tags: two requests an item.</summary>
    public bool Deep { get; init; }

    /// <summary>Whether mending removes the objects of items that the table does not have.</summary>
    public bool RemoveUnknown { get; init; }

    /// <summary>Objects younger than this are let be: what they belong to may just be being written. Default: one day.</summary>
    public TimeSpan OlderThan { get; init; } = TimeSpan.FromDays(1);
}
