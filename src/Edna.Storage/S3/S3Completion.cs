using System.Net;

namespace Edna.Storage.S3;

/// <summary>What a store's error means that was answered to completing a multipart upload.</summary>
internal enum S3Completion
{
    /// <summary>Nothing that is known: the store may or may not have made the object.</summary>
    Unknown = 0,

    /// <summary>There is no such upload.</summary>
    Gone,

    /// <summary>Something lies at the key.</summary>
    Taken,

    /// <summary>Somebody else was writing there at the same moment.</summary>
    Conflict,

    /// <summary>The parts are not such that an object, or the declared one, can be made of them.</summary>
    Refused,

    /// <summary>The bytes of the parts do not have the declared checksum.</summary>
    WrongChecksum,
}

/// <summary>Reads the errors of completing a multipart upload. They come with a status of their own, or in the body of a 200.</summary>
internal static class S3CompletionErrors
{
    /// <summary>What an error means.</summary>
    /// <param name="status">The HTTP status; 200 for an error in disguise.</param>
    /// <param name="code">S3's code.</param>
    public static S3Completion Read(HttpStatusCode status, string? code) => (status, code) switch
    {
        (_, "NoSuchUpload") => S3Completion.Gone,
        (_, "PreconditionFailed") or (HttpStatusCode.PreconditionFailed, _) => S3Completion.Taken,
        (_, "ConditionalRequestConflict" or "OperationAborted") or (HttpStatusCode.Conflict, _) => S3Completion.Conflict,
        (_, "BadDigest") => S3Completion.WrongChecksum,
        // InvalidRequest: the declared size (x-amz-mp-object-size).
        (_, "InvalidPart" or "InvalidPartOrder" or "EntityTooSmall" or "EntityTooLarge" or "InvalidRequest") => S3Completion.Refused,
        _ => S3Completion.Unknown,
    };
}
