namespace Edna.Objects;

/// <summary>
/// The multipart half of <see cref="IObjectStore"/>: an object that arrives in parts, and becomes visible, whole, when it is completed.
/// Faults are as there.
/// </summary>
public interface IMultipartStore
{
    /// <summary>Opens a multipart upload for exactly the object that <paramref name="put"/> describes.</summary>
    /// <returns>The store's id of the upload.</returns>
    ValueTask<string> CreateMultipartAsync(ObjectLocation at, ObjectPut put, CancellationToken ct);

    /// <summary>Signs the PUT of one part. It may be used again until it expires: the last PUT of a part counts. Local, as all pre-signing.</summary>
    /// <param name="at">Where the object will lie.</param>
    /// <param name="uploadId">The upload.</param>
    /// <param name="partNumber">1–10,000.</param>
    /// <param name="size">Bytes of the part; the length is signed.</param>
    /// <param name="expiresAt">Not after this time; at most seven days from now.</param>
    PresignedRequest PresignPart(ObjectLocation at, string uploadId, int partNumber, long size, DateTimeOffset expiresAt);

    /// <summary>The parts that have arrived, by number; null when there is no such upload (any more).</summary>
    ValueTask<IReadOnlyList<StoredPart>?> ListPartsAsync(ObjectLocation at, string uploadId, CancellationToken ct);

    /// <summary>
    /// Makes the object of its parts, only where nothing lies yet. An answer that is an error in disguise (200 with an error in its
    /// body) is not taken for success, and a race (409) is tried again.
    /// </summary>
    /// <param name="at">Where the object will lie.</param>
    /// <param name="uploadId">The upload.</param>
    /// <param name="put">What the object must be, as it was opened.</param>
    /// <param name="parts">Its parts by number, ascending, at least one.</param>
    /// <param name="ct">Cancels the waiting, not the store.</param>
    ValueTask<MultipartOutcome> CompleteMultipartAsync(
        ObjectLocation at, string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts, CancellationToken ct);

    /// <summary>Gives an upload up and frees its parts; one that is not there is no fault.</summary>
    ValueTask AbortMultipartAsync(ObjectLocation at, string uploadId, CancellationToken ct);

    /// <summary>The open multipart uploads under a prefix, in key order.</summary>
    /// <param name="bucket">The bucket; null for the service's own.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="ct">Cancels.</param>
    IAsyncEnumerable<OpenMultipart> ListMultipartsAsync(string? bucket, string prefix, CancellationToken ct);
}

/// <summary>A part that an object is to be made of.</summary>
/// <param name="PartNumber">1–10,000.</param>
/// <param name="ETag">The entity tag that the store answered, without quotes.</param>
public readonly record struct ObjectPart(int PartNumber, string ETag);

/// <summary>A part that the store has.</summary>
/// <param name="PartNumber">1–10,000.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">The entity tag, without quotes.</param>
public readonly record struct StoredPart(int PartNumber, long Size, string ETag);

/// <summary>A multipart upload that is neither completed nor aborted.</summary>
/// <param name="Key">The whole key of its object.</param>
/// <param name="UploadId">The store's id of it.</param>
/// <param name="InitiatedAt">When it was opened, UTC.</param>
public readonly record struct OpenMultipart(string Key, string UploadId, DateTimeOffset InitiatedAt);

/// <summary>How completing a multipart upload ended.</summary>
public enum MultipartResult
{
    /// <summary>The object is there.</summary>
    Completed = 0,

    /// <summary>Something lies at its key already; the upload is still open.</summary>
    AlreadyThere = 1,

    /// <summary>There is no such upload: it was completed or aborted.</summary>
    NoSuchUpload = 2,

    /// <summary>The parts named are not those the store has, or one but the last is too small; the upload is still open.</summary>
    PartsRefused = 3,

    /// <summary>The bytes do not have the checksum that the upload was opened with; it is still open. Only of stores that verify it here.</summary>
    WrongChecksum = 4,
}

/// <summary>The end of completing a multipart upload.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Detail">The store's own words where it refused; else null.</param>
public readonly record struct MultipartOutcome(MultipartResult Result, string? Detail = null);
