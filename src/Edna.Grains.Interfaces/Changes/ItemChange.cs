using System.Text.Json.Serialization;

namespace Edna.Changes;

/// <summary>What happened to an item. The names are stored and sent: never rename or renumber.</summary>
[GenerateSerializer, Alias("edna.ChangeKind"), JsonConverter(typeof(JsonStringEnumConverter<ChangeKind>))]
public enum ChangeKind
{
    /// <summary>Announced, with a first upload.</summary>
    [JsonStringEnumMemberName("created")] Created = 0,

    /// <summary>A new upload was opened for an item that was there.</summary>
    [JsonStringEnumMemberName("upload_opened")] UploadOpened = 1,

    /// <summary>An upload was confirmed.</summary>
    [JsonStringEnumMemberName("available")] Available = 2,

    /// <summary>An upload failed or was given up.</summary>
    [JsonStringEnumMemberName("failed")] Failed = 3,

    /// <summary>Metadata or split changed.</summary>
    [JsonStringEnumMemberName("updated")] Updated = 4,

    /// <summary>Tags changed.</summary>
    [JsonStringEnumMemberName("tagged")] Tagged = 5,

    /// <summary>Labels were written or removed.</summary>
    [JsonStringEnumMemberName("labeled")] Labeled = 6,

    /// <summary>Labels were approved or rejected.</summary>
    [JsonStringEnumMemberName("reviewed")] Reviewed = 7,

    /// <summary>Moved to the trash.</summary>
    [JsonStringEnumMemberName("trashed")] Trashed = 8,

    /// <summary>Taken out of the trash.</summary>
    [JsonStringEnumMemberName("restored")] Restored = 9,

    /// <summary>Removed for good.</summary>
    [JsonStringEnumMemberName("deleted")] Deleted = 10,
}

/// <summary>One change of one item, as the feed tells it.</summary>
[GenerateSerializer, Immutable, Alias("edna.ItemChange")]
public sealed record ItemChange
{
    /// <summary>The change's place in the dataset's feed: opaque, later ones compare greater, byte by byte.</summary>
    [Id(0)] public required string Cursor { get; init; }

    /// <summary>The item's id.</summary>
    [Id(1)] public required string Item { get; init; }

    /// <summary>The item's path.</summary>
    [Id(2)] public required string Path { get; init; }

    /// <summary>What happened.</summary>
    [Id(3)] public required ChangeKind Kind { get; init; }

    /// <summary>The item's revision after it.</summary>
    [Id(4)] public required long Revision { get; init; }

    /// <summary>When, UTC.</summary>
    [Id(5)] public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    [Id(6)] public required string By { get; init; }
}

/// <summary>A page of a dataset's changes, in the feed's order.</summary>
[GenerateSerializer, Immutable, Alias("edna.ChangePage")]
public sealed record ChangePage
{
    /// <summary>The changes.</summary>
    [Id(0)] public required IReadOnlyList<ItemChange> Changes { get; init; }

    /// <summary>Where to go on: always set, so that a reader who has caught up can ask again later.</summary>
    [Id(1)] public required string NextCursor { get; init; }
}
