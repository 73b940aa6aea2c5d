namespace Edna.Requests;

/// <summary>The most that a request may carry.</summary>
public static class RequestLimits
{
    /// <summary>Bytes in the body of an ordinary request: 4 MiB.</summary>
    public const int BodyBytes = 4 << 20;

    /// <summary>Bytes in the body of a batch: 16 MiB.</summary>
    public const int BatchBytes = 16 << 20;
}
