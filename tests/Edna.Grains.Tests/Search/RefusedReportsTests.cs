using Edna.Keys;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Search;

/// <summary>What all silos pass by is shown as one list.</summary>
public sealed class RefusedReportsTests
{
    [Fact]
    public void The_lists_of_all_silos_are_one_newest_first()
    {
        var reports = new RefusedReports(new Clock());
        reports.Note("a", RefusedReports.Of([Refused("p1", 1), Refused("p3", 3)]));
        reports.Note("b", RefusedReports.Of([Refused("p2", 2), Refused("p4", 4), Refused("p1", 5)]));
        Assert.Equal(["p1 5", "p4 4", "p3 3", "p2 2"], reports.Together().Items.Select(Told));
        Assert.Equal(4, reports.Together().Count);
        // What a silo tells takes the place of what it told before.
        reports.Note("b", RefusedReports.Of([]));
        Assert.Equal(["p3 3", "p1 1"], reports.Together().Items.Select(Told));
        Assert.Equal(2, reports.Together().Count);
    }

    [Fact]
    public void A_hundred_are_listed_and_all_are_counted()
    {
        var reports = new RefusedReports(new Clock());
        foreach (var silo in (string[])["a", "b"]) reports.Note(silo, RefusedReports.Of([.. Enumerable.Range(0, 150).Select(n => Refused(silo + n, n))]));
        var together = reports.Together();
        Assert.Equal((RefusedItems.Most, 300), (together.Items.Count, together.Count));
        Assert.Equal(Enumerable.Range(0, 50).SelectMany(n => new[] { 149L - n, 149 - n }), together.Items.Select(item => item.Revision));
    }

    [Fact]
    public void A_silo_that_is_gone_is_shown_no_longer()
    {
        var clock = new Clock();
        var reports = new RefusedReports(clock);
        reports.Note("a", RefusedReports.Of([Refused("p1", 1)]));
        clock.Now += RefusedReports.Heard;
        Assert.Equal(1, reports.Together().Count);
        clock.Now += TimeSpan.FromTicks(1);
        Assert.Equal(0, reports.Together().Count);
        Assert.Empty(reports.Together().Items);
    }

    [Fact]
    public void A_reason_has_an_end() =>
        Assert.Equal(RefusedItems.LongestReason, Assert.Single(RefusedReports.Of([Refused("p1", 1) with { Reason = new('x', 5_000) }]).Items).Reason.Length);

    private static string Told(RefusedItem item) => $"p{Enumerable.Range(1, 9).First(n => item.Item.EndsWith(ItemId.FromPath($"p{n}"), StringComparison.Ordinal))} {item.Revision}";

    /// <summary>A document that was refused as many seconds after the start as its revision says.</summary>
    private static RefusedDocument Refused(string path, int revision) =>
        new(new(new("default", "pets"), ItemId.FromPath(path)), revision, "too long", DateTimeOffset.UnixEpoch.AddSeconds(revision));

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
