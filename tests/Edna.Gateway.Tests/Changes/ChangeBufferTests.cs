using System.Globalization;
using System.Text;
using CsCheck;
using Edna.Changes;
using Edna.Keys;
using Xunit;

namespace Edna.Gateway.Tests.Changes;

public sealed class ChangeBufferTests
{
    private static readonly Gen<(int Start, int[][] Pages, int Bytes)> Feeds =
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 9].Array[1, 6].Array[0, 12], Gen.Int[1, 4_000]);

    [Fact]
    public void From_any_cursor_a_reader_is_told_all_that_follows_in_order_or_that_it_is_not_kept() => Feeds.Sample(feed =>
    {
        var (buffer, number, all) = (new ChangeBuffer(Cursor(feed.Start), feed.Bytes), feed.Start, new List<int>());
        foreach (var page in feed.Pages)
        {
            // Numbers have gaps: all datasets share the count.
            var numbers = page.Select(step => number += step).ToArray();
            all.AddRange(numbers);
            buffer.Append(ChangeEvents.Of([.. numbers.Select(Change)]));
        }
        Assert.Equal(Cursor(number), buffer.Head);
        for (var from = 0; from <= number + 1; from++)
        {
            var (told, cursor) = (new StringBuilder(), Cursor(from));
            if (!buffer.TryRead(cursor, out var events))
            {
                Assert.True(string.CompareOrdinal(cursor, buffer.Floor) < 0);
                continue;
            }
            for (; events is not null; Assert.True(buffer.TryRead(cursor, out events)))
            {
                told.Append(Encoding.UTF8.GetString(events.After(cursor).Span));
                cursor = events.Last;
            }
            var wanted = all.Where(n => n > from).ToArray();
            Assert.Equal(wanted.Length == 0 ? "" : Encoding.UTF8.GetString(ChangeEvents.Of([.. wanted.Select(Change)]).After("").Span), told.ToString());
        }
    }, iter: 2_000);

    [Fact]
    public void It_keeps_no_more_bytes_than_it_may_but_always_the_newest_page() => Feeds.Sample(feed =>
    {
        var (buffer, number) = (new ChangeBuffer(Cursor(feed.Start), feed.Bytes), feed.Start);
        foreach (var page in feed.Pages)
        {
            var newest = ChangeEvents.Of([.. page.Select(step => Change(number += step))]);
            buffer.Append(newest);
            var (kept, cursor) = (0, buffer.Floor);
            for (Assert.True(buffer.TryRead(cursor, out var events)); events is not null; Assert.True(buffer.TryRead(cursor, out events)))
            {
                kept += events.After(cursor).Length;
                cursor = events.Last;
            }
            Assert.True(kept <= feed.Bytes || kept == newest.Length, $"{kept} bytes of at most {feed.Bytes} are kept.");
        }
    }, iter: 1_000);

    private static string Cursor(int number) => number.ToString("x16", CultureInfo.InvariantCulture);

    private static ItemChange Change(int number) => new()
    {
        Cursor = Cursor(number), Item = ItemId.FromPath($"{number}"), Path = $"{number}\nü", Kind = ChangeKind.Tagged, Revision = number, At = DateTimeOffset.UnixEpoch, By = "ann",
    };
}
