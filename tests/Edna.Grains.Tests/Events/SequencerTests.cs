using CsCheck;
using Edna.Events;
using Xunit;

namespace Edna.Grains.Tests.Events;

public sealed class SequencerTests
{
    private static readonly Gen<string> Sequencer = Gen.String[Gen.Char["0123456789ABCDEF"], 0, 24];

    [Fact]
    public void The_shorter_is_filled_with_zeros_on_its_right_and_then_they_compare_as_text() => Gen.Select(Sequencer, Sequencer).Sample((a, b) =>
    {
        var length = Math.Max(a.Length, b.Length);
        var expected = Math.Sign(string.CompareOrdinal(a.PadRight(length, '0'), b.PadRight(length, '0')));
        Assert.Equal(expected, Math.Sign(Sequencers.Compare(a, b)));
        Assert.Equal(-expected, Math.Sign(Sequencers.Compare(b, a)));
        Assert.Equal(0, Sequencers.Compare(a, a + "00"));
        Assert.Equal(expected, Math.Sign(Sequencers.Compare(a.ToLowerInvariant(), b)));
    }, iter: 10_000);

    [Fact]
    public void An_event_is_past_only_where_both_say_so()
    {
        Assert.True(Sequencers.IsPast("0055", "0055"));
        Assert.True(Sequencers.IsPast("0054", "0055"));
        Assert.False(Sequencers.IsPast("0056", "0055"));
        Assert.False(Sequencers.IsPast(null, "0055"));
        Assert.False(Sequencers.IsPast("0055", null));
    }
}
