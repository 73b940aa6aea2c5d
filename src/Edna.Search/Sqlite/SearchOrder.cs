using System.Buffers.Binary;
using System.Buffers.Text;

namespace Edna.Search.Sqlite;

/// <summary>What hits are sorted by. The numbers stand in cursors: never renumber.</summary>
internal enum SortField
{
    /// <summary>Best first.</summary>
    Relevance = 0,

    /// <summary>UTF-8 bytes.</summary>
    Path = 1,

    /// <summary>Oldest first.</summary>
    UpdatedAt = 2,

    /// <summary>Smallest first.</summary>
    Size = 3,
}

/// <summary>A place in the order of hits.</summary>
/// <param name="Number">The sort key when it is a number; relevance as the bits of its double.</param>
/// <param name="Path">The sort key when it is the path.</param>
/// <param name="Id">Decides between equals.</param>
internal readonly record struct HitPlace(long Number, byte[] Path, long Id);

/// <summary>An order of hits: compares, and writes places as cursors.</summary>
internal sealed class SearchOrder
{
    private const byte Descending = 0x80;

    private SearchOrder(SortField field, bool descending) => (Field, IsDescending) = (field, descending);

    public SortField Field { get; }

    private bool IsDescending { get; }

    /// <exception cref="FormatException">There is no such order.</exception>
    public static SearchOrder Parse(string? sort, bool hasText)
    {
        if (sort is null) return new(hasText ? SortField.Relevance : SortField.Path, false);
        var descending = sort.StartsWith('-');
        return (descending ? sort[1..] : sort) switch
        {
            // Without words everything is equally relevant.
            "relevance" => new(hasText ? SortField.Relevance : SortField.Path, descending),
            "path" => new(SortField.Path, descending),
            "updatedAt" => new(SortField.UpdatedAt, descending),
            "size" => new(SortField.Size, descending),
            _ => throw new FormatException($"There is no order '{sort}'."),
        };
    }

    /// <summary>Compares the document of a row with a place: below zero when it comes before.</summary>
    public int Compare(long number, ReadOnlySpan<byte> path, long id, in HitPlace place)
    {
        var order = Field switch
        {
            SortField.Path => path.SequenceCompareTo(place.Path),
            SortField.Relevance => BitConverter.Int64BitsToDouble(number).CompareTo(BitConverter.Int64BitsToDouble(place.Number)),
            _ => number.CompareTo(place.Number),
        };
        if (order == 0) return id.CompareTo(place.Id);
        return IsDescending ? -order : order;
    }

    public string Format(in HitPlace place)
    {
        Span<byte> bytes = new byte[17 + place.Path.Length];
        bytes[0] = (byte)((byte)Field | (IsDescending ? Descending : 0));
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], place.Number);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], place.Id);
        place.Path.CopyTo(bytes[17..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="FormatException">The cursor is not one of this order's.</exception>
    public HitPlace? Read(string? cursor)
    {
        if (cursor is null) return null;
        if (!Base64Url.IsValid(cursor)) throw NotOurs();
        var bytes = Base64Url.DecodeFromChars(cursor).AsSpan();
        if (bytes.Length < 17 || bytes[0] != (byte)((byte)Field | (IsDescending ? Descending : 0))) throw NotOurs();
        return new(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), bytes[17..].ToArray(), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]));
    }

    private static FormatException NotOurs() => new("The cursor is not one of this search's.");
}
