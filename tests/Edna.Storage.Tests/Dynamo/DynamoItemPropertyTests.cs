using System.Text;
using CsCheck;
using Edna.Items;
using Edna.Keys;
using Edna.Storage.Dynamo;
using Edna.Storage.Rows;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Dynamo;

public sealed class DynamoItemPropertyTests
{
    private static readonly Gen<byte[]> s_text = Among<byte>(0, 1, 97, 98, 254, 255).Array[0, 5];

    [Fact]
    public void What_is_packed_is_unpacked_as_it_was_and_never_grows_by_more_than_its_mark() =>
        Gen.OneOf(Gen.Byte.Array[0, 3_000], Gen.Byte[97, 100].Array[0, 40_000]).Sample(bytes =>
        {
            var packed = PackedBytes.Pack(bytes);
            Assert.InRange(packed.Length, 1, bytes.Length + 1);
            Assert.Equal(bytes, PackedBytes.Unpack(packed));
        });

    [Fact]
    public void What_is_not_packed_is_told_or_read_and_nothing_else() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        try
        {
            PackedBytes.Unpack(bytes);
        }
        catch (InvalidDataException)
        {
            Assert.True(bytes is [] or [not 0, ..]);
        }
    });

    [Fact]
    public void The_text_after_one_is_the_next_there_is() => Gen.Select(s_text, s_text).Where((a, _) => a.AsSpan().ContainsAnyExcept(byte.MaxValue)).Sample((text, other) =>
    {
        var after = ByteOrder.After(text, 5);
        Assert.True(after.AsSpan().SequenceCompareTo(text) > 0);
        Assert.Equal(other.AsSpan().SequenceCompareTo(text) > 0, other.AsSpan().SequenceCompareTo(after) >= 0);
    });

    [Fact]
    public void Between_a_prefix_and_the_text_after_all_of_it_is_what_begins_so() => Gen.Select(s_text, s_text).Where((a, _) => a.AsSpan().ContainsAnyExcept(byte.MaxValue)).Sample((prefix, other) =>
        Assert.Equal(other.AsSpan().StartsWith(prefix), other.AsSpan().SequenceCompareTo(prefix) >= 0 && other.AsSpan().SequenceCompareTo(ByteOrder.AfterAllOf(prefix)) < 0));

    /// <summary>Shards read in pieces of any size, in any order of merging: the rows come as if sorted at once.</summary>
    [Fact]
    public void Merged_shards_are_one_list_in_the_order_of_the_bytes() =>
        Gen.Select(Among("a", "ab", "b", "é", "z", "\uffee", "\U0001F600", "a/b").Array[1, 3].Array[0, 40], Gen.Int[1, 5], Gen.Int[1, 4]).Sample((parts, shards, piece) =>
        {
            var all = parts.Select(part => string.Concat(part)).Distinct().Select(path => Row(path)).ToList();
            var byShard = all.ToLookup(row => row.Path.Length % shards);
            var sorted = byShard.ToDictionary(group => group.Key, group => group.OrderBy(row => Encoding.UTF8.GetBytes(row.Path), s_order).ToList());
            var (merge, told) = (new PathMerge(shards, []), new List<string>());
            while (!merge.IsEmpty)
            {
                if (merge.Frontier is { } frontier) Assert.All(all.Select(row => row.Path).Where(path => !told.Contains(path) && Matches(Row(path))), path => Assert.True(s_order.Compare(Encoding.UTF8.GetBytes(path), frontier) > 0));
                foreach (var shard in merge.Wanting().ToArray())
                {
                    var rest = sorted.GetValueOrDefault(shard, []).Where(row => s_order.Compare(Encoding.UTF8.GetBytes(row.Path), merge.NextOf(shard)) >= 0).ToList();
                    // Every other row is looked at and not told, as one that does not match.
                    var looked = rest.Take(piece).ToList();
                    merge.Add(shard, looked.Where(Matches), rest.Count > piece ? Encoding.UTF8.GetBytes(looked[^1].Path) : null);
                }
                while (merge.TryTake(out var row)) told.Add(row.Path);
            }
            Assert.Equal(all.Where(Matches).Select(row => row.Path).OrderBy(Encoding.UTF8.GetBytes, s_order), told);
        });

    [Fact]
    public void Segments_are_read_as_they_were_written_and_end_with_their_key() =>
        Gen.Select(Gen.Long[1, 1L << 52], Gen.String[1, 30].Array[1, 60]).Sample((after, names) =>
        {
            var writes = names.Select((name, n) => new ItemWrite(Row($"p{n}", n + 1) with { Path = name }, n, new(Created.Kind, Noon.AddTicks(n), name))).ToList();
            if (names.Any(name => name.Any(char.IsSurrogate))) return;
            var segment = FeedSegment.Read(FeedSegment.Write(new DynamoItemKeys("t", "s"), Pets, after, writes, "token").Item);
            Assert.Equal((after + 1, after + writes.Count), (segment.First, segment.Last));
            Assert.Equal(writes.Select(write => (write.Row.Path, write.Row.Revision, write.Change.At, write.Change.By)), segment.Changes.Select(c => (c.Path, c.Revision, c.At, c.By)));
            Assert.Equal(Enumerable.Range(1, writes.Count).Select(n => ChangeCursor.Format(after + n)), segment.Changes.Select(change => change.Cursor));
        });

    [Fact]
    public void Shards_in_the_order_of_ids_hold_every_id_in_order() => Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz234567"], 26, 26].Array[2, 40].Sample(ids =>
    {
        var shards = DynamoItemKeys.ShardsAfter(Pets, null).Select(shard => shard.Shard).ToList();
        Assert.Equal(Enumerable.Range(0, 16), shards.Order());
        var sorted = ids.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(sorted, ids.GroupBy(ItemId.ShardOf).OrderBy(group => shards.IndexOf(group.Key)).SelectMany(group => group.Order(StringComparer.Ordinal)));
        Assert.Equal(shards[shards.IndexOf(ItemId.ShardOf(sorted[0]))..], DynamoItemKeys.ShardsAfter(Pets, sorted[0]).Select(shard => shard.Shard));
    });

    [Fact]
    public void A_stretch_of_a_feed_is_smaller_than_a_partition_may_be_and_ends_where_the_next_begins() => Gen.Long[1, 1L << 52].Sample(number =>
    {
        Assert.InRange(DynamoItemKeys.StretchOf(number + 1) - DynamoItemKeys.StretchOf(number), 0, 1);
        // A change has at most a path of 1 KiB, and as much again.
        Assert.True((((DynamoItemKeys.StretchOf(number) + 1) << 22) - number) * 2_048 < 10_000_000_000);
        Assert.Equal(number, ChangeCursor.Parse(new DynamoItemKeys("t", "s").Segment(Pets, number)["sk"].S));
    });

    [Fact]
    public void A_cancelled_transaction_means_what_its_weightiest_reason_says() =>
        Among<string?>("None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ItemCollectionSizeLimitExceeded", null).Array[2, 12].Sample(codes =>
        {
            var (outcome, code) = ItemCommit.Meaning(codes);
            var expected = codes.AsSpan(0, 2).Contains("ConditionalCheckFailed") ? CommitOutcome.HeadMoved
                : codes.Contains("ItemCollectionSizeLimitExceeded") ? CommitOutcome.Refused
                : codes.Contains("ConditionalCheckFailed") ? CommitOutcome.RowRefused
                : CommitOutcome.Again;
            Assert.Equal(expected, outcome);
            if (outcome == CommitOutcome.Refused) Assert.Equal("ItemCollectionSizeLimitExceeded", code);
        });

    [Fact]
    public void The_index_has_the_last_word_on_a_row_only_for_its_newest_revision() =>
        Gen.Select(Gen.Long[1, 4], Gen.Long[0, 4], Gen.Long[0, 6], Gen.Enum<ItemStatus>(), Gen.Bool).Where((revision, indexed, _, _, _) => indexed <= revision).Sample((revision, indexed, word, status, watched) =>
        {
            var row = Row("a", revision, status) with { IndexedRevision = indexed, UploadDeadline = watched ? Noon : null };
            var knows = word > revision ? indexed : Math.Max(indexed, word);
            var goes = word <= revision && knows == revision && status == ItemStatus.Purged && !watched;
            var expected = goes ? IndexedMark.Remove : knows == indexed ? IndexedMark.Nothing : knows == revision ? IndexedMark.Clean : IndexedMark.Raise;
            Assert.Equal(expected, ItemOutbox.Decide(row, word));
        });

    private static readonly Comparer<byte[]> s_order = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(n => values[n]);

    private static bool Matches(ItemRow row) => row.Path.Length % 3 != 0;
}
