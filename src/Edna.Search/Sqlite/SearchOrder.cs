using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Edna.Search.Sqlite;

/// <summary>What hits are sorted by. The numbers stand in cursors: never renumber.</summary>
internal enum SortField
{
    /// <summary>Best first: see <see cref="RelevanceTiers"/>; equals by path.</summary>
    Relevance = 0,

    /// <summary>UTF-8 bytes.</summary>
    Path = 1,

    /// <summary>Oldest first.</summary>
    UpdatedAt = 2,

    /// <summary>Smallest first.</summary>
    Size = 3,
}

/// <summary>A place in the order of hits. It depends on the item alone, as long as it stays, so pages stay apart while others come and go.</summary>
/// <param name="Number">The first sort key; 0 when sorted by path alone.</param>
/// <param name="Path">The second; empty when not sorted by path.</param>
/// <param name="Id">Decides between equals: an item that stays keeps its id, until the index is made anew.</param>
internal readonly record struct HitPlace(long Number, byte[] Path, long Id);

/// <summary>An order of hits: compares, and writes places as cursors.</summary>
internal sealed class SearchOrder
{
    private const byte Descending = 0x80;
    private const byte Kind = 0x10;
    private const int FixedBytes = 25;

    /// <summary>Cursors of the index before its fourth schema had no generation.</summary>
    private const int FormerBytes = 17;

    private SearchOrder(SortField field, bool isDescending, long generation) => (Field, IsDescending, Generation) = (field, isDescending, generation);

    public SortField Field { get; }

    public bool IsDescending { get; }

    public bool UsesPath => Field is SortField.Path or SortField.Relevance;

    /// <summary>Which index the ids are of.</summary>
    private long Generation { get; }

    private byte Mark => (byte)(Kind | (byte)Field | (IsDescending ? Descending : 0));

    /// <summary>The order of a <see cref="ParsedSearch"/>.</summary>
    /// <param name="sort">Its name.</param>
    /// <param name="generation">The index's generation: ids decide between equals, and in another one they are others.</param>
    public static SearchOrder Parse(string sort, string generation)
    {
        var of = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(generation.AsSpan()));
        var descending = sort.StartsWith('-');
        return (descending ? sort[1..] : sort) switch
        {
            "relevance" => new(SortField.Relevance, descending, of),
            "path" => new(SortField.Path, descending, of),
            "updatedAt" => new(SortField.UpdatedAt, descending, of),
            "size" => new(SortField.Size, descending, of),
            _ => throw new ArgumentException($"There is no order '{sort}'.", nameof(sort)),
        };
    }

    /// <summary>Compares a document with a place: below zero when it comes before.</summary>
    public int Compare(long number, ReadOnlySpan<byte> path, long id, in HitPlace place)
    {
        var order = number.CompareTo(place.Number);
        if (order == 0) order = path.SequenceCompareTo(place.Path);
        if (order == 0) order = id.CompareTo(place.Id);
        return IsDescending ? -order : order;
    }

    public string Format(in HitPlace place)
    {
        var bytes = new byte[FixedBytes + place.Path.Length];
        bytes[0] = Mark;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), place.Number);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(9), place.Id);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(17), Generation);
        place.Path.CopyTo(bytes, FixedBytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="SearchStoppedException">The cursor is another index's, from before it was made anew.</exception>
    /// <exception cref="FormatException">The cursor is not one of this order's.</exception>
    public HitPlace? Read(string? cursor)
    {
        if (cursor is null) return null;
        if (Base64Url.IsValid(cursor) && Base64Url.DecodeFromChars(cursor) is { Length: >= FixedBytes } bytes && bytes[0] == Mark)
        {
            if (BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(17)) != Generation) throw new SearchStoppedException(SearchErrors.CursorExpired());
            return new(
                BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1)), bytes[FixedBytes..], BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(9)));
        }
        if (Base64Url.IsValid(cursor) && Base64Url.DecodeFromChars(cursor) is { Length: >= FormerBytes } former && (former[0] & ~Descending) <= (byte)SortField.Size)
            throw new SearchStoppedException(SearchErrors.CursorExpired());
        throw new FormatException("The cursor is not one of this search's.");
    }
}
