namespace Edna.Storage.Signing;

/// <summary>What is to be said of a request that came by a signed URL.</summary>
public enum SignatureVerdict
{
    /// <summary>The signature is right, and still good.</summary>
    Valid = 0,

    /// <summary>The request carries no signature.</summary>
    Missing = 1,

    /// <summary>A parameter of the signature is missing, doubled or unreadable.</summary>
    Malformed = 2,

    /// <summary>It was signed with another key, for another region, service or day.</summary>
    WrongCredential = 3,

    /// <summary>It has expired.</summary>
    Expired = 4,

    /// <summary>It was signed for a time that has not come (more than 15 minutes ahead).</summary>
    NotYetValid = 5,

    /// <summary>A header that the store acts on was sent, but is not signed.</summary>
    UnsignedHeader = 6,

    /// <summary>The signature does not fit the request: something in it was changed.</summary>
    Mismatch = 7,
}
