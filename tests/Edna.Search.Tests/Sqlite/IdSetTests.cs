using CsCheck;
using Edna.Search.Sqlite;
using Xunit;

namespace Edna.Search.Tests.Sqlite;

/// <summary>Sets of ids as bits do what sets do, in memory and packed.</summary>
public sealed class IdSetTests
{
    private static readonly Gen<HashSet<long>> s_ids = Gen.OneOf(
        Gen.Long[0, IdChunk.Ids - 1].HashSet[0, 40],
        Gen.Select(Gen.Long[0, 600], Gen.Long[1, 14]).Select((from, step) => Enumerable.Range(0, 512).Select(n => from + (n * step)).Where(id => id < IdChunk.Ids).ToHashSet()),
        Gen.Const(Enumerable.Range(0, IdChunk.Ids).Select(id => (long)id).ToHashSet()));

    [Fact]
    public void A_packed_chunk_holds_the_ids_that_went_in() => Gen.Select(s_ids, s_ids).Sample((ids, others) =>
    {
        Span<byte> buffer = stackalloc byte[IdChunk.Bytes];
        var packed = IdChunk.Pack(SetOf(ids).Bits, buffer);
        Assert.True(packed.Length == Math.Min(2 * ids.Count, IdChunk.Bytes), $"{ids.Count} ids take {packed.Length} bytes.");
        var (set, count) = (SetOf([]), IdChunk.CountIn(packed, SetOf(others).Bits));
        IdChunk.AddTo(packed, set.Bits);
        Assert.Equal(ids.Order(), set.Ids());
        Assert.Equal(ids.Intersect(others).Count(), count);
    }, iter: 2_000);

    [Fact]
    public void Sets_do_what_sets_do() => Gen.Select(s_ids, s_ids).Sample((ids, others) =>
    {
        Assert.Equal(ids.Union(others).Order(), SetOf(ids).Or(SetOf(others)).Ids());
        Assert.Equal(ids.Intersect(others).Order(), SetOf(ids).And(SetOf(others)).Ids());
        Assert.Equal(ids.Except(others).Order(), SetOf(ids).Except(SetOf(others)).Ids());
        Assert.Equal((ids.Count, ids.Count == 0), (SetOf(ids).Count, SetOf(ids).IsEmpty));
        Assert.All(others, id => Assert.Equal(ids.Contains(id), SetOf(ids).Contains(id)));
        Assert.False(SetOf(ids).Contains(IdChunk.Ids));
    }, iter: 500);

    private static IdSet SetOf(HashSet<long> ids)
    {
        var set = new IdSet(new ulong[IdChunk.Words]);
        foreach (var id in ids) set.Add(id);
        return set;
    }
}
