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

    /// <summary><c>upload.not_multipart</c>.</summary>
    /// <param name="path">The item's path.</param>
    public static Problem NotMultipart(string path) => new()
    {
        Code = "upload.not_multipart", Status = 409, Title = "The upload has no parts.",
        Detail = $"The open upload of '{path}' is a single PUT. GET …/upload signs it again.",
    };

    /// <summary><c>upload.parts_refused</c>: the store knows the parts otherwise.</summary>
    /// <param name="path">The item's path.</param>
    /// <param name="why">The store's own words.</param>
    public static Problem PartsRefused(string path, string? why) => new()
    {
        Code = "upload.parts_refused", Status = 409, Title = "The store refused the parts.",
        Detail = $"The parts named for '{path}' are not those that the store has{(why is null ? "" : $" ({why})")}. "
            + "GET …/upload lists what has arrived; complete without 'parts' takes that list.",
    };

    /// <summary><c>upload.parts_missing</c>: not all parts have arrived.</summary>
    /// <param name="path">The item's path.</param>
    /// <param name="missing">How many are missing.</param>
    /// <param name="first">The first of them.</param>
    public static Problem PartsMissing(string path, int missing, int first) => new()
    {
        Code = "upload.parts_missing", Status = 409, Title = "Parts are missing.",
        Detail = $"{missing} part(s) of '{path}' have not arrived, the first is {first}. POST …/upload/parts signs them.",
    };

    /// <summary>The code of <see cref="BeingVerified"/>.</summary>
    public static string Verifying => "upload.being_verified";

    /// <summary><c>upload.being_verified</c>: EDNA reads the object to compare its checksum.</summary>
    /// <param name="path">The item's path.</param>
    public static Problem BeingVerified(string path) => new()
    {
        Code = Verifying, Status = 503, Title = "The bytes are being verified.",
        Detail = $"All bytes of '{path}' have arrived; their checksum is being computed. Ask again in a few seconds.",
        RetryAfterSeconds = 2,
    };
}
