using Edna.Json;

namespace Edna.Items;

/// <summary>
/// What the bucket must know of an item beside its object and tags: metadata and split that changed after the upload or were
/// too large for object metadata, and the trash. Lies at <c>items/{itemId}/item.json</c>; never rename a member.
/// </summary>
public sealed record ItemDocument
{
    /// <summary>The item's path.</summary>
    public required string Path { get; init; }

    /// <summary>The item's revision when the document was written.</summary>
    public required long Revision { get; init; }

    /// <summary>Which object is the content.</summary>
    public required long ContentRevision { get; init; }

    /// <summary>The user's metadata.</summary>
    public JsonText? Metadata { get; init; }

    /// <summary>The split.</summary>
    public string? Split { get; init; }

    /// <summary>When it went to the trash, UTC; null when it is not there.</summary>
    public DateTimeOffset? TrashedAt { get; init; }

    /// <summary>When the document was written, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The document that belongs to a state.</summary>
    /// <param name="state">The state that is about to be written.</param>
    public static ItemDocument Of(ItemState state) => new()
    {
        Path = state.Path, Revision = state.Revision, ContentRevision = state.ContentRevision, Metadata = state.Metadata,
        Split = state.Split, TrashedAt = state.TrashedAt, At = state.UpdatedAt,
    };
}
