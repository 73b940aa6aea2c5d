using System.Text.Json.Serialization;

namespace Edna.Items;

/// <summary>How to bring an item's bytes to the store: what to send, where, until when.</summary>
[GenerateSerializer, Immutable, Alias("edna.Upload")]
public sealed record Upload
{
    /// <summary><c>single</c>: one request carries all bytes; <c>multipart</c>: each part has a request of its own.</summary>
    [Id(0)] public required string Kind { get; init; }

    /// <summary>The HTTP method, <c>PUT</c>. Single only.</summary>
    [Id(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Method { get; init; }

    /// <summary>The pre-signed URL. It works once, for exactly the declared bytes. Single only.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Url { get; init; }

    /// <summary>
    /// Headers to send exactly so, beside <c>Content-Length</c>, which every client derives from the body and which is signed too.
    /// Single only: parts need none.
    /// </summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>When the URLs stop working, UTC.</summary>
    [Id(4)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The store's id of the multipart upload.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? UploadId { get; init; }

    /// <summary>Bytes of each part; the last has what is left. Multipart only.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? PartSize { get; init; }

    /// <summary>How many parts there are, 1–10,000. Multipart only.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? PartCount { get; init; }

    /// <summary>Signed parts: the first <see cref="UploadParts.SignedAtOnce"/>, or those asked for. Multipart only.</summary>
    [Id(8), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<SignedPart>? Parts { get; init; }
}

/// <summary>The signed PUT of one part. The last PUT of a part counts, so it may be sent again.</summary>
[GenerateSerializer, Immutable, Alias("edna.SignedPart")]
public sealed record SignedPart
{
    /// <summary>1–10,000.</summary>
    [Id(0)] public required int PartNumber { get; init; }

    /// <summary>The pre-signed URL; the length of the part is signed.</summary>
    [Id(1)] public required string Url { get; init; }
}

/// <summary>A part as the store acknowledged it.</summary>
[GenerateSerializer, Immutable, Alias("edna.UploadedPart"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UploadedPart
{
    /// <summary>1–10,000.</summary>
    [Id(0)] public required int PartNumber { get; init; }

    /// <summary>The entity tag that the store answered, with or without its quotes.</summary>
    [Id(1)] public required string Etag { get; init; }
}

/// <summary>A part that the store has.</summary>
[GenerateSerializer, Immutable, Alias("edna.ArrivedPart")]
public sealed record ArrivedPart
{
    /// <summary>1–10,000.</summary>
    [Id(0)] public required int PartNumber { get; init; }

    /// <summary>Bytes.</summary>
    [Id(1)] public required long Size { get; init; }

    /// <summary>The entity tag, without quotes.</summary>
    [Id(2)] public required string Etag { get; init; }
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

    /// <summary>Fresh URLs for it; of a multipart upload, for the first parts that have not arrived: none when only completing is left.</summary>
    [Id(8)] public required Upload Upload { get; init; }

    /// <summary>The parts that the store has, by number. Multipart only.</summary>
    [Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<ArrivedPart>? Parts { get; init; }
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
