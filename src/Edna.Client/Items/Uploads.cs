using System.Text.Json;

namespace Edna.Client;

/// <summary>Announces an item and asks for a place to upload its bytes to.</summary>
public sealed record CreateItem
{
    /// <summary>The path that names it.</summary>
    public required string Path { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>The bytes to come.</summary>
    public required long Size { get; init; }

    /// <summary>Their checksum.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>Tags to set.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>A JSON object, at most 8 KiB.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The split it belongs to.</summary>
    public string? Split { get; init; }

    /// <summary>True asks for a multipart upload, false for a single one, null leaves it to the size.</summary>
    public bool? Multipart { get; init; }
}

/// <summary>How to bring an item's bytes to the store.</summary>
public sealed record Upload
{
    /// <summary><c>single</c> or <c>multipart</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The HTTP method.</summary>
    public string? Method { get; init; }

    /// <summary>The signed URL, good once, for exactly the declared bytes.</summary>
    public string? Url { get; init; }

    /// <summary>Headers to send exactly so, beside <c>Content-Length</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>When the URLs stop working, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The store's id of the multipart upload.</summary>
    public string? UploadId { get; init; }

    /// <summary>Bytes of each part but the last. Multipart only.</summary>
    public long? PartSize { get; init; }

    /// <summary>How many parts there are. Multipart only.</summary>
    public int? PartCount { get; init; }

    /// <summary>Signed parts, at most 100 unless more were asked for. Multipart only.</summary>
    public IReadOnlyList<SignedPart>? Parts { get; init; }
}

/// <summary>The signed PUT of one part.</summary>
/// <param name="PartNumber">From 1.</param>
/// <param name="Url">The URL; good until it expires, the last PUT counts.</param>
public sealed record SignedPart(int PartNumber, string Url);

/// <summary>A part as the store acknowledged it.</summary>
/// <param name="PartNumber">From 1.</param>
/// <param name="Etag">The entity tag.</param>
public sealed record UploadedPart(int PartNumber, string Etag);

/// <summary>A part that the store has.</summary>
/// <param name="PartNumber">From 1.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Etag">The entity tag.</param>
public sealed record ArrivedPart(int PartNumber, long Size, string Etag);

/// <summary>The state of an item's open upload.</summary>
public sealed record UploadState
{
    /// <summary>The item's id.</summary>
    public required string Item { get; init; }

    /// <summary>Bytes declared.</summary>
    public long Size { get; init; }

    /// <summary>Whether the store has an object for it, unchecked.</summary>
    public bool InStore { get; init; }

    /// <summary>Fresh URLs for it; of a multipart upload, for the first parts that have not arrived.</summary>
    public required Upload Upload { get; init; }

    /// <summary>The parts that the store has. Multipart only.</summary>
    public IReadOnlyList<ArrivedPart>? Parts { get; init; }
}

internal sealed record CompleteUpload(IReadOnlyList<UploadedPart>? Parts);

internal sealed record PartNumbers([property: System.Text.Json.Serialization.JsonPropertyName("partNumbers")] IReadOnlyList<int> Numbers);

/// <summary>The answer to <see cref="CreateItem"/>.</summary>
public sealed record ItemPlan
{
    /// <summary>The item as it is now.</summary>
    public required Item Item { get; init; }

    /// <summary>How to upload; null when the same content is available already.</summary>
    public Upload? Upload { get; init; }
}

/// <summary>The outcome of one entry of a batch: what was asked for, or the problem.</summary>
public sealed record ItemOutcome
{
    /// <summary>The item.</summary>
    public Item? Item { get; init; }

    /// <summary>How to upload, from a batch of plans; null when the same content is available already.</summary>
    public Upload? Upload { get; init; }

    /// <summary>What was wrong with this entry; null when nothing was.</summary>
    public Problem? Problem { get; init; }
}

/// <summary>The outcome of one entry of a batch of downloads.</summary>
public sealed record DownloadOutcome
{
    /// <summary>The item's id.</summary>
    public string? Item { get; init; }

    /// <summary>The item's path.</summary>
    public string? Path { get; init; }

    /// <summary>The signed URL.</summary>
    public string? Url { get; init; }

    /// <summary>When the URL stops working, UTC.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>The checksum declared for the content; null when none was.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>What was wrong with this entry; null when nothing was.</summary>
    public Problem? Problem { get; init; }
}

internal sealed record ItemBatch(IReadOnlyList<CreateItem> Items);

internal sealed record ItemIds(IReadOnlyList<string> Items);

internal sealed record ItemOutcomes(IReadOnlyList<ItemOutcome> Results);

internal sealed record DownloadOutcomes(IReadOnlyList<DownloadOutcome> Results);
