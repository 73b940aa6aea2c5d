namespace Edna.Events;

/// <summary>Compares the <c>sequencer</c> of events of one key, as S3 says: the shorter is filled with zeros on its right, then they compare as text.</summary>
public static class Sequencers
{
    /// <summary>Below 0 when the first is older, above when it is newer, 0 when they are the same.</summary>
    /// <param name="a">Hexadecimal digits, in upper or lower case.</param>
    /// <param name="b">Likewise.</param>
    public static int Compare(string a, string b)
    {
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            var order = At(a, i) - At(b, i);
            if (order != 0) return order;
        }
        return 0;
    }

    /// <summary>Whether an event is older than one that was taken, or the same; false where either does not say.</summary>
    /// <param name="sequencer">The event's.</param>
    /// <param name="taken">That of the event that was taken.</param>
    public static bool IsPast(string? sequencer, string? taken) => sequencer is not null && taken is not null && Compare(sequencer, taken) <= 0;

    private static int At(string sequencer, int i) => i < sequencer.Length ? char.ToUpperInvariant(sequencer[i]) : '0';
}
