namespace Edna.Storage.Dynamo.State;

/// <summary>A range of the ring of hashes as what one query each can ask for.</summary>
internal static class RingRange
{
    /// <summary>
    /// The hashes above <paramref name="begin"/> up to <paramref name="end"/>, round the ring when <paramref name="begin"/> is not below:
    /// one or two ranges, each with both its ends.
    /// </summary>
    public static IReadOnlyList<(uint First, uint Last)> Parts(uint begin, uint end)
    {
        if (begin < end) return [(begin + 1, end)];
        return begin == uint.MaxValue ? [(0, end)] : [(0, end), (begin + 1, uint.MaxValue)];
    }
}
