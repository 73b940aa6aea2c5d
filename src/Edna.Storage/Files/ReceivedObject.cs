namespace Edna.Storage.Files;

/// <summary>How taking an object in ended.</summary>
public enum ReceiveOutcome
{
    /// <summary>It is stored.</summary>
    Stored = 0,

    /// <summary>Something lies there, and must not be replaced.</summary>
    AlreadyThere = 1,

    /// <summary>More or fewer bytes came than were announced.</summary>
    WrongLength = 2,

    /// <summary>The bytes have another checksum.</summary>
    WrongChecksum = 3,

    /// <summary>It is a part of a multipart upload that is not there.</summary>
    NoSuchUpload = 4,
}

/// <summary>The end of taking an object in.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">When stored the entity tag, the MD5 in hex; with a wrong checksum its algorithm; else null.</param>
public readonly record struct ReceivedObject(ReceiveOutcome Outcome, string? Detail);
