namespace Edna.Events;

/// <summary>What happened to an object.</summary>
[GenerateSerializer, Alias("edna.ObjectEventKind")]
public enum ObjectEventKind
{
    /// <summary>It was written: by a PUT, a copy or a completed multipart upload.</summary>
    Created = 0,

    /// <summary>It was removed, or hidden by a delete marker.</summary>
    Removed = 1,

    /// <summary>Its tags were set or removed.</summary>
    Tagged = 2,
}

/// <summary>What a store said happened to one object of its. Delivered at least once, in any order.</summary>
[GenerateSerializer, Immutable, Alias("edna.ObjectEvent")]
public sealed record ObjectEvent
{
    /// <summary>What happened.</summary>
    [Id(0)] public required ObjectEventKind Kind { get; init; }

    /// <summary>The bucket's name.</summary>
    [Id(1)] public required string Bucket { get; init; }

    /// <summary>The whole key, decoded.</summary>
    [Id(2)] public required string Key { get; init; }

    /// <summary>Bytes; null where the store does not say.</summary>
    [Id(3)] public long? Size { get; init; }

    /// <summary>The entity tag, without quotes; null where the store does not say.</summary>
    [Id(4)] public string? ETag { get; init; }

    /// <summary>Orders the events of one key; see <c>Sequencers</c>. Null where the store does not say.</summary>
    [Id(5)] public string? Sequencer { get; init; }

    /// <summary>The object's version; null in a bucket without versions.</summary>
    [Id(6)] public string? VersionId { get; init; }

    /// <summary>When it happened, UTC; null where the store does not say.</summary>
    [Id(7)] public DateTimeOffset? At { get; init; }
}
