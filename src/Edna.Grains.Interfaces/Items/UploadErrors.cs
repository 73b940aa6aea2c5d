using Edna.Results;

namespace Edna.Items;

/// <summary>What can be wrong with an upload. The codes of failed uploads also stand in <see cref="ItemFailure.Code"/>.</summary>
public static class UploadErrors
{
    /// <summary>The object is larger or smaller than declared.</summary>
    public const string SizeMismatch = "upload.size_mismatch";

    /// <summary>The object's bytes have another checksum than declared.</summary>
    public const string ChecksumMismatch = "upload.checksum_mismatch";

    /// <summary>The object has another media type than declared.</summary>
    public const string ContentTypeMismatch = "upload.content_type_mismatch";

    /// <summary>The client gave the upload up.</summary>
    public const string Aborted = "upload.aborted";

    /// <summary>The deadline passed and nothing had arrived.</summary>
    public const string Expired = "upload.expired";

    /// <summary><c>upload.none_open</c>.</summary>
    /// <param name="path">The item's path.</param>
    public static Problem NoneOpen(string path) => new()
    {
        Code = "upload.none_open", Status = 409, Title = "No upload is open.",
        Detail = $"'{path}' has no open upload. POST …/items with its path opens one.",
    };

    /// <summary><c>upload.not_found_in_store</c>.</summary>
    /// <param name="path">The item's path.</param>
    public static Problem NotFoundInStore(string path) => new()
    {
        Code = "upload.not_found_in_store", Status = 409, Title = "The store has no such object.",
        Detail = $"Nothing has arrived for '{path}' yet. Send the bytes to the upload URL, then complete it again.",
    };

    /// <summary>The problem that a failed upload answers: its <see cref="ItemFailure.Code"/> and detail.</summary>
    /// <param name="failure">Why it failed.</param>
    public static Problem Failed(ItemFailure failure) => new()
    {
        Code = failure.Code, Status = 409, Title = "The upload failed.",
        Detail = $"{failure.Detail} POST …/items with the same path opens a new upload.",
    };

    /// <summary><c>upload.multipart_unavailable</c>.</summary>
    public static Problem MultipartUnavailable() => new()
    {
        Code = "upload.multipart_unavailable", Status = 501, Title = "Multipart uploads are not available yet.",
        Detail = $"Leave 'multipart' out and keep 'size' to at most {ItemLimits.SinglePutBytes} bytes (5 GiB), the most that one PUT can carry.",
    };
}
