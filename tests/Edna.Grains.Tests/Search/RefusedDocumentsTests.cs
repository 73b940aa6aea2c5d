using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Search;

/// <summary>Rows that the index refused are passed by for a while, and no longer.</summary>
public sealed class RefusedDocumentsTests
{
    private static readonly ItemKey s_item = new(new("default", "pets"), ItemId.FromPath("a"));

    [Fact]
    public void A_row_is_passed_by_until_it_is_written_again_or_the_time_has_passed()
    {
        var clock = new Clock();
        var refused = new RefusedDocuments(clock);
        refused.Add(s_item, 3, "too long");
        Assert.True(refused.Holds(Row(3)));
        Assert.False(refused.Holds(Row(4)));
        Assert.Equal(0, refused.Count);
        refused.Add(s_item, 4, "too long");
        clock.Now += RefusedDocuments.TriedAgain - TimeSpan.FromTicks(1);
        Assert.True(refused.Holds(Row(4)));
        clock.Now += TimeSpan.FromTicks(1);
        Assert.False(refused.Holds(Row(4)));
    }

    /// <summary>A row that went with its dataset is never looked at again: were it counted for ever, a thousand of them would stop the index.</summary>
    [Fact]
    public void Rows_that_nobody_comes_back_to_are_forgotten()
    {
        var clock = new Clock();
        var refused = new RefusedDocuments(clock);
        for (var n = 0; n < RefusedDocuments.Most; n++) refused.Add(s_item with { ItemId = ItemId.FromPath($"{n}") }, 1, "too long");
        Assert.Equal(RefusedDocuments.Most, refused.Count);
        clock.Now += RefusedDocuments.TriedAgain;
        Assert.Empty(refused.All);
        Assert.Equal(0, refused.Count);
    }

    private static ItemRow Row(long revision) => new()
    {
        Key = s_item, Path = "a", Status = ItemStatus.Available, Revision = revision, UpdatedAt = DateTimeOffset.UnixEpoch, Body = [],
    };

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
