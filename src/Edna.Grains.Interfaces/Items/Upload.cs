namespace Edna.Items;

/// <summary>How to bring an item's bytes to the store: what to send, where, until when.</summary>
[GenerateSerializer, Immutable, Alias("edna.Upload")]
public sealed record Upload
{
    /// <summary><c>single</c>: one request carries all bytes.</summary>
    [Id(0)] public required string Kind { get; init; }

    /// <summary>The HTTP method, <c>PUT</c>.</summary>
    [Id(1)] public required string Method { get; init; }

    /// <summary>The pre-signed URL. It works once, for exactly the declared bytes.</summary>
    [Id(2)] public required string Url { get; init; }

    /// <summary>Headers to send exactly so, beside <c>Content-Length</c>, which every client derives from the body and which is signed too.</summary>
    [Id(3)] public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>When the URL stops working, UTC.</summary>
    [Id(4)] public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The answer to <see cref="CreateItem"/>.</summary>
[GenerateSerializer, Immutable, Alias("edna.ItemPlan")]
public sealed record ItemPlan
{
    /// <summary>The item as it is now.</summary>
    [Id(0)] public required Item Item { get; init; }

    /// <summary>How to upload; null when the same content is available already.</summary>
    [Id(1)] public Upload? Upload { get; init; }
}

/// <summary>The state of an item's open upload.</summary>
[GenerateSerializer, Immutable, Alias("edna.UploadState")]
public sealed record UploadState
{
    /// <summary>The item's id.</summary>
    [Id(0)] public required string Item { get; init; }

    /// <summary>The attempt that the upload is.</summary>
    [Id(1)] public required long ContentRevision { get; init; }

    /// <summary>Bytes declared.</summary>
    [Id(2)] public required long Size { get; init; }

    /// <summary>The media type declared.</summary>
    [Id(3)] public required string ContentType { get; init; }

    /// <summary>The checksum declared.</summary>
    [Id(4)] public Checksum? Checksum { get; init; }

    /// <summary>When the attempt was opened, UTC.</summary>
    [Id(5)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>After this the sweeper settles it, UTC.</summary>
    [Id(6)] public required DateTimeOffset Deadline { get; init; }

    /// <summary>Whether the store has an object for it, unchecked.</summary>
    [Id(7)] public required bool InStore { get; init; }

    /// <summary>A fresh URL for it.</summary>
    [Id(8)] public required Upload Upload { get; init; }
}

/// <summary>A signed GET for an item's content.</summary>
[GenerateSerializer, Immutable, Alias("edna.Download")]
public sealed record Download
{
    /// <summary>The item's id.</summary>
    [Id(0)] public required string Item { get; init; }

    /// <summary>The item's path.</summary>
    [Id(1)] public required string Path { get; init; }

    /// <summary>The pre-signed URL.</summary>
    [Id(2)] public required string Url { get; init; }

    /// <summary>When the URL stops working, UTC.</summary>
    [Id(3)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Bytes.</summary>
    [Id(4)] public required long Size { get; init; }

    /// <summary>The checksum declared for the content; null when none was.</summary>
    [Id(5)] public Checksum? Checksum { get; init; }
}
