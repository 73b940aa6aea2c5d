namespace Edna.Items;

/// <summary>How an upload is cut into parts. Arithmetic only; the limits are S3's where not said otherwise.</summary>
public static class UploadParts
{
    /// <summary>Parts of an upload.</summary>
    public const int Most = 10_000;

    /// <summary>From this size on, in bytes, an upload is multipart unless asked otherwise: 64 MiB (EDNA's own).</summary>
    public const long Threshold = 64L << 20;

    /// <summary>Parts that a plan signs at once; the others are signed when asked for (EDNA's own).</summary>
    public const int SignedAtOnce = 100;

    /// <summary>Parts that can be asked for at once (EDNA's own).</summary>
    public const int MostAsked = 1_000;

    private const long MiB = 1L << 20;
    private const long LeastSize = 8 * MiB;
    private const int Aim = 9_000;

    /// <summary>Bytes of each part but the last: the larger of 8 MiB and a 9,000th of the size, rounded up to a MiB, and at most 5 GiB.</summary>
    /// <param name="size">Bytes of the object.</param>
    public static long SizeFor(long size)
    {
        var part = (size + Aim - 1) / Aim;
        return Math.Clamp((part + MiB - 1) / MiB * MiB, LeastSize, ItemLimits.SinglePutBytes);
    }

    /// <summary>How many parts an object has; an empty one has one, empty.</summary>
    /// <param name="size">Bytes of the object.</param>
    /// <param name="partSize">Bytes of each part but the last.</param>
    public static int CountOf(long size, long partSize) => size == 0 ? 1 : checked((int)((size + partSize - 1) / partSize));

    /// <summary>Bytes of a part.</summary>
    /// <param name="partNumber">From 1.</param>
    /// <param name="size">Bytes of the object.</param>
    /// <param name="partSize">Bytes of each part but the last.</param>
    public static long SizeOf(int partNumber, long size, long partSize) => Math.Min(partSize, size - ((partNumber - 1) * partSize));
}
